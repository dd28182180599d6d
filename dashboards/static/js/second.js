// A signature drawn on one's own device goes with the form; without it the account signs.
import { digest, Pad } from "./phone/sign.js";

const form = document.getElementById("sign");
const pad = new Pad(form.querySelector("[data-pad]"));
form.querySelector("[data-clear]").addEventListener("click", () => pad.clear());
form.addEventListener("submit", async (event) => {
  if (!pad.path || form.dataset.ready) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const at = new Date().toISOString();
  const path = pad.path.trim();
  form.elements.path.value = path;
  form.elements.signed_at.value = at;
  form.elements.digest.value = await digest({ ...JSON.parse(form.dataset.statement), signed_at: at }, path);
  form.dataset.ready = "1";
  form.submit();
}, true);

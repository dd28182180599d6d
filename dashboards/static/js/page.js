// What every page does: clocks that tick, forms that cannot be sent twice.
function clock(seconds) {
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = String(seconds % 60).padStart(2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

function tick() {
  for (const one of document.querySelectorAll("time[data-clock]")) {
    const text = clock(Math.max(0, Math.floor((Date.now() - Date.parse(one.dateTime)) / 1000)));
    if (one.textContent !== text) one.textContent = text;
  }
  for (const one of document.querySelectorAll("time[data-until]")) {
    const text = clock(Math.max(0, Math.ceil((Date.parse(one.dateTime) - Date.now()) / 1000)));
    if (one.textContent !== text) one.textContent = text;
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSwap", tick);

// A row of links that is wider than a phone begins at the one that one is on.
for (const one of document.querySelectorAll(".tabs [aria-current], .within [aria-current]")) {
  one.parentElement.scrollLeft = one.offsetLeft - one.parentElement.offsetLeft - 40;
}

// What was asked for and got no answer must not look as if it had been done.
const fail = (failed) => document.getElementById("failed")?.toggleAttribute("hidden", !failed);
document.addEventListener("htmx:sendError", () => fail(true));
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && fail(true));
document.addEventListener("htmx:beforeRequest", () => fail(false));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post")) {
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  }
});

// The phones, looked at every second; nothing is replaced while somebody types or chooses in it.
const phones = document.getElementById("phones");

async function look() {
  const busy = phones.contains(document.activeElement) && document.activeElement.matches("input, select");
  if (busy || document.hidden) return;
  const held = phones.contains(document.activeElement) ? document.activeElement : null;
  const at = held ? [...phones.querySelectorAll("button")].indexOf(held) : -1;
  const answer = await fetch(`/list?lang=${phones.dataset.language}`);
  if (!answer.ok) return;
  const html = await answer.text();
  if (html === phones.dataset.last) return;
  phones.dataset.last = html;
  phones.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  if (at >= 0) phones.querySelectorAll("button")[at]?.focus();
}

document.addEventListener("submit", async (event) => {
  if (!phones.contains(event.target)) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, event.submitter));
  await fetch(event.target.action, { method: "POST", body });
  document.activeElement?.blur();
  delete phones.dataset.last;
  await look().catch(() => {});
});

setInterval(() => look().catch(() => {}), 1000);

// Parts of a page that look again by themselves: never under somebody's hands, and loud when the line is dead.
const SILENT = 20_000;
const lost = document.getElementById("lost");
let heard = Date.now();

function isBusy(part) {
  const here = document.activeElement;
  const selected = getSelection();
  const marked = selected && !selected.isCollapsed && part.contains(selected.anchorNode);
  return document.hidden || marked || (here && here !== document.body && part.contains(here) && here.matches("input, select, textarea, button, a"));
}

async function look(part) {
  if (isBusy(part)) {
    heard = Date.now();
    return;
  }
  const answer = await fetch(part.dataset.fresh, { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (answer.status === 401 || answer.headers.has("HX-Redirect")) {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const html = await answer.text();
  heard = Date.now();
  if (html === part.shown || isBusy(part)) return;
  const open = [...part.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  const scrolled = [...part.querySelectorAll(".table")].map((one) => one.scrollLeft);
  part.innerHTML = html;
  part.shown = html;
  for (const one of part.querySelectorAll("details > summary")) if (open.includes(one.textContent)) one.parentElement.open = true;
  part.querySelectorAll(".table").forEach((one, nth) => (one.scrollLeft = scrolled[nth] ?? 0));
}

function follow(part) {
  const every = Number(part.dataset.every) * 1000;
  const again = async () => {
    try {
      await look(part);
    } catch {
      // the banner says it
    }
    if (lost) lost.hidden = Date.now() - heard <= SILENT;
    setTimeout(again, every);
  };
  if (part.matches(".badge")) again();
  else setTimeout(again, every);
}

document.querySelectorAll("[data-fresh]").forEach(follow);

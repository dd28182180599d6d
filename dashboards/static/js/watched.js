// A list that asks for itself again when there is news; what is ticked stays ticked.
import { follow } from "./live.js";

const root = document.getElementById("watched");
const lost = document.getElementById("lost");
const ticked = new Set();
const boxes = () => [...document.querySelectorAll('#list input[name="case_id"]')];
let waiting = 0;

// A storm is one question a second, not one an alarm.
function news() {
  waiting ||= setTimeout(() => {
    waiting = 0;
    if (document.activeElement?.matches("#list select")) return news();
    document.body.dispatchEvent(new Event("news"));
  }, 1000);
}

function keep(box) {
  if (box.checked) ticked.add(box.value);
  else ticked.delete(box.value);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-all]")) for (const box of boxes()) box.checked = target.checked;
  boxes().forEach(keep);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const box of boxes()) box.checked = ticked.has(box.value);
});

follow({
  topic: "console",
  after: root.dataset.after,
  worker: root.dataset.worker,
  hear: news,
  resync: news,
  state: (name) => {
    if (!lost.hidden && name === "live") news();
    lost.hidden = name !== "lost";
  },
});

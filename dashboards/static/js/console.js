// The operator's console: rows placed by rank, sound, keyboard, a loud word when the line is dead.
import { follow, parse } from "./live.js";
import { Bell } from "./bell.js";
import { Pane } from "./pane.js";

const root = document.getElementById("console");
const words = JSON.parse(document.getElementById("words").textContent);
const bell = new Bell();
const base = document.title;
const seen = new Set([...document.querySelectorAll("#queue > li")].map((row) => row.id));
let unseen = 0;

const rows = () => [...document.querySelectorAll("#queue > li")];
const pane = new Pane(document.getElementById("pane"), mark);

function place(row) {
  document.getElementById(row.id)?.remove();
  const queue = document.getElementById("queue");
  if (row.dataset.state === "closed" || row.dataset.class !== root.dataset.class) return;
  queue.insertBefore(row, rows().find((other) => other.dataset.rank > row.dataset.rank) ?? null);
  htmx.process(row);
}

function count(kind, n) {
  const badge = document.querySelector(`[data-badge="${kind}"]`);
  if (!badge) return;
  badge.textContent = n;
  badge.hidden = !n;
}

function mark() {
  const here = pane.id;
  for (const link of document.querySelectorAll("#queue a")) {
    if (link.closest("li").id === `case-${here}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  document.body.classList.toggle("has-case", Boolean(here));
  document.getElementById("queue-empty").hidden = rows().length > 0;
}

function hear(html) {
  const found = parse(html);
  for (const row of found.querySelectorAll("li[id]")) {
    const fresh = !seen.has(row.id) && row.dataset.state === "raised";
    const again = row.hasAttribute("data-ring");
    seen.add(row.id);
    if ((fresh || again) && row.dataset.class === "care") ring(row);
    place(row);
    if (row.id === `case-${pane.id}`) pane.refresh();
  }
  const carers = found.querySelector("[data-carers]");
  if (carers) document.body.dispatchEvent(new Event("carers"));
  if (carers?.hasAttribute("data-ring")) bell.ring(3);
  for (const badge of found.querySelectorAll("[data-count]")) count(badge.dataset.count, Number(badge.textContent));
  mark();
}

function ring(row) {
  bell.ring(row.classList.contains("sev-1") ? 3 : 1);
  row.classList.add("fresh");
  if (document.hidden || !document.hasFocus()) {
    unseen += 1;
    document.title = `(${unseen}) ${words.alarm} · ${base}`;
  }
}

function resync() {
  document.body.dispatchEvent(new Event("resync"));
  pane.refresh();
}

function state(name) {
  const link = document.getElementById("link");
  if (link.dataset.state === "lost" && name === "live") resync();
  if (link.dataset.state !== "lost" && name === "lost") bell.ring(2);
  link.dataset.state = name;
  link.querySelector("span").textContent = words[name];
  document.getElementById("lost").hidden = name !== "lost";
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.querySelector("[aria-current]"));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  next.querySelector("a").click();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const wanted = document.querySelector(`#case [data-key="${key}"]`);
  if (!wanted) return false;
  if (wanted.tagName !== "DETAILS") {
    wanted.click();
    return true;
  }
  wanted.open = !wanted.open;
  if (wanted.open) wanted.querySelector("select, textarea, input")?.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (event.key === "Escape") for (const one of document.querySelectorAll("details.drawer[open]")) one.open = false;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const help = document.getElementById("help");
  if (event.key === "?") help.showModal();
  else if (key === "j" || event.key === "ArrowDown") step(1);
  else if (key === "k" || event.key === "ArrowUp") step(-1);
  else if (!press(key)) return;
  event.preventDefault();
});

// One drawer at a time. (Not by `name`: a drawer that comes open with an answer would be shut again.)
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details.drawer[open]")) return;
  for (const other of document.querySelectorAll("details.drawer[open]")) if (other !== event.target) other.open = false;
}, true);

document.getElementById("help-open").addEventListener("click", () => document.getElementById("help").showModal());
const shift = document.getElementById("shift");
shift.addEventListener("click", async () => {
  await bell.start();
  shift.textContent = words.on;
  shift.disabled = true;
  document.getElementById("test-sound").hidden = false;
  document.getElementById("quiet").hidden = true;
  bell.ring(1);
});
document.getElementById("test-sound").addEventListener("click", () => bell.ring(1));

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = base;
});
addEventListener("focus", () => {
  unseen = 0;
  document.title = base;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "pane" || event.target.id === "side") mark();
});

mark();
follow({ topic: root.dataset.live, after: root.dataset.after, worker: root.dataset.worker, hear, resync, state });

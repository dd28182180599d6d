// Shifts moved by mouse or arrow keys: both fill in the same form, and the server says what stands in the way.
const form = document.getElementById("drag");
const DAY = 86_400_000;
let held = null;

function send(shift, caregiver, on, copy) {
  form.elements.shift.value = shift;
  form.elements.caregiver.value = caregiver;
  form.elements.on.value = on;
  form.elements.copy.value = copy ? "yes" : "";
  form.requestSubmit();
}

function cellAt(event) {
  return document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches(".cell"));
}

function mark(cell) {
  document.querySelector(".cell.target")?.classList.remove("target");
  cell?.classList.add("target");
}

// The local day on which a shift begins, whatever part of its bar is held.
function dayOf(bar) {
  return new Date(Date.parse(bar.dataset.starts) + 8 * 3_600_000).toISOString().slice(0, 10);
}

function later(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

document.addEventListener("dragstart", (event) => event.target.closest?.(".bar") && event.preventDefault());

document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest?.(".bar");
  if (!bar || !form || event.button !== 0 || event.pointerType === "touch") return;
  held = { bar, x: event.clientX, y: event.clientY, from: cellAt(event)?.dataset.on, moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 6) return;
  held.moved = true;
  held.bar.classList.add("dragged");
  mark(cellAt(event));
});

document.addEventListener("pointerup", (event) => {
  if (!held) return;
  const { bar, from, moved } = held;
  held = null;
  bar.classList.remove("dragged");
  mark(null);
  const cell = moved && cellAt(event);
  if (!cell) return;
  addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
  const days = (Date.parse(cell.dataset.on) - Date.parse(from ?? cell.dataset.on)) / DAY;
  const caregiver = cell.closest("[data-caregiver]").dataset.caregiver;
  if (days || caregiver !== bar.closest("[data-caregiver]").dataset.caregiver) send(bar.dataset.shift, caregiver, later(dayOf(bar), days), event.ctrlKey || event.metaKey);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) {
    held.bar.classList.remove("dragged");
    held = null;
    mark(null);
  }
  const bar = event.target.closest?.(".bar");
  if (!bar || !form || !event.altKey) return;
  const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const people = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  if (!days && !people) return;
  event.preventDefault();
  const lines = [...document.querySelectorAll("[data-caregiver]")];
  const line = lines[lines.indexOf(bar.closest("[data-caregiver]")) + people];
  if (line) send(bar.dataset.shift, line.dataset.caregiver, later(dayOf(bar), days), event.ctrlKey);
});

// Of a wish only the fields that belong to its kind are shown.
const kind = document.querySelector("form[action='/roster/wishes'] [name=kind]");
const sort = () => document.querySelectorAll("[data-of]").forEach((one) => (one.hidden = !one.dataset.of.split(" ").includes(kind.value)));
kind?.addEventListener("change", sort);
if (kind) sort();

document.getElementById("form")?.focus();

// The day in bars: a visit is dragged, or carried by the arrow keys, to another row or time; the server says what that breaks.
const STEP = 5;
const FAR = 4;
const gantt = document.querySelector("[data-gantt][data-may]");
const detail = document.getElementById("detail");
let held = null;
let dropped = 0;

function show(url) {
  return htmx.ajax("GET", url, { target: "#detail", swap: "innerHTML" });
}

function hold(link) {
  const drawn = link.querySelector("svg");
  return { link, drawn, x: Number(drawn.getAttribute("x")), y: Number(drawn.getAttribute("y")), dx: 0, dy: 0 };
}

function place(one) {
  one.drawn.setAttribute("x", one.x + one.dx);
  one.drawn.setAttribute("y", one.y + one.dy);
  one.link.classList.toggle("moving", Boolean(one.dx || one.dy));
}

function release(one) {
  one.dx = one.dy = 0;
  place(one);
}

// Where it lies now: which row, and which five minutes.
function target(one) {
  const { since, scale, row, top } = gantt.dataset;
  const names = gantt.querySelectorAll("[data-caregiver]");
  const nth = Math.floor((one.y + one.dy + Number(row) / 2 - Number(top)) / Number(row));
  const caregiver = names[Math.min(Math.max(nth, 0), names.length - 1)].dataset.caregiver;
  const minutes = Math.round((one.x + one.dx) / Number(scale) / STEP) * STEP;
  return { caregiver, at: new Date(Number(since) + minutes * 60_000).toISOString() };
}

async function ask(one) {
  await show(`/plan/visits/${one.link.dataset.visit}/move?${new URLSearchParams(target(one))}`);
  detail.querySelector("h1")?.focus({ preventScroll: true });
}

function down(event) {
  const link = event.target.closest("[data-free]");
  if (!link || event.button !== 0) return;
  event.preventDefault();
  held = { ...hold(link), fromX: event.clientX, fromY: event.clientY };
  link.setPointerCapture(event.pointerId);
}

function move(event) {
  if (!held) return;
  held.dx = event.clientX - held.fromX;
  held.dy = event.clientY - held.fromY;
  if (Math.hypot(held.dx, held.dy) > FAR) place(held);
}

function up() {
  if (!held) return;
  const one = held;
  held = null;
  if (Math.hypot(one.dx, one.dy) <= FAR) return;
  dropped = Date.now();
  carried = one;
  ask(one);
}

// A drag ends in a click on the link, which must not open it.
function click(event) {
  if (Date.now() - dropped < 300) {
    event.preventDefault();
    event.stopPropagation();
  }
}

let carried = null;

function keys(event) {
  const link = event.target.closest("[data-free]");
  if (!link) return;
  const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (step) {
    event.preventDefault();
    if (carried?.link !== link) {
      if (carried) release(carried);
      carried = hold(link);
    }
    carried.dx += step[0] * Number(gantt.dataset.scale);
    carried.dy += step[1] * Number(gantt.dataset.row);
    place(carried);
  } else if (event.key === "Enter" && carried?.link === link && (carried.dx || carried.dy)) {
    event.preventDefault();
    event.stopPropagation();
    ask(carried);
  } else if (event.key === "Escape" && carried) {
    release(carried);
    carried = null;
  }
}

if (gantt) {
  gantt.addEventListener("pointerdown", down);
  gantt.addEventListener("pointermove", move);
  gantt.addEventListener("pointerup", up);
  gantt.addEventListener("pointercancel", () => held && release(held));
  gantt.addEventListener("dragstart", (event) => event.preventDefault());
  gantt.addEventListener("click", click, true);
  gantt.addEventListener("keydown", keys, true);
}

// What is going on now lies in sight, also in a day that begins with a night shift.
for (const track of document.querySelectorAll(".track[data-now]")) track.scrollLeft = Number(track.dataset.now) - track.clientWidth / 3;

// A link to a visit opens it over the page; with a key held it opens as links do.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (!link || !detail?.matches(".dock") || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.getAttribute("href")).then(() => detail.querySelector("h1")?.focus({ preventScroll: true }));
});

// What is open lies over the page until it is closed; a preview that is left puts the bar back.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== detail) return;
  const close = detail.querySelector("[data-close]");
  if (!close || !detail.matches(".dock")) return;
  close.hidden = false;
  close.addEventListener("click", () => {
    detail.replaceChildren();
    if (carried) release(carried);
    carried?.link.focus();
    carried = null;
  });
});

// A plan that has been computed, or has found its first answer, is shown whole.
const run = document.querySelector("#proposal [data-fresh]");
if (run) {
  new MutationObserver(() => !run.querySelector("progress") && location.reload()).observe(run, { childList: true });
}

const phone = matchMedia("(max-width: 48rem)");
if (phone.matches) document.getElementById("as-list")?.setAttribute("open", "");

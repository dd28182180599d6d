// Every key of the console. They never act while somebody types, in a dialog, or under a held modifier.
const FIELD = "input, select, textarea, dialog, [contenteditable]";
const SHUT = "details.drawer[open]";

// A Chinese input method says `Process` or a full-width sign: then the place of the key counts.
function name(event) {
  if (/^[!-~]$/.test(event.key)) return event.key.toLowerCase();
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  return place ? place[1].toLowerCase() : event.key;
}

// Does what stands on the page for a key; returns whether there was anything.
export function press(key) {
  if (/^\d$/.test(key)) return click(document.querySelector(`#calls [data-digit="${key}"]`));
  return click(document.querySelector(`#case [data-key="${key}"], #offers [data-key="${key}"], #callers [data-key="${key}"], .tools [data-key="${key}"]`));
}

function click(wanted) {
  if (!wanted || wanted.hidden || wanted.disabled) return false;
  if (wanted.tagName !== "DETAILS") {
    wanted.click();
    return true;
  }
  wanted.open = !wanted.open;
  if (wanted.open) wanted.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  return true;
}

function questions() {
  const part = document.querySelector("#case [data-digits]");
  part?.focus();
  return Boolean(part);
}

export function listen(act) {
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest(FIELD);
    if (event.key === "Escape") escape(event.target);
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const key = name(event);
    if (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(key)) return;
    if (/^\d$/.test(key) && event.target.closest("[data-digits]")) return;
    if (done(key, event, act)) event.preventDefault();
  });
}

function done(key, event, act) {
  const inPane = event.target.closest("#pane");
  if (key === "?" || event.key === "?") {
    document.getElementById("help").showModal();
    return true;
  }
  if (key === "j" || (event.key === "ArrowDown" && !inPane)) return act.step(1);
  if (key === "k" || (event.key === "ArrowUp" && !inPane)) return act.step(-1);
  if (key === "g") return act.gravest();
  if (key === "q") return act.remote("q") || questions();
  if (/^[a-z0-9]$/.test(key)) return (/[mwhi]/.test(key) ? press(key) : act.remote(key) || press(key) || begin(key));
  return false;
}

// Without a case N is a new one.
function begin(key) {
  if (key !== "n" || document.getElementById("case")) return false;
  location.assign("/console/new");
  return true;
}

function escape(from) {
  for (const one of document.querySelectorAll(SHUT)) {
    const inside = one.contains(from);
    one.open = false;
    if (inside) one.querySelector("summary").focus();
  }
  if (from.closest("[data-digits]")) document.getElementById("pane").focus({ preventScroll: true });
}

// One drawer at a time. (Not by `name`: a drawer that comes open with an answer would be shut again.)
document.addEventListener("toggle", (event) => {
  if (!event.target.matches(SHUT)) return;
  for (const other of document.querySelectorAll(SHUT)) if (other !== event.target) other.open = false;
}, true);

export { questions };

// The questions by keys alone: a digit inside them chooses the answer; after an answer the focus is back there.
let returning = false;

document.addEventListener("keydown", (event) => {
  // A Chinese input method says `Process` or a full-width digit: then the place of the key counts.
  const digit = /^[0-9]$/.test(event.key) ? event.key : /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (!digit || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const part = event.target.closest?.("[data-digits]");
  if (!part || event.target.closest("input, select, textarea")) return;
  const wanted = part.querySelector(`[data-digit="${digit}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest?.("[data-digits]")) returning = true;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!returning) return;
  returning = false;
  const part = document.querySelector("#case [data-digits]");
  (part?.querySelector("[data-here]") ?? part)?.focus({ preventScroll: false });
});

// One choice for all cases of a hand-over; each may still go to somebody else.
document.getElementById("to-all")?.addEventListener("change", ({ target }) => {
  if (target.value) for (const one of document.querySelectorAll("[data-to]")) one.value = target.value;
});

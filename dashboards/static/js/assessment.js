// The running score of the assessment form: a help for the assessor, the server scores it again.
const form = document.getElementById("assessment");
const total = form.querySelector("[data-total]");
const left = form.querySelector("[data-left]");
const grade = form.querySelector("[data-grade]");
const lows = JSON.parse(grade.dataset.lows);
const words = JSON.parse(grade.dataset.words);

function count() {
  let sum = 0;
  let open = 0;
  for (const group of form.querySelectorAll("[data-group]")) {
    let part = 0;
    for (const item of group.querySelectorAll("fieldset.item")) {
      const chosen = item.querySelector("input:checked");
      if (chosen) part += Number(chosen.value);
      else open += 1;
    }
    group.querySelector("[data-sum]").textContent = part;
    sum += part;
  }
  total.textContent = sum;
  left.textContent = open ? left.dataset.text.replace("{n}", open) : "";
  const found = lows.find(([, low]) => sum >= low);
  grade.textContent = open ? "" : words[found[0]];
}

form.addEventListener("change", count);
count();

// GB/T 42195-2022 as the server scores it (services/assessing.py): a help while asking, and what is signed; the server scores again.
export function score(items, adjustments, rules) {
  const total = Object.values(items).reduce((sum, points) => sum + points, 0);
  const grade = rules.lows.find(([, low]) => total >= low)[0];
  return { total, grade: adjusted(grade, adjustments, rules) };
}

function adjusted(grade, adjustments, rules) {
  const at = rules.order.indexOf(grade);
  const last = rules.order.length - 1;
  if (adjustments.coma) return rules.order[rules.coma_is_total ? last : Math.max(at, rules.order.indexOf("severe"))];
  const disorder = adjustments.dementia || adjustments.mental_disorder;
  const events = adjustments.risk_events >= rules.events;
  const worse = (disorder ? 1 : 0) + (events && (!disorder || rules.adds_up) ? 1 : 0);
  return rules.order[Math.min(at + worse, last)];
}

// As they are signed: in the order of the form.
export const spelt = (items, codes) => codes.filter((code) => code in items).map((code) => `${code}=${items[code]}`).join(" ");

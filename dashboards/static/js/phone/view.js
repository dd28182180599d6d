// What the page shows of what the phone has kept: the state of each visit, what waits, what was refused, the clock.
const store = self.YlStore;
const outbox = self.YlOutbox;
const SKEW_S = 300;
const words = JSON.parse(document.getElementById("words").textContent);

export const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] ?? name);
const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(new Date(at));

function button(text, act, quiet = false) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: quiet ? "button" : "button main", textContent: text });
  made.addEventListener("click", act);
  return made;
}

export async function states() {
  for (const one of document.querySelectorAll("[data-visit][data-state]")) {
    const shown = one.dataset.shown ?? one.dataset.state;
    one.dataset.shown = shown;
    const state = await outbox.stateOf(one.dataset.visit, shown, Date.parse(one.dataset.at));
    if (one.dataset.state !== state) turn(one, state);
    for (const part of one.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  }
  for (const time of document.querySelectorAll("time[data-started]")) await started(time);
}

function turn(one, state) {
  one.classList.replace(`is-${one.dataset.state}`, `is-${state}`);
  one.dataset.state = state;
  const tag = one.querySelector("[data-state-word]");
  if (tag) tag.textContent = words.states[state] ?? state;
}

// A visit begun without a network: its clock runs from what this phone has recorded.
async function started(time) {
  if (time.dateTime) return;
  const visit = time.closest("[data-visit]").dataset.visit;
  const item = (await outbox.pending()).find((one) => one.visit === visit && one.verb === "check-in");
  const at = item?.at ?? (await store.get("tasks", visit))?.started;
  if (!at) return;
  time.dateTime = at;
  time.dataset.clock = "";
  const label = time.parentElement.parentElement.querySelector("[data-began]");
  if (label) label.textContent = say("began", { at: clock(at) });
}

export async function box(again) {
  const target = document.getElementById("outbox");
  const waiting = await outbox.pending();
  const refused = await outbox.refused();
  target.hidden = !waiting.length && !refused.length;
  const parts = [];
  if (waiting.length) parts.push(paragraph(say("waiting", { n: waiting.length })), paragraph(navigator.onLine ? say("sending") : say("kept")), button(say("retry"), again));
  if (refused.length) parts.push(attention(refused, again));
  target.replaceChildren(...parts);
  document.body.dataset.waiting = waiting.length;
  document.body.dataset.refused = refused.length;
}

function attention(refused, again) {
  const section = document.createElement("section");
  section.className = "stack-s attention";
  section.id = "attention";
  section.append(Object.assign(document.createElement("h2"), { textContent: say("attention", { n: refused.length }) }), paragraph(say("attention_why")));
  const list = document.createElement("ul");
  list.className = "stack-s";
  list.append(...refused.map((item) => line(item, again)));
  section.append(list);
  return section;
}

function line(item, again) {
  const one = document.createElement("li");
  one.dataset.record = item.key;
  one.append(Object.assign(document.createElement("strong"), { textContent: `${words.verbs[item.verb] ?? item.verb} · ${clock(item.at)}` }));
  one.append(paragraph(item.refused.title || item.refused.detail || String(item.refused.status)));
  for (const error of item.refused.said?.errors ?? []) one.append(paragraph(error.message ?? ""));
  const page = item.page ?? (item.visit ? `/m/visits/${item.visit}` : "");
  if (page) one.append(Object.assign(document.createElement("a"), { href: page, textContent: say("open") }));
  if (!item.path) one.append(paragraph(item.reported ? say("reported") : say("unreported")));
  if (item.reported || item.path) one.append(button(say("drop"), async () => { await outbox.remove(item); await states(); await box(again); }, true));
  return one;
}

export async function skew() {
  const off = (await store.meta("clock_s")) ?? 0;
  const notice = document.getElementById("skew");
  notice.hidden = Math.abs(off) <= SKEW_S;
  notice.textContent = say("skew", { n: Math.round(Math.abs(off) / 60) });
}

export async function contacts() {
  const target = document.getElementById("contacts");
  if (!target) return;
  const known = (await store.meta("contacts")) ?? [{ code: "ambulance", phone: "120" }];
  target.replaceChildren(...known.map((one) => Object.assign(document.createElement("a"), { className: "button wide", href: `tel:${one.phone}`, textContent: `${words.contacts[one.code] ?? one.code} ${one.phone}` })));
}

// Sealed values that the phone carries are shown from it; their look was put on record when they were handed over.
export async function secret(button_) {
  const { visit, field } = button_.dataset;
  const value = (await store.get("carried", visit))?.secrets?.[field];
  if (!value) return false;
  const shown = field === "phone" ? Object.assign(document.createElement("a"), { className: "button quiet", href: `tel:${value}` }) : document.createElement("span");
  shown.classList.add("shown");
  shown.textContent = value;
  button_.closest(".secret").replaceChildren(shown);
  return true;
}

export async function photos() {
  for (const row of document.querySelectorAll("[data-photos]")) {
    const mine = (await outbox.pending()).filter((one) => one.verb === "photo" && one.visit === row.dataset.photos);
    for (const image of row.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    row.replaceChildren(...mine.map((one) => Object.assign(document.createElement("img"), { src: URL.createObjectURL(one.blob), alt: say("photo_waits") })));
    const total = row.parentElement.querySelector("[data-photo-count]");
    if (total) total.textContent = say("photos", { n: Number(total.dataset.photoCount) + mine.length });
  }
}

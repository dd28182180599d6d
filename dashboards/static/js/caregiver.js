// The caregiver's phone: live list, position, and an outbox: what is recorded is kept first and sent after.
import { follow, parse } from "./live.js";

const root = document.getElementById("caregiver");
const words = JSON.parse(document.getElementById("words").textContent);
const SHELF = "yl-outbox";
const read = () => JSON.parse(localStorage.getItem(SHELF) ?? "[]");
const keep = (items) => localStorage.setItem(SHELF, JSON.stringify(items));
const say = (text, value) => text.replace("{n}", value);

function locate() {
  return new Promise((found) => {
    if (!navigator.geolocation) return found(null);
    const options = { enableHighAccuracy: true, timeout: 8000, maximumAge: 15_000 };
    navigator.geolocation.getCurrentPosition((p) => found(p.coords), () => found(null), options);
  });
}

function record(form) {
  const data = new FormData(form);
  const done = data.getAll("done");
  const made = { done };
  if (data.get("condition")) made.condition = data.get("condition");
  if ((data.get("note") ?? "").trim()) made.note = data.get("note").trim();
  return made;
}

async function submit(form) {
  const line = form.querySelector("[data-place]");
  line.textContent = words.locating;
  const place = await locate();
  line.textContent = place ? say(words.accuracy, Math.round(place.accuracy)) : words.nowhere;
  const body = { at: new Date().toISOString() };
  if (place) Object.assign(body, { lat: place.latitude, lon: place.longitude, accuracy_m: place.accuracy });
  const qr = form.elements.qr?.value;
  if (qr) body.qr = qr;
  if (form.dataset.send === "check-out") body.record = record(form);
  const item = { key: crypto.randomUUID(), visit: form.dataset.visit, verb: form.dataset.send, body };
  keep([...read(), item]);
  if ((await flush()) && !read().length) location.assign(`/m/visits/${item.visit}`);
}

async function send(item) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": item.key };
  const url = `/api/v1/visits/${item.visit}/${item.verb}`;
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(item.body) });
  if (answer.ok) return "sent";
  if (answer.status >= 500 || [401, 408, 425, 429].includes(answer.status)) return "later";
  item.refused = (await answer.json().catch(() => ({}))).title ?? String(answer.status);
  return "refused";
}

const flush = () => navigator.locks.request("yl-outbox", async () => {
  let all = true;
  for (const item of read().filter((one) => !one.refused)) {
    let result = "later";
    try {
      result = await send(item);
    } catch {
      // no network: it stays
    }
    const rest = read().filter((one) => one.key !== item.key);
    keep(result === "sent" ? rest : [...rest, item]);
    all &&= result === "sent";
    if (result === "later") break;
  }
  show();
  return all;
});

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function show() {
  const box = document.getElementById("outbox");
  const items = read();
  box.hidden = !items.length;
  const refused = items.filter((one) => one.refused);
  const lines = refused.map((one) => say(words.refused, one.refused));
  if (items.length > refused.length) lines.unshift(words.kept, say(words.waiting, items.length - refused.length));
  const row = document.createElement("div");
  row.className = "row";
  if (items.length > refused.length) row.append(button(words.retry, again));
  if (refused.length) row.append(button(words.drop, () => { keep(read().filter((one) => !one.refused)); location.reload(); }));
  box.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })), row);
}

async function again() {
  if (read().some((one) => !one.refused) && (await flush())) location.reload();
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.send) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.target.dataset.busy) return;
  event.target.dataset.busy = "1";
  submit(event.target).finally(() => delete event.target.dataset.busy);
}, true);
addEventListener("online", again);
setInterval(again, 10_000);
show();
again();

function hear(html) {
  const list = document.getElementById("today");
  if (!list) {
    document.body.dispatchEvent(new Event("changed"));
    return;
  }
  const before = list.querySelectorAll(".is-offered.emergency").length;
  list.replaceChildren(parse(html));
  if (list.querySelectorAll(".is-offered.emergency").length > before) navigator.vibrate?.([400, 150, 400, 150, 400]);
}

// A form that somebody is filling in is not swept away.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "visit" && event.target.querySelector("form[data-send=check-out]")) event.preventDefault();
});

if (root) {
  const lost = document.getElementById("lost");
  follow({
    topic: "caregiver",
    after: root.dataset.after,
    hear,
    resync: () => location.reload(),
    state: (name) => { lost.hidden = name !== "lost"; },
  });
}

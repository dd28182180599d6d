// The caregiver's phone. What is recorded is kept in IndexedDB first and sent after, with and without a network.
import { follow, parse } from "./live.js";
import { canScan, scan, smaller } from "./phone/camera.js";
import { carry, forget } from "./phone/carry.js";
import * as lone from "./phone/lone.js";
import { digest, Pad } from "./phone/sign.js";
import * as view from "./phone/view.js";

const store = self.YlStore;
const outbox = self.YlOutbox;
const root = document.getElementById("caregiver");
const pads = new Map();
const HOLD = 15_000;
const AGAIN = 10_000;

function locate() {
  return new Promise((found) => {
    if (!navigator.geolocation) return found(null);
    const options = { enableHighAccuracy: true, timeout: 8000, maximumAge: 15_000 };
    navigator.geolocation.getCurrentPosition((p) => found({ lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: p.coords.accuracy }), () => found(null), options);
  });
}

async function show() {
  await view.states();
  await view.box(again);
  await view.photos();
  await view.skew();
}

// The record is there before the position is: a phone that dies while it looks for satellites has lost nothing.
async function stamp(form, verb, body) {
  const line = form.querySelector("[data-place]");
  const clock_s = await store.meta("clock_s");
  const made = { at: new Date().toISOString(), app: await store.meta("build"), ...(clock_s === undefined ? {} : { clock_s }), ...body };
  const item = await outbox.add({ visit: form.dataset.visit, verb, body: made, at: made.at, hold: Date.now() + HOLD });
  if (line) line.textContent = view.say("locating");
  const place = await locate();
  if (line) line.textContent = place ? view.say("accuracy", { n: Math.round(place.accuracy_m) }) : view.say("nowhere");
  await outbox.save({ ...item, body: { ...made, ...place }, hold: 0 });
}

const ACTS = {
  accept: (form) => outbox.add({ visit: form.dataset.visit, verb: "accept" }),
  "en-route": (form) => outbox.add({ visit: form.dataset.visit, verb: "en-route" }),
  decline: (form, data) => outbox.add({ visit: form.dataset.visit, verb: "decline", body: { code: data.get("code"), ...(text(data, "reason") ? { reason: text(data, "reason") } : {}) } }),
  "check-in": async (form, data) => {
    await lone.begin(form.dataset.visit, Number(form.dataset.lone));
    const digits = text(data, "digits").replaceAll(/\D/g, "");
    const qr = text(data, "qr");
    await stamp(form, "check-in", { ...(qr ? { qr, scanned_at: form.dataset.scanned ?? new Date().toISOString() } : {}), ...(digits.length === 6 ? { digits } : {}) });
  },
  "check-out": async (form, data) => {
    await sign(form, data);
    await lone.end(form.dataset.visit);
    await stamp(form, "check-out", { record: record(data) });
    await store.drop("drafts", form.dataset.visit);
  },
  report: async (form, data) => {
    const changes = data.getAll("changes");
    const note = text(data, "note");
    if (!changes.length && !note) return;
    const item = await outbox.add({ visit: form.dataset.visit, verb: "report" });
    await outbox.save({ ...item, body: { id: item.key, changes, ...(note ? { note } : {}), wants_assessment: data.has("wants_assessment"), at: item.at } });
    form.reset();
    said(form, "reported_here");
  },
  sos: async (form) => {
    const item = await outbox.add({ verb: "sos", visit: form.dataset.visit || undefined, hold: Date.now() + 3000 });
    said(form, "sos_kept");
    const place = await Promise.race([locate(), new Promise((none) => { setTimeout(none, 2500); })]);
    await outbox.save({ ...item, hold: 0, body: { id: item.key, at: item.at, ...(item.visit ? { visit_id: item.visit } : {}), ...place } });
    await outbox.flush();
    const isOut = (await outbox.pending()).some((one) => one.key === item.key);
    said(form, isOut ? "sos_waits" : "sos_sent");
    form.closest("details").querySelector("#contacts").hidden = false;
  },
};

const text = (data, name) => (data.get(name) ?? "").trim();

function said(form, word) {
  const line = form.querySelector("[data-said]");
  if (line) line.textContent = view.say(word);
}

function record(data) {
  const made = { done: data.getAll("done") };
  if (data.get("condition")) made.condition = data.get("condition");
  if (text(data, "note")) made.note = text(data, "note");
  return made;
}

async function sign(form, data) {
  const pad = pads.get(form);
  if (!pad?.path) return;
  const statement = { visit: form.dataset.visit, service: form.dataset.service, done: data.getAll("done").join(" "), signed_at: new Date().toISOString() };
  const item = await outbox.add({ visit: form.dataset.visit, verb: "signature" });
  const body = { id: item.key, who: data.get("who") ?? "elder", path: pad.path.trim(), statement, at: item.at };
  await outbox.save({ ...item, body: { ...body, digest: await digest(statement, body.path) } });
}

async function submit(form) {
  const act = ACTS[form.dataset.send];
  await act(form, new FormData(form));
  await show();
  await again();
  if (form.dataset.then && location.pathname !== form.dataset.then) location.assign(form.dataset.then);
}

async function again() {
  if (!(await outbox.pending()).some((one) => !(one.hold > Date.now())) && !(await outbox.refused()).some((one) => !one.reported)) return;
  const count = await outbox.flush();
  await show();
  if (count.sent || count.refused) fresh();
}

// Our page anew from the server; a form that somebody is filling in is not swept away.
function fresh() {
  const form = document.querySelector("#visit form[data-send=check-out]");
  if (form && !form.closest("[data-when]").hidden) return;
  document.body.dispatchEvent(new Event("changed"));
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[action='/logout']")) return leave(event, form);
  if (!form.dataset.send) return undefined;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.busy) return undefined;
  form.dataset.busy = "1";
  return submit(form).finally(() => { delete form.dataset.busy; });
}, true);

async function leave(event, form) {
  event.preventDefault();
  event.stopImmediatePropagation();
  await outbox.flush().catch(() => null);
  const left = (await outbox.pending()).length + (await outbox.refused()).length;
  if (left && !confirm(view.say("leave", { n: left }))) return;
  await forget();
  form.submit();
}

document.addEventListener("click", (event) => {
  const hidden = event.target.closest("button[data-secret]");
  if (!hidden || hidden.dataset.asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  view.secret(hidden).then((isShown) => {
    if (isShown) return;
    hidden.dataset.asked = "1";
    hidden.click();
  });
}, true);

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches("input[data-photo]")) return;
  for (const file of input.files) {
    try {
      await outbox.add({ visit: input.dataset.photo, verb: "photo", blob: await smaller(file) });
    } catch {
      input.closest(".field").querySelector("[data-said]").textContent = view.say("no_photo");
    }
  }
  input.value = "";
  await show();
  await again();
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("form[data-send=check-out]")) return;
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  store.put("drafts", { visit: form.dataset.visit, fields });
});

async function restore(form) {
  const draft = await store.get("drafts", form.dataset.visit);
  if (!draft) return;
  for (const one of form.querySelectorAll("input[type=checkbox], input[type=radio]")) one.checked = draft.fields.some(([name, value]) => name === one.name && value === one.value);
  for (const [name, value] of draft.fields) if (form.elements[name]?.matches?.("textarea, input[type=text]")) form.elements[name].value = value;
}

function prepare() {
  for (const form of document.querySelectorAll("form[data-send=check-out]")) {
    if (pads.has(form)) continue;
    const pad = new Pad(form.querySelector("svg[data-sign]"));
    pads.set(form, pad);
    form.querySelector("[data-clear]").addEventListener("click", () => pad.clear());
    restore(form);
  }
  for (const one of document.querySelectorAll("[data-scanner]")) {
    one.hidden = !canScan();
    one.onclick = () => read(one).catch(() => { one.hidden = true; });
  }
  view.contacts();
}

async function read(button) {
  const form = button.closest("form");
  const found = await scan(form.querySelector("video"), () => form.closest("[data-when]").hidden);
  if (!found) return;
  form.elements.qr.value = found.split("/").pop();
  form.dataset.scanned = new Date().toISOString();
  form.querySelector("[data-scanned-word]").hidden = false;
}

// A code that the phone's own camera read without a network: which of the carried visits is it?
async function scanned() {
  const token = new URLSearchParams(location.search).get("qr");
  if (!token) return;
  if (location.pathname !== "/m") {
    const form = document.querySelector("form[data-send=check-in]");
    if (form) form.elements.qr.value ||= token;
    form?.querySelector("[data-scanned-word]")?.removeAttribute("hidden");
    return;
  }
  const raw = atob(token.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(token.length / 4) * 4, "="));
  const hex = [...raw.slice(0, 16)].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  const open = ["offered", "accepted", "en_route", "in_progress"];
  const visit = (await store.all("carried")).find((one) => one.home_id.replaceAll("-", "") === hex && open.includes(one.state));
  if (visit) location.replace(`/m/visits/${visit.id}?qr=${encodeURIComponent(token)}`);
}

function hear(html) {
  carry(root, true).catch(() => null);
  const list = document.getElementById("today");
  if (!list) return fresh();
  const before = list.querySelectorAll(".is-offered.emergency").length;
  list.replaceChildren(parse(html));
  if (list.querySelectorAll(".is-offered.emergency").length > before) navigator.vibrate?.([400, 150, 400, 150, 400]);
  return show();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "visit" && !navigator.onLine) event.preventDefault();
});
document.addEventListener("htmx:afterSwap", () => { prepare(); show(); });

function listen() {
  const lost = document.getElementById("lost");
  lost.hidden = navigator.onLine;
  addEventListener("offline", () => { lost.hidden = false; });
  addEventListener("online", () => { lost.hidden = true; again(); });
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  setInterval(again, AGAIN);
  follow({ topic: "caregiver", after: root.dataset.after, hear, resync: () => navigator.onLine && location.reload(), state: (name) => { lost.hidden = name !== "lost" && navigator.onLine; } });
}

async function install() {
  await store.note("account", root.dataset.account);
  await store.note("build", root.dataset.build);
  navigator.storage?.persist?.();
  if (!navigator.serviceWorker) return;
  const worker = await navigator.serviceWorker.register("/sw.js");
  worker.sync?.register("yl-outbox").catch(() => null);
}

await install().catch(() => null);
prepare();
await show();
document.body.dataset.ready = "1";
lone.watch(async (visit, seconds) => { await lone.begin(visit, seconds); await outbox.add({ visit, verb: "well" }); await again(); });
listen();
await scanned().catch(() => null);
await again().catch(() => null);
carry(root).then(show, () => null);

// The assessor's tablet: the form is kept in IndexedDB as it is filled in, and sent after, with and without a network.
import { forget, keepPages } from "./phone/carry.js";
import { score, spelt } from "./phone/score.js";
import { canSeal, seal } from "./phone/seal.js";
import { digest, Pad } from "./phone/sign.js";
import * as view from "./phone/view.js";

const store = self.YlStore;
const outbox = self.YlOutbox;
const root = document.getElementById("assessor");
const form = document.getElementById("assessment");
const AGAIN = 10_000;
const NAME = (elder) => `assess:${elder}`;

async function show() {
  await view.box(again);
  await view.skew();
  for (const tag of document.querySelectorAll("[data-draft]")) {
    const draft = await store.get("drafts", NAME(tag.dataset.draft));
    tag.hidden = !draft;
    tag.textContent = view.say(draft?.sent ? "waits" : "draft");
  }
}

async function again() {
  if (!(await outbox.pending()).length) return;
  await outbox.flush();
  await show();
  await sheet?.settle();
}

// The form of one person.
class Sheet {
  constructor() {
    this.key = NAME(form.dataset.elder);
    this.rules = JSON.parse(form.querySelector("[data-rules]").dataset.rules);
    this.words = JSON.parse(form.querySelector("[data-words]").dataset.words);
    this.pads = [...form.querySelectorAll("[data-pad]")].map((svg) => new Pad(svg));
    this.codes = [...new Set([...form.querySelectorAll("fieldset.item input[type=radio]")].map((one) => one.name.slice("items.".length)))];
    this.second = form.querySelector("#second");
    this.problem = form.querySelector("#problem");
  }

  async begin() {
    this.draft = (await store.get("drafts", this.key)) ?? this.fresh();
    this.fill();
    await this.settle();
    form.addEventListener("input", () => this.keep());
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("pointerup", () => this.keep());
    for (const one of form.querySelectorAll("[data-clear]")) one.addEventListener("click", () => { this.pads[one.dataset.clear - 1].clear(); this.keep(); });
    this.count();
  }

  fresh() {
    return { visit: this.key, id: outbox.uuid(), fields: null, paths: ["", ""] };
  }

  fill() {
    if (this.draft.fields) {
      for (const one of form.querySelectorAll("input[type=checkbox], input[type=radio]")) one.checked = this.draft.fields.some(([name, value]) => name === one.name && value === one.value);
      for (const [name, value] of this.draft.fields) if (form.elements[name]?.matches?.("input:not([type=checkbox]), select")) form.elements[name].value = value;
      for (const one of form.querySelectorAll("details.note input")) one.parentElement.open ||= Boolean(one.value);
    }
    this.pads.forEach((pad, nth) => { pad.clear(); pad.add(this.draft.paths[nth]); });
    this.second.hidden = !form.elements.two.checked;
  }

  // Names and passwords of the second assessor are no fields of the form: nothing of them is kept in clear.
  async keep() {
    this.draft.fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    this.draft.paths = this.pads.map((pad) => pad.path);
    await store.put("drafts", this.draft);
  }

  async changed(event) {
    const name = event.target.name ?? "";
    if (name === "two") this.second.hidden = !event.target.checked;
    const isSigned = this.pads.some((pad) => pad.path);
    if (isSigned && (name.startsWith("items.") || name.startsWith("adjustments.") || name === "assessed_on")) {
      for (const pad of this.pads) pad.clear();
      this.tell("changed");
    }
    this.count();
    await this.keep();
  }

  read() {
    const data = new FormData(form);
    const items = {};
    for (const code of this.codes) if (data.get(`items.${code}`) !== null) items[code] = Number(data.get(`items.${code}`));
    const adjustments = { risk_events: Number.parseInt(data.get("adjustments.risk_events"), 10) || 0 };
    for (const name of ["coma", "dementia", "mental_disorder"]) adjustments[name] = data.get(`adjustments.${name}`) === "1";
    const notes = {};
    for (const [name, value] of data) if (name.startsWith("notes.") && value.trim()) notes[name.slice("notes.".length)] = value.trim();
    return { data, items, adjustments, notes };
  }

  count() {
    const { items, adjustments } = this.read();
    for (const group of form.querySelectorAll("[data-group]")) {
      const points = [...group.querySelectorAll("input[type=radio]:checked")].reduce((sum, one) => sum + Number(one.value), 0);
      group.querySelector("[data-sum]").textContent = points;
    }
    const open = this.codes.length - Object.keys(items).length;
    const found = score(items, adjustments, this.rules);
    form.querySelector("[data-total]").textContent = found.total;
    form.querySelector("[data-left]").textContent = open ? view.say("left", { n: open }) : "";
    form.querySelector("[data-grade]").textContent = open ? "" : this.words[found.grade];
    for (const one of form.querySelectorAll(".open-item")) if (one.querySelector("input:checked")) one.classList.remove("open-item");
  }

  tell(word) {
    this.problem.textContent = word ? view.say(word) : "";
    this.problem.hidden = !word;
  }

  missing(items) {
    const open = [...form.querySelectorAll("fieldset.item")].filter((one) => !one.querySelector("input:checked"));
    for (const one of open) one.classList.add("open-item");
    open[0]?.scrollIntoView({ block: "center" });
    return this.codes.length - Object.keys(items).length;
  }

  async submit() {
    const { data, items, adjustments, notes } = this.read();
    const isTwo = data.get("two") === "1";
    const login = { login: form.querySelector("#second_login").value.trim(), password: form.querySelector("#second_password").value };
    this.tell("");
    if (this.missing(items)) return this.tell("unanswered");
    if (!this.pads[0].path) return this.tell("sign_first");
    if (isTwo && !canSeal()) return this.tell("no_seal");
    if (isTwo && !(this.pads[1].path && login.login && login.password)) return this.tell("sign_second");
    const body = { id: this.draft.id, elder_id: form.dataset.elder, items, adjustments, notes, reason: data.get("reason"), informant: data.get("informant"), assessed_on: data.get("assessed_on") };
    body.signature = await this.signature(0, body);
    if (isTwo) body.second = { ...(await this.signature(1, body)), ...(await seal(root.dataset.seal, login, body.id)) };
    form.querySelector("#second_password").value = "";
    for (const old of await outbox.refused()) if (old.draft === this.key) await outbox.remove(old);
    const item = await outbox.add({ verb: "assessment", path: "/api/v1/assessments", page: location.pathname, draft: this.key, body });
    await this.keep();
    await store.put("drafts", { ...this.draft, sent: item.key });
    this.draft.sent = item.key;
    await this.settle();
    return again();
  }

  async signature(nth, body) {
    const { total, grade } = score(body.items, body.adjustments, this.rules);
    const at = new Date().toISOString();
    const statement = { assessment: body.id, elder: body.elder_id, assessed_on: body.assessed_on, answers: spelt(body.items, this.codes), score: String(total), grade, signed_at: at };
    const path = this.pads[nth].path.trim();
    return { path, statement, digest: await digest(statement, path), at };
  }

  // What has become of it: waits on the tablet, was refused (then it is open again), or is on the server.
  async settle() {
    if (!this.draft.sent) return;
    const waits = (await outbox.pending()).some((one) => one.key === this.draft.sent);
    const refused = (await outbox.refused()).some((one) => one.key === this.draft.sent);
    if (refused) {
      delete this.draft.sent;
      await store.put("drafts", this.draft);
    } else if (!waits) await this.gone();
    form.hidden = !refused;
    this.say(refused ? "" : waits ? "waits" : "sent");
  }

  async gone() {
    const result = document.querySelector("#state [data-result]");
    result.href = `/desk/assessments/${this.draft.id}`;
    result.hidden = false;
    await store.drop("drafts", this.key);
  }

  say(word) {
    const state = document.getElementById("state");
    state.hidden = !word;
    state.querySelector("[data-text]").textContent = word ? view.say(word) : "";
    state.classList.toggle("warn", word === "waits");
    state.classList.toggle("good", word !== "waits");
    if (word) document.body.dataset.sheet = word;
    else delete document.body.dataset.sheet;
  }
}

addEventListener("submit", (event) => {
  const one = event.target;
  if (one.matches("form[action='/logout']")) return leave(event, one);
  if (one !== form) return undefined;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.busy) return undefined;
  form.dataset.busy = "1";
  return sheet.submit().finally(() => { delete form.dataset.busy; });
}, true);

async function leave(event, one) {
  event.preventDefault();
  event.stopImmediatePropagation();
  await outbox.flush().catch(() => null);
  const left = (await outbox.pending()).length + (await outbox.refused()).length;
  if (left && !confirm(view.say("leave", { n: left }))) return;
  await forget();
  one.submit();
}

// Before the network goes: this page, and the form of everybody who is given to me.
async function carry() {
  if (!navigator.onLine) return;
  const answer = await fetch("/api/v1/tablet/assessments");
  if (!answer.ok) return;
  await outbox.heard(answer);
  const carried = await answer.json();
  if (carried.account_id !== root.dataset.account) return;
  const forms = [...new Set(carried.wants.map((one) => `/assessor/elders/${one.elder_id}`))];
  await keepPages(root.dataset.account, ["/assessor", ...forms]);
  document.body.dataset.carried = forms.length;
}

function listen() {
  const lost = document.getElementById("lost");
  lost.hidden = navigator.onLine;
  addEventListener("offline", () => { lost.hidden = false; });
  addEventListener("online", () => { lost.hidden = true; again(); });
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  setInterval(again, AGAIN);
}

async function install() {
  await store.note("account", root.dataset.account);
  await store.note("build", root.dataset.build);
  navigator.storage?.persist?.();
  if (!navigator.serviceWorker) return;
  const worker = await navigator.serviceWorker.register("/sw.js");
  worker.sync?.register("yl-outbox").catch(() => null);
}

const sheet = form ? new Sheet() : null;
await install().catch(() => null);
await sheet?.begin();
await show();
document.body.dataset.ready = "1";
listen();
await again().catch(() => null);
carry().catch(() => null);

// What was recorded is kept first and sent after, always; page and worker use this file, and never send twice at once.
(function make(scope) {
  const store = scope.YlStore;
  const LATER = [401, 408, 425, 429];
  const AFTER = { accept: "accepted", decline: "declined", "en-route": "en_route", "check-in": "in_progress", "check-out": "completed" };
  const CODE = /^[a-z][a-z0-9_]{0,49}$/;

  function uuid() {
    if (scope.crypto.randomUUID) return scope.crypto.randomUUID();
    const bytes = scope.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  async function add(record) {
    const item = { key: uuid(), at: new Date().toISOString(), account: await store.meta("account"), app: await store.meta("build"), ...record };
    item.n = await store.put("outbox", item);
    return item;
  }

  const save = (item) => store.put("outbox", item);
  const remove = (item) => store.drop("outbox", item.n);

  async function mine() {
    const account = await store.meta("account");
    return (await store.all("outbox")).filter((one) => one.account === account).sort((a, b) => a.n - b.n);
  }

  const pending = async () => (await mine()).filter((one) => !one.refused);
  const refused = async () => (await mine()).filter((one) => one.refused);

  function address(item) {
    if (item.path) return item.path;
    if (item.verb === "sos") return "/api/v1/phone/sos";
    const last = { photo: "photos", signature: "signatures", report: "condition-reports" }[item.verb] ?? item.verb;
    return `/api/v1/visits/${item.visit}/${last}`;
  }

  function body(item) {
    if (item.verb !== "photo") return JSON.stringify(item.body ?? {});
    const form = new FormData();
    form.set("id", item.key);
    form.set("at", item.at);
    form.set("photo", item.blob, "photo.jpg");
    return form;
  }

  async function post(url, key, content) {
    const headers = { "Phone-Time": new Date().toISOString() };
    if (typeof content === "string") {
      headers["Content-Type"] = "application/json";
      headers["Idempotency-Key"] = key;
    }
    const answer = await fetch(url, { method: "POST", headers, body: content, credentials: "same-origin" });
    await heard(answer);
    return answer;
  }

  // Every answer says what time it is there.
  async function heard(answer) {
    const there = Date.parse(answer.headers.get("Date") ?? "");
    if (Number.isNaN(there)) return;
    const last = await store.meta("clock_s");
    const now = Math.round((there - Date.now()) / 1000);
    if (last === undefined || Math.abs(last - now) > 1) await store.note("clock_s", now);
  }

  // Who checks out is mostly verified at once: the answer says so, and the page of a second later must not fall back.
  async function reached(verb, answer) {
    const said = verb === "check-out" ? await answer.json().catch(() => ({})) : {};
    return said.state === "verified" ? "verified" : AFTER[verb];
  }

  async function send(item) {
    let answer;
    try {
      answer = await post(address(item), item.key, body(item));
    } catch {
      return "offline";
    }
    if (answer.ok) {
      const at = Date.parse(answer.headers.get("Date") ?? "") || Date.now();
      if (AFTER[item.verb]) await store.put("tasks", { visit: item.visit, state: await reached(item.verb, answer), at: at + 1000 });
      await remove(item);
      return "sent";
    }
    if (answer.status >= 500 || LATER.includes(answer.status)) return answer.status === 401 ? "out" : "later";
    const said = await answer.json().catch(() => ({}));
    item.refused = { status: answer.status, code: CODE.test(said.code ?? "") ? said.code : "refused", title: said.title ?? "", detail: said.detail ?? "", said };
    await save(item);
    return "refused";
  }

  // What the server did not take is told to it as such, so that the provider sees it too.
  async function report(item) {
    const { status, code, title, detail } = item.refused;
    const said = { ...(item.body ?? {}), at: item.body?.at ?? item.at, app: item.app ?? null };
    const told = { id: item.key, visit_id: item.visit ?? null, verb: item.verb.replaceAll("-", "_"), said, said_at: item.at, status, code, reason: { title, detail } };
    try {
      const answer = await post("/api/v1/phone/conflicts", `conflict-${item.key}`, JSON.stringify(told));
      if (!answer.ok) return;
    } catch {
      return;
    }
    item.reported = true;
    await save(item);
  }

  async function run() {
    const stuck = new Set();
    const count = { sent: 0, refused: 0, left: 0 };
    const items = await pending();
    items.sort((a, b) => (b.verb === "sos") - (a.verb === "sos") || a.n - b.n);
    for (const item of items) {
      const line = item.visit && item.verb !== "sos" ? item.visit : item.key;
      if (stuck.has(line)) continue;
      const result = item.hold > Date.now() ? "later" : await send(item);
      if (result === "later") stuck.add(line);
      if (result === "sent" || result === "refused") count[result] += 1;
      if (result === "offline" || result === "out") break;
    }
    for (const item of await refused()) if (!item.reported && !item.path) await report(item);
    count.left = (await pending()).length;
    return count;
  }

  const flush = () => (scope.navigator.locks ? scope.navigator.locks.request("yl-outbox", run) : run());

  async function stateOf(visit, shown, at) {
    const task = await store.get("tasks", visit);
    let state = task && task.at > at ? task.state : shown;
    for (const item of await pending()) if (item.visit === visit) state = AFTER[item.verb] ?? state;
    return state;
  }

  scope.YlOutbox = { uuid, add, save, remove, pending, refused, flush, heard, stateOf };
})(self);

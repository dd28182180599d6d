// The operator's console: what comes over the line is given to queue, case, sound and second screen.
import { follow, parse } from "./live.js";
import { Pane } from "./pane.js";
import "./console/asked.js";
import { listen, press, questions } from "./console/keys.js";
import { Queue } from "./console/queue.js";
import { Screens } from "./console/screens.js";
import { Siren } from "./console/siren.js";

const $ = (id) => document.getElementById(id);
const root = $("console");
const { me, role } = root.dataset;
const words = JSON.parse($("words").textContent);
const isScreen = root.dataset.class === "screen";
const siren = new Siren(words, me);
const queue = new Queue(root, words);
const pane = new Pane($("pane"), mark);
let offered = "";
let line = null;

function mark() {
  const here = screens.is ? queue.chosen : pane.id;
  queue.mark(here);
  document.body.classList.toggle("has-case", Boolean(here) || isScreen);
  hideMe();
  look();
}

// Who else looks is told only of a case that somebody can see.
function look() {
  line?.look(document.hidden || screens.is ? null : (pane.id ?? null));
}

function hideMe() {
  const mine = document.querySelector(`#watching [data-who="${me}"]`);
  mine?.remove();
  const watchers = document.querySelector("#watching .watchers");
  if (watchers) watchers.hidden = !watchers.querySelector("[data-who]");
}

function show(id) {
  if (screens.is) {
    screens.show(id);
    queue.mark(id);
    return;
  }
  fetchCase(id);
  if (isScreen) history.replaceState({}, "", `/console/screen/${id}`);
  else remember(id);
}

function fetchCase(id) {
  htmx.ajax("GET", `/console/cases/${id}`, { target: "#pane", swap: "innerHTML" });
}

// Never by htmx: it would put an old copy of the whole page back, to which nothing listens any more.
function remember(id) {
  const path = `/console/cases/${id}`;
  if (location.pathname !== path) history.pushState({}, "", path);
}

// Back and forward: the case of that address, as it is now.
addEventListener("popstate", () => {
  const id = /\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
  if (id && screens.is) screens.show(id);
  else if (id) fetchCase(id);
  else $("pane").replaceChildren();
  if (screens.is) queue.mark(id);
  else mark();
});

function step(by) {
  if (isScreen) screens.step(by);
  const all = queue.rows;
  if (!all.length) return isScreen;
  const at = all.indexOf(queue.current);
  choose(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  return true;
}

function gravest() {
  if (isScreen) screens.gravest();
  const row = queue.gravest();
  if (row) choose(row);
  return true;
}

function choose(row) {
  show(row.id.slice("case-".length));
  row.scrollIntoView({ block: "nearest" });
}

const screens = new Screens(me, isScreen, {
  id: () => pane.id ?? null,
  show: (id) => id !== pane.id && show(id),
  press: (key) => (key === "q" ? questions() : press(key)),
  step,
  gravest,
  together(id) {
    const here = id ?? pane.id;
    document.body.classList.add("two-screens");
    if (!id && here) screens.show(here);
    $("pane").replaceChildren();
    queue.mark(here);
    say(words.followed);
    mark();
  },
  alone() {
    document.body.classList.remove("two-screens");
    if (queue.chosen) show(queue.chosen);
    mark();
  },
});

function say(text) {
  $("said").textContent = text;
}

function hear(html) {
  const found = parse(html);
  const loud = [];
  const said = found.querySelector("li[data-said]");
  for (const row of found.querySelectorAll("li[id]")) {
    const rings = row.hasAttribute("data-ring") && row.dataset.class === "care";
    const fresh = queue.take(row);
    if (fresh || rings) loud.push(row);
    if (row.id === `case-${pane.id}`) open(row);
  }
  for (const row of loud) $(row.id)?.classList.add("fresh");
  if (loud.length) ring(loud);
  else if (said) answered(said);
  const carers = found.querySelector("[data-carers]");
  if (carers) document.body.dispatchEvent(new Event("carers"));
  if (carers?.hasAttribute("data-ring")) siren.ring(1);
  const callers = found.querySelector("[data-callers]");
  if (callers) document.body.dispatchEvent(new Event("callers"));
  if (callers?.hasAttribute("data-ring")) siren.ring(1);
  head(found);
  mark();
}

// The case that is open here has changed, or only who looks at it.
function open(row) {
  if (!row.hasAttribute("data-quiet")) {
    const owner = row.dataset.owner;
    const was = $("case").dataset.owner ?? "";
    if (owner && owner !== was && owner !== me) say(`${words.claimed} ${row.querySelector(".by")?.textContent ?? ""}`);
    pane.refresh();
    return;
  }
  const there = $("watching");
  if (there) there.innerHTML = row.querySelector(".watchers")?.outerHTML ?? "";
}

function ring(rows) {
  const worst = Math.min(...rows.map((row) => Number(row.dataset.severity)));
  siren.ring(worst);
  say(`${words.alarm}: ${rows.length} · ${words.severities[worst] ?? worst}`);
}

// Somebody pressed a key on their phone: heard, but not as an alarm.
function answered(row) {
  siren.chime();
  const who = row.querySelector(".person")?.textContent ?? "";
  say([words.answered, who, row.querySelector(".says")?.textContent ?? ""].filter(Boolean).join(" · "));
}

function head(found) {
  for (const one of found.querySelectorAll("[data-count]")) {
    const badge = document.querySelector(`[data-badge="${one.dataset.count}"]`);
    if (!badge) continue;
    badge.textContent = one.textContent;
    badge.hidden = !Number(one.textContent);
  }
  const open = found.querySelector(`[data-open="${root.dataset.class}"]`);
  if (open) queue.rest(Number(open.textContent));
  const grave = found.querySelector("[data-grave]");
  if (grave) siren.grave(grave.textContent.split(" ").filter(Boolean));
  offers(found.querySelector("data[data-offered]")?.textContent ?? "");
}

function offers(text) {
  const asked = text.split(" ").filter((one) => one === me || (one === "managers" && role !== "operator"));
  const now = asked.join(" ");
  if (now === offered && !now) return;
  if (now && now !== offered) {
    siren.chime();
    say(words.offered);
  }
  offered = now;
  document.body.dispatchEvent(new Event("offers"));
}

function resync() {
  document.body.dispatchEvent(new Event("resync"));
  if (pane.id) pane.refresh();
}

function state(name) {
  const link = $("link");
  const was = link.dataset.state;
  if (was === name) return;
  if (was === "lost" && name === "live") resync();
  siren.lost(name === "lost");
  link.dataset.state = name;
  link.querySelector("span").textContent = words[name];
  $("lost").hidden = name !== "lost";
}

// A link of the queue; the case may be shown elsewhere.
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest?.("#queue a")?.closest("li");
  if (!row) return;
  if (!screens.is) {
    remember(row.id.slice("case-".length));
    return;
  }
  event.preventDefault();
  choose(row);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "side") {
    queue.settled();
    head($("head"));
  }
  if (event.target.id === "pane" && document.activeElement === document.body) $("pane").focus({ preventScroll: true });
  if (event.target.id === "pane" || event.target.id === "side") mark();
  const taken = event.target.id === "offers" && event.target.querySelector("[data-open]")?.dataset.open;
  if (taken) show(taken);
});

// Whoever logs out with cases of their own is asked first.
document.querySelector('form[action="/logout"]')?.addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  event.stopImmediatePropagation();
  const mine = await own();
  if (!mine) {
    siren.end();
    form.submit();
    return;
  }
  $("leaving-count").textContent = `${words.cases} ${mine}`;
  $("leave-anyway").onclick = () => {
    siren.end();
    form.submit();
  };
  $("leaving").showModal();
}, true);

async function own() {
  try {
    const answer = await fetch("/console/offers", { headers: { "HX-Request": "true" } });
    return Number(parse(await answer.text()).querySelector("[data-mine]")?.dataset.mine ?? 0);
  } catch {
    return 0;
  }
}

$("help-open").addEventListener("click", () => $("help").showModal());
$("second").hidden = isScreen;
$("second").addEventListener("click", () => screens.open());
document.addEventListener("visibilitychange", look);
listen({ step, gravest, remote: (key) => screens.is && (screens.press(key), true) });
mark();
head($("head") ?? document);
line = follow({
  topic: root.dataset.live,
  after: root.dataset.after,
  worker: root.dataset.worker,
  watchdog: root.dataset.watchdog,
  hear,
  resync,
  state,
  tick() {
    siren.tick();
    queue.tick();
    screens.tick(pane.id ?? null);
  },
});
look();

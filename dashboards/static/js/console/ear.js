// Every other page of whoever has begun a shift: an alarm is heard and seen there too, and so is a dead line.
import { follow, parse } from "../live.js";
import { Siren } from "./siren.js";

const AGAIN = 5000;
const ear = document.getElementById("ear");
const words = JSON.parse(document.getElementById("ear-words").textContent);
const { me, worker, watchdog } = ear.dataset;
const siren = new Siren(words, me);
let grave = 0;
let fresh = 0;
let offered = false;
let calling = false;
let isLost = false;
let isOn = false;

function show() {
  const waits = [grave && `${words.waits} ${grave}`, !grave && fresh && `${words.alarm}: ${fresh}`, calling && words.caller, offered && words.offered];
  const said = waits.filter(Boolean).join(" · ");
  const text = isLost ? words.deaf : said && `${said} → ${words.open}`;
  const link = ear.firstElementChild;
  if (link.textContent !== (text || "")) link.textContent = text || "";
  ear.hidden = !text;
}

function head(found) {
  const ids = found.querySelector("[data-grave]")?.textContent.split(" ").filter(Boolean) ?? [];
  grave = ids.length;
  siren.grave(ids);
  const was = offered;
  offered = (found.querySelector("data[data-offered]")?.textContent ?? "").split(" ").includes(me);
  if (offered && !was) siren.chime();
  show();
}

function hear(html) {
  const found = parse(html);
  const loud = [...found.querySelectorAll('li[data-ring][data-class="care"]')];
  fresh += loud.length;
  if (loud.length) siren.ring(Math.min(...loud.map((row) => Number(row.dataset.severity))));
  else if (found.querySelector("li[data-said]")) siren.chime();
  const callers = found.querySelector("[data-callers]");
  if (callers) calling = callers.hasAttribute("data-ring");
  if (calling) siren.ring(1);
  head(found);
}

async function look() {
  const answer = await fetch("/console/ear", { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const found = parse(await answer.text());
  head(found);
  return found.querySelector("[data-number]").dataset.number;
}

function state(name) {
  isLost = name === "lost";
  siren.lost(isLost);
  show();
}

async function begin() {
  if (isOn || !siren.isOn) return;
  isOn = true;
  try {
    const after = await look();
    follow({ topic: "console", after, worker, watchdog, hear, resync: () => look().catch(() => {}), state, tick: () => siren.tick() });
  } catch {
    isOn = false;
    setTimeout(begin, AGAIN);
  }
}

addEventListener("storage", begin);
begin();

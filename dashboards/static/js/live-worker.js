// One stream for all tabs of a browser: it allows six connections to a host, and each stream keeps one.
import { beat, read } from "./stream.js";

const KEPT = 500;
const GONE = 35_000;
const ports = new Map();
const recent = [];
let name = "waiting";
let first = null;
let topic = null;
let said = [];

function tell(message) {
  for (const port of ports.keys()) port.postMessage(message);
}

function start(wanted, after) {
  topic = wanted;
  first = Number(after);
  read({
    topic,
    after,
    hear: (html, id) => {
      recent.push([Number(id), html]);
      if (recent.length > KEPT) first = recent.shift()[0];
      tell({ html, id });
    },
    resync: () => tell({ resync: true }),
    state: (now) => {
      name = now;
      tell({ state: now });
    },
    stop: () => {
      topic = null;
      recent.length = 0;
      tell({ stop: true });
    },
  });
}

// Which cases are on somebody's screens, of all windows together: said when it changes, and every 15 seconds.
function say(always) {
  if (topic !== "console") return;
  const now = [...new Set([...ports.values()].map((one) => one.looking).filter(Boolean))].sort();
  const left = said.filter((id) => !now.includes(id));
  if (!always && !left.length && now.join() === said.join()) return;
  said = now;
  beat(now, left);
}

function clean() {
  for (const [port, one] of ports) if (Date.now() - one.at > GONE) ports.delete(port);
}

setInterval(() => tell({ state: name }), 5000);
setInterval(() => {
  clean();
  if (ports.size) say(true);
}, 15_000);

function catchUp(port, after) {
  port.postMessage({ state: name });
  if (Number(after) < first) port.postMessage({ resync: true });
  else for (const [id, html] of recent) if (id > Number(after)) port.postMessage({ html, id });
}

addEventListener("connect", (event) => {
  const [port] = event.ports;
  port.onmessage = ({ data }) => {
    if (data.leave) {
      ports.delete(port);
      say(false);
      return;
    }
    const one = ports.get(port) ?? { looking: null };
    one.at = Date.now();
    ports.set(port, one);
    if ("looking" in data) one.looking = data.looking;
    if (data.topic && !topic) {
      start(data.topic, data.after);
      say(true);
    } else if (data.topic) catchUp(port, data.after);
    if (!data.alive) say(false);
  };
  port.start();
});

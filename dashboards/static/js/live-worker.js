// One stream for all tabs of a browser: it allows six connections to a host, and each stream keeps one.
import { read } from "./stream.js";

const KEPT = 500;
const ports = new Set();
const recent = [];
let name = "waiting";
let first = null;
let started = false;

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function start(topic, after) {
  started = true;
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
      started = false;
      recent.length = 0;
      tell({ stop: true });
    },
  });
}

addEventListener("connect", (event) => {
  const [port] = event.ports;
  port.onmessage = ({ data }) => {
    if (data.leave) {
      ports.delete(port);
      return;
    }
    ports.add(port);
    if (!started) start(data.topic, data.after);
    else {
      port.postMessage({ state: name });
      if (Number(data.after) < first) port.postMessage({ resync: true });
      else for (const [id, html] of recent) if (id > Number(data.after)) port.postMessage({ html, id });
    }
  };
  port.start();
});

// What a page hears: by one stream for all tabs where the browser can share it, by its own otherwise.
import { read } from "./stream.js";

const leave = () => location.reload();

export function follow({ topic, after, hear, resync, state, worker }) {
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (!worker || !("SharedWorker" in globalThis)) {
    const end = read({ topic, after, hear, resync, state, stop: leave });
    addEventListener("pagehide", end);
    return;
  }
  const { port } = new SharedWorker(worker, { type: "module", name: worker });
  port.onmessage = ({ data }) => {
    if (data.html) hear(data.html);
    else if (data.resync) resync();
    else if (data.state) state(data.state);
    else if (data.stop) leave();
  };
  port.postMessage({ topic, after });
  addEventListener("pagehide", () => port.postMessage({ leave: true }));
}

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

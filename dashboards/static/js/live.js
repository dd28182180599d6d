// What a page hears: by one stream for all tabs where the browser can share it, by its own otherwise.
// The worker says every five seconds that it lives; one that does not is lost, said so, and replaced.
import { beat, read } from "./stream.js";

const QUIET = 12_000;
const MISSES = 3;
const leave = () => location.reload();

export function follow(wanted) {
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (!wanted.worker || !("SharedWorker" in globalThis)) return alone(wanted);
  return new Shared(wanted);
}

function alone({ topic, after, hear, resync, state, tick }) {
  const end = read({ topic, after, hear, resync, state, stop: leave });
  const seen = { now: null, left: [] };
  const say = () => {
    if (topic === "console") beat(seen.now ? [seen.now] : [], seen.left.splice(0));
  };
  addEventListener("pagehide", end);
  setInterval(() => tick?.(), 2000);
  setInterval(say, 15_000);
  say();
  return {
    look(id) {
      if (id === seen.now) return;
      if (seen.now) seen.left.push(seen.now);
      seen.now = id;
      say();
    },
  };
}

class Shared {
  #wanted;
  #port = null;
  #last;
  #heard = Date.now();
  #misses = 0;
  #tries = 0;
  #looking = null;

  constructor(wanted) {
    this.#wanted = wanted;
    this.#last = wanted.after;
    this.#connect();
    addEventListener("pagehide", () => this.#port.postMessage({ leave: true }));
    if (wanted.watchdog) new Worker(wanted.watchdog).onmessage = () => this.#tick();
    else setInterval(() => this.#tick(), 2000);
  }

  look(id) {
    if (id === this.#looking) return;
    this.#looking = id;
    this.#port.postMessage({ looking: id });
  }

  #connect() {
    const address = this.#wanted.worker + (this.#tries ? `&again=${this.#tries}` : "");
    const { port } = new SharedWorker(address, { type: "module", name: address });
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#take(data);
    port.postMessage({ topic: this.#wanted.topic, after: this.#last, looking: this.#looking });
  }

  #take(data) {
    this.#heard = Date.now();
    this.#misses = 0;
    if (data.html) {
      this.#last = data.id ?? this.#last;
      this.#wanted.hear(data.html);
    } else if (data.resync) this.#wanted.resync();
    else if (data.state) this.#wanted.state(data.state);
    else if (data.stop) leave();
  }

  #tick() {
    this.#wanted.tick?.();
    this.#port.postMessage({ alive: true });
    this.#misses = Date.now() - this.#heard > QUIET ? this.#misses + 1 : 0;
    if (this.#misses < MISSES) return;
    this.#wanted.state("lost");
    this.#misses = 0;
    this.#tries += 1;
    this.#port.postMessage({ leave: true });
    this.#connect();
  }
}

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

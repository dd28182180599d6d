// One event stream, read by hand: EventSource hides heartbeats, and so cannot tell a dead line from a quiet one.
// The server says something every 15 seconds; 30 seconds of nothing is a dead line, and 35 are the promise.
const SILENT = 30_000;
// Once it is dead a new line gets so long to answer, however busy the server is with all who come back at once.
const ANSWER = 10_000;

// This console is open, and which cases it shows or no longer shows: who else looks is told by this.
export async function beat(looking, left) {
  const form = new URLSearchParams([...looking.map((id) => ["looking", id]), ...left.map((id) => ["left", id])]);
  try {
    await fetch("/console/here", { method: "POST", body: form, headers: { "HX-Request": "true" } });
  } catch {
    // Whether the line is dead is the stream's to say.
  }
}

export function read({ topic, after, hear, resync, state, stop }) {
  let last = after;
  let wait = 500;
  let spoke = Date.now();
  let asked = 0;
  let abort = null;
  let over = false;

  const watch = setInterval(() => {
    if (Date.now() - spoke <= SILENT) return;
    state("lost");
    if (Date.now() - asked > ANSWER) abort?.abort();
  }, 1000);

  function end() {
    over = true;
    clearInterval(watch);
    abort?.abort();
  }

  async function open() {
    abort = new AbortController();
    asked = Date.now();
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(last) };
    const url = `/live?topic=${encodeURIComponent(topic)}`;
    const answer = await fetch(url, { headers, signal: abort.signal, cache: "no-store" });
    if (answer.status === 401 || answer.redirected) {
      end();
      stop();
      return;
    }
    if (!answer.ok || !answer.body) throw new Error(String(answer.status));
    wait = 500;
    spoke = Date.now();
    state("live");
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      spoke = Date.now();
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = parts.pop();
      parts.forEach(take);
    }
  }

  function take(block) {
    let kind = "message";
    let id = null;
    const data = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("event: ")) kind = line.slice(7);
      else if (line.startsWith("id: ")) id = line.slice(4);
      else if (line.startsWith("data: ")) data.push(line.slice(6));
    }
    if (id !== null) last = id;
    if (kind === "resync") resync();
    else if (data.length) hear(data.join("\n"), last);
  }

  async function run() {
    while (!over) {
      try {
        await open();
      } catch {
        if (!over && Date.now() - spoke > 3000) state("lost");
        wait = Math.min(wait * 2, 8000);
      }
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  run();
  return end;
}

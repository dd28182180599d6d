// The queue: rows patched where they stand, placed by rank; while the pointer is in the list nothing moves under it.

const REST = 3000;
const GUARD = 400;
const FULL = 280;

export class Queue {
  #root;
  #class;
  #me;
  #words;
  #pending = new Map();
  #moved = 0;
  #inside = false;
  #guard = 0;
  #seen = new Set();
  #asked = 0;
  chosen = null;

  constructor(root, words) {
    this.#root = root;
    this.#words = words;
    this.#class = root.dataset.class;
    this.#me = root.dataset.me;
    for (const row of this.rows) this.#seen.add(row.id);
    const side = root.querySelector(".side");
    if (!side) return;
    side.addEventListener("pointermove", (event) => this.#point(event));
    side.addEventListener("pointerleave", () => this.#leave());
    side.addEventListener("click", (event) => this.#click(event), true);
    document.getElementById("waiting").addEventListener("click", () => this.flush());
    this.settled();
  }

  get list() {
    return document.getElementById("queue");
  }

  get rows() {
    return [...(this.list?.children ?? [])];
  }

  get current() {
    return this.rows.find((row) => row.querySelector("[aria-current]"));
  }

  // Return whether the case is new in this queue.
  take(row) {
    const fresh = !this.#seen.has(row.id) && row.dataset.state === "raised" && row.dataset.class === "care";
    this.#seen.add(row.id);
    if (!this.list) return fresh;
    this.#hideMe(row);
    const there = document.getElementById(row.id);
    const gone = row.dataset.state === "closed" || row.dataset.class !== this.#class;
    const stays = there && !gone && there.dataset.rank === row.dataset.rank;
    if (stays) this.#patch(there, row);
    else if (this.#holds()) this.#wait(there, row, gone);
    else this.#settle(row, gone);
    return fresh;
  }

  // What is gravest and waits for somebody.
  gravest() {
    this.flush();
    return this.rows.find((row) => ["raised", "returned"].includes(row.dataset.state)) ?? null;
  }

  mark(id) {
    this.chosen = id ?? null;
    for (const row of this.rows) {
      const link = row.querySelector("a");
      if (id && row.id === `case-${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const empty = document.getElementById("queue-empty");
    if (empty) empty.hidden = this.rows.length > 0;
  }

  // The list has come anew.
  settled() {
    for (const row of this.rows) {
      this.#hideMe(row);
      this.#seen.add(row.id);
    }
    this.#pending.clear();
    this.#tell();
  }

  rest(open) {
    const here = this.rows.length + this.#pending.size;
    const line = document.getElementById("queue-rest");
    if (!line) return;
    line.hidden = open <= here;
    line.textContent = `+${open - here}`;
    if (open > here && here < FULL && Date.now() - this.#asked > 30_000) {
      this.#asked = Date.now();
      document.body.dispatchEvent(new Event("resync"));
    }
  }

  tick() {
    if (this.#pending.size && !this.#holds()) this.flush();
  }

  flush() {
    if (!this.#pending.size) return;
    for (const [row, gone] of this.#pending.values()) this.#settle(row, gone);
    this.#pending.clear();
    if (this.#inside) this.#guard = Date.now() + GUARD;
    this.#tell();
    this.mark(this.chosen);
  }

  #holds() {
    return this.#inside && Date.now() - this.#moved < REST;
  }

  #wait(there, row, gone) {
    if (there) this.#patch(there, row, true);
    there?.classList.toggle("is-gone", gone);
    this.#pending.set(row.id, [row, gone]);
    this.#tell();
  }

  #settle(row, gone) {
    const there = document.getElementById(row.id);
    if (gone) {
      there?.remove();
      return;
    }
    const focused = there?.contains(document.activeElement);
    const place = this.rows.find((other) => other !== there && other.dataset.rank > row.dataset.rank) ?? null;
    if (there) {
      this.#patch(there, row);
      there.classList.remove("is-gone");
      if (there.nextElementSibling !== place) this.list.insertBefore(there, place);
      if (focused) there.querySelector("a").focus({ preventScroll: true });
      return;
    }
    this.list.insertBefore(row, place);
    htmx.process(row);
  }

  #patch(there, row, keepsRank = false) {
    const rank = there.dataset.rank;
    const current = there.querySelector("a").getAttribute("aria-current");
    const fresh = there.classList.contains("fresh") || row.classList.contains("fresh");
    for (const { name } of [...there.attributes]) if (!row.hasAttribute(name)) there.removeAttribute(name);
    for (const { name, value } of row.attributes) there.setAttribute(name, value);
    there.querySelector("a").innerHTML = row.querySelector("a").innerHTML;
    if (current) there.querySelector("a").setAttribute("aria-current", current);
    if (fresh) there.classList.add("fresh");
    if (keepsRank) there.dataset.rank = rank;
  }

  #tell() {
    const waiting = document.getElementById("waiting");
    if (!waiting) return;
    const fresh = [...this.#pending.values()].filter(([row, gone]) => !gone && !document.getElementById(row.id));
    const worst = fresh.map(([row]) => Number(row.dataset.severity)).sort()[0];
    waiting.hidden = !fresh.length;
    waiting.className = `waiting sev-${worst ?? 5}`;
    waiting.textContent = fresh.length ? `↑ ${fresh.length} ${this.#words.above} · ${this.#words.severities[worst]}` : "";
  }

  #hideMe(row) {
    row.querySelector(`[data-who="${this.#me}"]`)?.remove();
    const watchers = row.querySelector(".watchers");
    if (watchers) watchers.hidden = !watchers.querySelector("[data-who]");
  }

  #point(event) {
    if (event.pointerType === "touch") return;
    this.#inside = true;
    this.#moved = Date.now();
  }

  #leave() {
    this.#inside = false;
    this.flush();
  }

  // A click that meets a row which has only just come under the pointer was meant for another.
  #click(event) {
    if (!event.isTrusted || !event.detail || Date.now() > this.#guard) return;
    event.preventDefault();
    event.stopPropagation();
  }
}


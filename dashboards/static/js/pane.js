// The open case: fetched again when it changes, but never under somebody's hands.
export class Pane {
  #root;
  #shown;
  #sending = 0;
  #fetching = false;
  #stale = false;
  #turn = 0;
  #latest = null;

  constructor(root, shown) {
    this.#root = root;
    this.#shown = shown;
    document.addEventListener("htmx:beforeRequest", (event) => this.#count(event, 1));
    document.addEventListener("htmx:beforeSwap", (event) => this.#judge(event));
    document.addEventListener("htmx:afterRequest", (event) => this.#count(event, -1));
    root.addEventListener("focusout", () => setTimeout(() => this.#settle()));
    document.addEventListener("toggle", (event) => event.target.matches("details.drawer") && this.#settle(), true);
  }

  get id() {
    return this.#root.querySelector("#case")?.dataset.id;
  }

  get #busy() {
    const typing = this.#root.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
    return this.#sending > 0 || this.#fetching || typing || Boolean(this.#root.querySelector("details.drawer[open]"));
  }

  #count(event, by) {
    if (event.detail.target !== this.#root) return;
    if (by > 0) this.#latest = event.detail.xhr;
    this.#sending = Math.max(0, this.#sending + by);
    this.#turn += 1;
    this.#settle();
  }

  // Answers may overtake each other: only the one to what was asked last is shown.
  #judge(event) {
    if (event.detail.target === this.#root && event.detail.xhr !== this.#latest) event.detail.shouldSwap = false;
  }

  #settle() {
    if (this.#stale && !this.#busy) this.refresh();
  }

  async refresh() {
    const id = this.id;
    if (!id) return;
    this.#stale = true;
    if (this.#busy) return;
    this.#stale = false;
    this.#fetching = true;
    const turn = this.#turn;
    const html = await this.#fetch(id);
    this.#fetching = false;
    if (html && this.id === id) {
      // What was asked for before an action was answered is older than that answer.
      if (this.#busy || turn !== this.#turn) this.#stale = true;
      else this.#show(html);
    }
    this.#settle();
  }

  async #fetch(id) {
    try {
      const answer = await fetch(`/console/cases/${id}`, { headers: { "HX-Request": "true" } });
      return answer.ok ? await answer.text() : "";
    } catch {
      return "";
    }
  }

  #show(html) {
    const focused = this.#focused();
    const unfolded = [...this.#root.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
    this.#root.innerHTML = html;
    for (const one of this.#root.querySelectorAll("details:not(.drawer) > summary")) {
      if (unfolded.includes(one.textContent)) one.parentElement.open = true;
    }
    htmx.process(this.#root);
    if (focused) this.#focus(focused);
    this.#shown();
  }

  // Whoever goes by keyboard stays on the same button when the case is shown anew.
  #focused() {
    const one = document.activeElement;
    if (!this.#root.contains(one)) return null;
    return { key: one.dataset.key, digit: one.dataset.digit, digits: "digits" in one.dataset, tag: one.tagName, text: one.textContent };
  }

  #focus({ key, digit, digits, tag, text }) {
    const all = [...this.#root.querySelectorAll("a, button, summary, [tabindex]")];
    const same = all.find((one) =>
      digits ? "digits" in one.dataset : key || digit ? one.dataset.key === key && one.dataset.digit === digit
        : one.tagName === tag && one.textContent === text);
    (same ?? this.#root).focus({ preventScroll: true });
  }
}

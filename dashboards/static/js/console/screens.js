// Two windows of one operator: the queue here, the case there. They talk over a channel of this browser alone.
const ALIVE = 7000;

export class Screens {
  #channel = null;
  #isScreen;
  #act;
  #heard = 0;
  #front = true;
  #window = null;
  #id = crypto.getRandomValues(new Uint32Array(1))[0];

  constructor(account, isScreen, act) {
    this.#isScreen = isScreen;
    this.#act = act;
    if (!("BroadcastChannel" in globalThis)) return;
    this.#channel = new BroadcastChannel(`yinling-console-${account}`);
    this.#channel.onmessage = ({ data }) => (isScreen ? this.#asScreen(data) : this.#asQueue(data));
    addEventListener("focus", () => this.#come());
    addEventListener("pagehide", () => isScreen && this.#say({ bye: true }));
    this.#come();
    if (isScreen) this.#say({ hello: true });
    else this.#say({ who: true });
  }

  // Is there a window that shows the case?
  get is() {
    return !this.#isScreen && Date.now() - this.#heard < ALIVE;
  }

  open() {
    if (this.is) {
      this.#window?.focus();
      return;
    }
    const width = Math.min(screen.availWidth, 1400);
    this.#window = window.open("/console/screen", "yinling-case", `popup,width=${width},height=${screen.availHeight}`);
  }

  show(id) {
    this.#say({ show: id });
  }

  // A key pressed here that is meant for the case there.
  press(key) {
    this.#window?.focus();
    this.#say({ press: key });
  }

  step(by) {
    this.#say({ step: by });
  }

  gravest() {
    this.#say({ gravest: true });
  }

  tick(id) {
    if (this.#isScreen) this.#say({ hello: true, id });
    else if (this.#heard && !this.is) {
      this.#heard = 0;
      this.#act.alone();
    }
  }

  #come() {
    this.#front = true;
    if (!this.#isScreen) this.#say({ front: this.#id });
  }

  #asScreen(data) {
    if (data.show) this.#act.show(data.show);
    else if (data.press) this.#act.press(data.press);
    else if (data.who) this.#say({ hello: true, id: this.#act.id() });
  }

  #asQueue(data) {
    if (data.hello) {
      const fresh = !this.is;
      this.#heard = Date.now();
      if (fresh) this.#act.together(data.id);
    } else if (data.bye) {
      this.#heard = 0;
      this.#act.alone();
    } else if (data.front) this.#front = data.front === this.#id;
    else if (data.step && this.#front) this.#act.step(data.step);
    else if (data.gravest && this.#front) this.#act.gravest();
  }

  #say(message) {
    this.#channel?.postMessage(message);
  }
}

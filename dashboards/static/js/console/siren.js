// What is heard and seen of an alarm: sound in one window only, again until somebody claims; title; desktop notice.
import { Bell } from "../bell.js";

const LOCK = "yinling-bell";
const AGAIN = { grave: 6000, lost: 10_000 };
const MUTED = 120_000;
const TUNES = { 1: "grave", 2: "severe" };
// A page without a console's buttons has alarms all the same.
const $ = (id) => document.getElementById(id);
const on = (id, act) => $(id)?.addEventListener("click", act);
const set = (id, given) => $(id) && Object.assign($(id), given);

export class Siren {
  #words;
  #key;
  #bell = new Bell(() => this.#update());
  #leads = false;
  #asked = false;
  #grave = new Set();
  #rang = 0;
  #lost = false;
  #unseen = 0;
  #flash = false;
  #base = document.title;

  constructor(words, account) {
    this.#words = words;
    this.#key = `yinling-shift-${account}`;
    on("shift", () => this.#begin());
    on("blocked", () => this.#bell.start());
    on("test-sound", () => this.#test());
    on("mute", () => this.mute());
    on("notify", () => this.#allow());
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.#touch(), true);
    addEventListener("storage", (event) => event.key === this.#key && this.#remembered());
    addEventListener("focus", () => this.#look());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    this.#remembered();
  }

  // Whether a shift has begun in this browser.
  get isOn() {
    return this.#isOn();
  }

  // An alarm that has just come, or has come again.
  ring(severity) {
    this.#play(TUNES[severity] ?? "light");
    if (document.hidden || !document.hasFocus()) {
      this.#unseen += 1;
      this.#notice(severity);
      this.#paint();
    }
  }

  chime() {
    this.#play("offer");
  }

  // The cases that ring until somebody claims them; one that is new is heard whether it is quiet or not.
  grave(ids) {
    const fresh = ids.some((id) => !this.#grave.has(id));
    this.#grave = new Set(ids);
    if (fresh) this.#store("mute", "");
    this.#paint();
  }

  lost(is) {
    if (is && !this.#lost) this.#play("lost");
    this.#lost = is;
    this.#paint();
  }

  mute() {
    const until = this.#quiet() ? "" : String(Date.now() + MUTED);
    this.#store("mute", until);
    this.#paint();
  }

  // Every two seconds, in the background too.
  tick() {
    if (this.#lost && Date.now() - this.#rang >= AGAIN.lost) this.#play("lost");
    else if (this.#grave.size && !this.#quiet() && Date.now() - this.#rang >= AGAIN.grave) this.#play("grave");
    this.#flash = !this.#flash;
    this.#paint();
    if (this.#isOn()) this.#update();
  }

  end() {
    this.#store("", "");
  }

  title(text) {
    this.#base = text;
    this.#paint();
  }

  #play(tune) {
    this.#rang = Date.now();
    if (!this.#leads || !this.#isOn()) return;
    this.#bell.play(tune);
    document.body.dataset.rang = String(Number(document.body.dataset.rang ?? 0) + 1);
  }

  #begin() {
    this.#store("", String(Date.now()));
    this.#remembered();
    this.#test();
  }

  async #test() {
    await this.#bell.start();
    this.#bell.play("grave");
    if (this.#bell.sounds) $("test-sound").dataset.sounded = "1";
  }

  #remembered() {
    if (this.#isOn()) this.#bell.start();
    this.#update();
  }

  #touch() {
    if (this.#isOn() && !this.#bell.sounds) this.#bell.start();
  }

  async #update() {
    const isOn = this.#isOn();
    if (isOn && this.#bell.sounds && !this.#asked) this.#lead();
    const elsewhere = isOn && !this.#leads && (await isLed());
    const { elsewhere: there, on: here, start } = this.#words;
    set("shift", { textContent: isOn ? (elsewhere ? there : here) : start, disabled: isOn });
    set("test-sound", { hidden: !isOn });
    set("mute", { hidden: !isOn });
    set("quiet", { hidden: isOn });
    set("blocked", { hidden: !isOn || this.#bell.sounds || elsewhere });
    set("notify", { hidden: !isOn || !("Notification" in globalThis) || Notification.permission !== "default" });
  }

  // Who holds the lock sounds; when its window is closed the next one does.
  #lead() {
    this.#asked = true;
    if (!navigator.locks) {
      this.#leads = true;
      return;
    }
    navigator.locks.request(LOCK, () => {
      this.#leads = true;
      document.body.dataset.leads = "1";
      this.#update();
      // A page that the browser keeps for the way back must not keep the sound.
      return new Promise((done) => addEventListener("pagehide", () => { this.#leads = false; done(); }));
    });
  }

  async #allow() {
    await Notification.requestPermission();
    this.#update();
  }

  #notice(severity) {
    if (!this.#leads || !("Notification" in globalThis) || Notification.permission !== "granted") return;
    const text = `${this.#words.notice} ${this.#words.severities[severity] ?? severity}`;
    const one = new Notification(text, { tag: "yinling", renotify: true, requireInteraction: severity === 1 });
    one.addEventListener("click", () => window.focus());
  }

  #look() {
    this.#unseen = 0;
    this.#paint();
  }

  #paint() {
    const alarm = this.#lost ? this.#words.lost : this.#unseen ? `(${this.#unseen}) ${this.#words.alarm}` : "";
    const title = alarm && this.#flash ? `■ ${alarm}` : alarm ? `□ ${alarm} · ${this.#base}` : this.#base;
    if (document.title !== title) document.title = title;
    const left = Math.max(0, Number(this.#read("mute")) - Date.now());
    $("mute")?.setAttribute("aria-pressed", String(left > 0));
    if ($("mute")) $("mute").dataset.left = left > 0 ? `${Math.ceil(left / 1000)} s` : "";
  }

  #quiet() {
    return Number(this.#read("mute")) > Date.now();
  }

  #isOn() {
    return Boolean(this.#read(""));
  }

  #read(name) {
    try {
      return localStorage.getItem(this.#key + name) ?? "";
    } catch {
      return "";
    }
  }

  #store(name, value) {
    try {
      if (value) localStorage.setItem(this.#key + name, value);
      else localStorage.removeItem(this.#key + name);
    } catch {
      // A browser that keeps nothing asks again after each load.
    }
  }
}

async function isLed() {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some((one) => one.name === LOCK);
}

// The family's page: news of its elder, reading aloud, the app's worker, being told on this device.
import { follow, parse } from "./live.js";

const root = document.getElementById("family");
const fetchNow = () => document.body.dispatchEvent(new Event("news"));
const by = (id) => document.getElementById(id);

if (root) {
  const lost = by("lost");
  follow({
    topic: "family",
    after: root.dataset.after,
    hear: (html) => {
      const named = [...parse(html).querySelectorAll("data")].map((one) => one.value);
      if (named.includes(root.dataset.elder)) fetchNow();
    },
    resync: fetchNow,
    state: (name) => {
      if (!lost.hidden && name === "live") fetchNow();
      lost.hidden = name !== "lost";
    },
  });
}

// A page out of the worker's memory says since when it is old.
const { old } = document.documentElement.dataset;
const age = by("old");
if (old && age) {
  age.querySelector("time").textContent = new Date(old).toLocaleString(document.documentElement.lang);
  age.hidden = false;
}

// What is marked is read aloud, in the page's language; where no voice is, there is no button.
const say = by("say");
if (say && "speechSynthesis" in window) {
  const words = say.textContent;
  const done = () => { say.textContent = words; say.setAttribute("aria-pressed", "false"); };
  const able = () => { say.hidden = speechSynthesis.getVoices().length === 0; };
  able();
  speechSynthesis.addEventListener?.("voiceschanged", able);
  say.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); done(); return; }
    const text = [...document.querySelectorAll("[data-say]")].map((one) => one.textContent.trim()).join("\n");
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.lang = document.documentElement.lang;
    spoken.rate = 0.9;
    spoken.onend = done;
    spoken.onerror = done;
    say.textContent = say.dataset.stop;
    say.setAttribute("aria-pressed", "true");
    speechSynthesis.speak(spoken);
  });
}

const print = by("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const worker = "serviceWorker" in navigator && window.isSecureContext
  ? navigator.serviceWorker.register("/family/sw.js", { scope: "/family" }).catch(() => null) : Promise.resolve(null);

const subscribed = async () => (await (await worker)?.pushManager?.getSubscription()) ?? null;
const post = (path, body) => fetch(`/api/v1/push-subscriptions${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const forget = async () => {
  const own = await subscribed();
  if (!own) return;
  await post("/withdraw", { endpoint: own.endpoint });
  await own.unsubscribe();
};

// Who logs out leaves nothing of the page in this browser, and is not told on it any more.
const out = document.querySelector('form[action="/logout"]');
out?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const late = new Promise((done) => { setTimeout(done, 2000); });
  await Promise.race([Promise.allSettled([window.caches?.delete("yl-family-pages"), forget()]), late]);
  out.submit();
});

// Which of the devices this one is: it alone is told on when all others are logged out.
if (by("endpoint")) subscribed().then((own) => { by("endpoint").value = own?.endpoint ?? ""; }).catch(() => null);

let offered = null;
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  if (by("install")) by("install").hidden = false;
});
by("install")?.addEventListener("click", async () => {
  await offered?.prompt();
  by("install").hidden = true;
});

const push = by("push");
if (push) {
  const show = (id, yes = true) => { by(id).hidden = !yes; };
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const failed = (text) => { show("push-failed"); by("push-failed").querySelector("span").textContent = text; };
  // Told is who has a subscription that the server knows too: it may have been removed from another device.
  const isKnown = async (own) => {
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(own.endpoint));
    const mark = [...new Uint8Array(sum)].map((one) => one.toString(16).padStart(2, "0")).join("");
    return push.dataset.known.split(" ").includes(mark);
  };
  const stand = async () => {
    const own = await subscribed();
    const told = Boolean(own) && await isKnown(own);
    show("push-on", !told);
    show("push-off", told);
    show("push-here", told);
    show("push-denied", Notification.permission === "denied");
  };
  const begin = async () => {
    const registration = await worker;
    const home = window.matchMedia("(display-mode: standalone)").matches || navigator.standalone;
    if (!registration || !("PushManager" in window) || !("Notification" in window)) {
      const apple = /iPhone|iPad/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
      if (apple && !home) show("push-apple");
      else if (push.dataset.wechat === "0") show("push-cannot");
      return;
    }
    await stand();
    by("push-on").addEventListener("click", async () => {
      show("push-failed", false);
      if (await Notification.requestPermission() !== "granted") { show("push-denied"); return; }
      try {
        const key = bytes(push.dataset.key);
        const own = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
        const answer = await post("", own.toJSON());
        if (answer.ok) { window.location.reload(); return; }
        const problem = await answer.json();
        await own.unsubscribe();
        failed(problem.errors?.[0]?.message ?? problem.detail ?? "");
      } catch (error) {
        failed(error.message);
      }
      await stand();
    });
    by("push-off").addEventListener("click", async () => {
      await forget();
      window.location.reload();
    });
  };
  begin();
}

// The family's service worker: a message on the screen, and the last page seen for when there is no network.
(function work(scope) {
  const { build, files, alone, icon } = scope.YL_FAMILY;
  const ASSETS = `yl-family-${build}`;
  const PAGES = "yl-family-pages";
  const PATIENCE = 8000;

  async function install() {
    const cache = await caches.open(ASSETS);
    await Promise.allSettled(files.map(async (file) => {
      const answer = await fetch(file, { cache: "reload" });
      if (answer.ok) await cache.put(file, answer);
    }));
    await scope.skipWaiting();
  }

  async function activate() {
    const old = (await caches.keys()).filter((name) => name.startsWith("yl-family-") && ![ASSETS, PAGES].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await scope.clients.claim();
  }

  const late = () => new Promise((_, fail) => { setTimeout(() => fail(new Error("late")), PATIENCE); });

  async function page(request) {
    try {
      const answer = await Promise.race([fetch(request), late()]);
      if (answer.redirected && new URL(answer.url).pathname.startsWith("/login")) await caches.delete(PAGES);
      else if (answer.ok && !answer.redirected) await keep(request, answer.clone());
      if (answer.status < 500) return answer;
      return (await kept(request)) ?? answer;
    } catch (error) {
      const found = (await kept(request)) ?? (await caches.match(alone, { cacheName: ASSETS }));
      if (found) return found;
      throw error;
    }
  }

  // What was seen, with the moment at which it was true: shown later, it says how old it is.
  async function keep(request, answer) {
    const text = await answer.text();
    const dated = text.replace("<html ", `<html data-old="${new Date().toISOString()}" `);
    const head = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": answer.headers.get("Content-Security-Policy") ?? "default-src 'self'" };
    await (await caches.open(PAGES)).put(request.url, new Response(dated, { headers: head }));
  }

  async function kept(request) {
    return (await caches.open(PAGES)).match(request.url);
  }

  async function told(data) {
    const said = { title: "", body: "", url: "/family", ...data };
    const shown = scope.registration.showNotification(said.title, {
      body: said.body, tag: said.tag || "yinling", renotify: true, requireInteraction: true, icon, badge: icon,
      lang: said.language === "en" ? "en" : "zh-CN", data: { url: said.url }, vibrate: [400, 200, 400, 200, 400],
    });
    const receipt = said.receipt && fetch(`/push/receipt/${encodeURIComponent(said.receipt)}`, { method: "POST", keepalive: true }).catch(() => {});
    await Promise.all([shown, receipt]);
  }

  // A page of ours that is open already is led there; else one is opened.
  async function open(path) {
    const to = new URL(path, scope.location.origin);
    if (to.origin !== scope.location.origin) return;
    const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
    const own = pages.find((one) => new URL(one.url).pathname.startsWith("/family"));
    if (own) {
      const led = await own.navigate(to.href).catch(() => null);
      if (led) {
        await led.focus().catch(() => {});
        return;
      }
    }
    await scope.clients.openWindow(to.href);
  }

  // The push service has given this browser another address: we are told of it.
  async function renew(event) {
    const key = event.oldSubscription?.options?.applicationServerKey;
    const fresh = event.newSubscription ?? (key && await scope.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    if (fresh) await fetch("/api/v1/push-subscriptions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fresh) });
  }

  scope.addEventListener("install", (event) => event.waitUntil(install()));
  scope.addEventListener("activate", (event) => event.waitUntil(activate()));
  scope.addEventListener("push", (event) => {
    let data = {};
    try { data = event.data?.json() ?? {}; } catch { /* not ours: it is shown without words */ }
    event.waitUntil(told(data));
  });
  scope.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data?.url ?? "/family"));
  });
  scope.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
  scope.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== scope.location.origin) return;
    if (url.pathname.startsWith("/static/")) event.respondWith(caches.match(request, { cacheName: ASSETS }).then((found) => found ?? fetch(request)));
    else if (request.mode === "navigate" && url.pathname.startsWith("/family") && !url.pathname.endsWith(".pdf")) event.respondWith(page(request));
  });
})(self);

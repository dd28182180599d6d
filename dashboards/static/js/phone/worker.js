// The service worker of the caregiver's phone and the assessor's tablet: our files and the person's own pages, nothing else, for when there is no network.
(function work(scope) {
  const { build, files } = scope.YL_BUILD;
  const ASSETS = `yl-assets-${build}`;
  const PAGES = "yl-pages-";
  const PATIENCE = 6000;

  // One file that is missing must not cost all of them.
  async function install() {
    const cache = await caches.open(ASSETS);
    await Promise.allSettled(files.map(async (file) => {
      const answer = await fetch(file, { cache: "reload" });
      if (answer.ok) await cache.put(file, answer);
    }));
    await scope.skipWaiting();
  }

  async function activate() {
    const old = (await caches.keys()).filter((name) => name.startsWith("yl-assets-") && name !== ASSETS);
    await Promise.all(old.map((name) => caches.delete(name)));
    await scope.clients.claim();
  }

  async function asset(request) {
    const cached = await caches.match(request, { cacheName: ASSETS });
    return cached ?? fetch(request);
  }

  const late = () => new Promise((_, fail) => { setTimeout(() => fail(new Error("late")), PATIENCE); });

  async function page(request) {
    const { pathname } = new URL(request.url);
    try {
      const answer = await Promise.race([fetch(request), late()]);
      if (answer.ok && !answer.redirected) await keep(pathname, answer.clone());
      if (answer.status < 500) return answer;
      return (await kept(pathname)) ?? answer;
    } catch (error) {
      const found = (await kept(pathname)) ?? (await kept(`/${pathname.split("/")[1]}`));
      if (found) return found;
      throw error;
    }
  }

  // Whose page it is stands in its head; pages of somebody else who used this phone go.
  async function keep(path, answer) {
    const account = answer.headers.get("Yl-Account");
    if (!account) return;
    const name = PAGES + account;
    const others = (await caches.keys()).filter((one) => one.startsWith(PAGES) && one !== name);
    await Promise.all(others.map((one) => caches.delete(one)));
    await (await caches.open(name)).put(path, answer);
  }

  async function kept(path) {
    const names = (await caches.keys()).filter((one) => one.startsWith(PAGES));
    for (const name of names) {
      const found = await (await caches.open(name)).match(path);
      if (found) return found;
    }
    return undefined;
  }

  // A home's code read by the phone's own camera without a network: the page finds the visit by itself.
  async function scanned(request) {
    try {
      return await fetch(request);
    } catch {
      const token = new URL(request.url).pathname.split("/").pop();
      return Response.redirect(`/m?qr=${encodeURIComponent(token)}`, 302);
    }
  }

  scope.addEventListener("install", (event) => event.waitUntil(install()));
  scope.addEventListener("activate", (event) => event.waitUntil(activate()));
  scope.addEventListener("sync", (event) => event.tag === "yl-outbox" && event.waitUntil(scope.YlOutbox.flush()));
  scope.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== scope.location.origin) return;
    if (url.pathname.startsWith("/static/") || url.pathname === "/manifest.webmanifest") event.respondWith(asset(request));
    else if (request.mode !== "navigate") return;
    else if (["m", "assessor"].includes(url.pathname.split("/")[1])) event.respondWith(page(request));
    else if (url.pathname.startsWith("/q/")) event.respondWith(scanned(request));
  });
})(self);

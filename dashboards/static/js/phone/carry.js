// Before the network goes: the days ahead, their pages, and what is sealed of today's visits, each look on record.
const store = self.YlStore;
const REST = 60_000;
const SOON = 36 * 3_600_000;
const OURS = ["/m", "/m/week", "/m/month", "/m/certificates"];
let last = 0;

export async function carry(root, force = false) {
  if (!navigator.onLine || (!force && Date.now() - last < REST)) return;
  last = Date.now();
  const answer = await fetch("/api/v1/phone/days");
  if (!answer.ok) return;
  await self.YlOutbox.heard(answer);
  const days = await answer.json();
  if (days.account_id !== root.dataset.account) return;
  await store.note("contacts", days.contacts);
  await settle(days.settled);
  await ours(root.dataset.account);
  const known = new Map((await store.all("carried")).map((one) => [one.id, one]));
  for (const visit of days.visits) await take(visit, known.get(visit.id), root.dataset.account);
  const ids = new Set(days.visits.map((one) => one.id));
  for (const id of known.keys()) if (!ids.has(id)) await store.drop("carried", id);
  await tidy(root.dataset.account, ids);
}

async function ours(account) {
  if (!self.caches) return;
  const cache = await caches.open(`yl-pages-${account}`);
  for (const path of OURS) if (!(await cache.match(path))) await load(cache, path, account);
}

async function take(visit, before, account) {
  const cache = self.caches ? await caches.open(`yl-pages-${account}`) : null;
  const path = `/m/visits/${visit.id}`;
  if (cache && (before?.mark !== visit.mark || !(await cache.match(path)))) await load(cache, path, account);
  const isSoon = Date.parse(visit.window_start) - Date.now() < SOON;
  const isMine = ["accepted", "en_route", "in_progress"].includes(visit.state);
  let secrets = isMine ? before?.secrets : undefined;
  if (!secrets && isMine && isSoon) secrets = await reveal(visit.id);
  await store.put("carried", { ...visit, secrets });
}

async function load(cache, path, account) {
  const answer = await fetch(path, { headers: { Accept: "text/html" } });
  if (answer.ok && !answer.redirected && answer.headers.get("Yl-Account") === account) await cache.put(path, answer);
}

// Pages that are kept anew each time, so that what they say of a person is not old; gone are those not named.
export async function keepPages(account, paths) {
  if (!self.caches) return;
  const cache = await caches.open(`yl-pages-${account}`);
  for (const path of paths) await load(cache, path, account).catch(() => null);
  const drafts = new Set((await store.all("drafts")).map((one) => `/assessor/elders/${one.visit.split(":")[1]}`));
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/assessor/elders/") && !paths.includes(pathname) && !drafts.has(pathname)) await cache.delete(request);
  }
}

async function reveal(id) {
  const answer = await fetch(`/api/v1/visits/${id}/reveal`, { method: "POST" });
  return answer.ok ? answer.json() : undefined;
}

async function tidy(account, ids) {
  if (!self.caches) return;
  const cache = await caches.open(`yl-pages-${account}`);
  for (const request of await cache.keys()) {
    const [, id] = new URL(request.url).pathname.match(/^\/m\/visits\/([^/]+)$/) ?? [];
    if (id && !ids.has(id)) await cache.delete(request);
  }
}

// What somebody at the provider's has settled need not be shown any more.
async function settle(settled) {
  const done = new Set(settled.map((one) => one.id));
  for (const item of await self.YlOutbox.refused()) if (done.has(item.key)) await self.YlOutbox.remove(item);
}

export async function forget() {
  if (self.caches) for (const name of await caches.keys()) if (name.startsWith("yl-pages-")) await caches.delete(name);
  for (const name of ["tasks", "drafts", "carried"]) await store.clear(name);
  await store.drop("meta", "contacts");
}

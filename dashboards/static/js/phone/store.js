// What the phone keeps, in IndexedDB; a classic script, so that old WebViews' workers can import it too.
(function make(scope) {
  const NAME = "yl-phone";
  const STORES = { outbox: { keyPath: "n", autoIncrement: true }, tasks: { keyPath: "visit" }, drafts: { keyPath: "visit" }, carried: { keyPath: "id" }, meta: { keyPath: "name" } };
  let opened = null;

  function open() {
    opened ??= new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        for (const [name, how] of Object.entries(STORES)) asked.result.createObjectStore(name, how);
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = null; };
        done(asked.result);
      };
      asked.onerror = () => { opened = null; fail(asked.error); };
    });
    return opened;
  }

  // A change is done when its transaction is, not when the request was answered: then a killed browser has it.
  async function run(name, mode, act) {
    const base = await open();
    return new Promise((done, fail) => {
      const work = base.transaction(name, mode);
      const asked = act(work.objectStore(name));
      work.oncomplete = () => done(asked?.result);
      work.onabort = work.onerror = () => fail(work.error);
    });
  }

  const get = (name, key) => run(name, "readonly", (store) => store.get(key));
  const all = (name) => run(name, "readonly", (store) => store.getAll());
  const put = (name, value) => run(name, "readwrite", (store) => store.put(value));
  const drop = (name, key) => run(name, "readwrite", (store) => store.delete(key));
  const clear = (name) => run(name, "readwrite", (store) => store.clear());
  const meta = async (name) => (await get("meta", name))?.value;
  const note = (name, value) => put("meta", { name, value });

  scope.YlStore = { get, all, put, drop, clear, meta, note };
})(self);

// Alone in a home: when the time is over the phone asks; who does not answer is looked for by others.
const store = self.YlStore;
const LOOK = 5_000;

const known = async () => (await store.meta("lone")) ?? {};

export async function begin(visit, seconds) {
  await store.note("lone", { ...(await known()), [visit]: Date.now() + seconds * 1000 });
}

export async function end(visit) {
  const { [visit]: _, ...rest } = await known();
  await store.note("lone", rest);
}

export function watch(isWell) {
  const dialog = document.getElementById("lone");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("[data-well]").addEventListener("click", async () => {
    await isWell(dialog.dataset.visit, Number(dialog.dataset.again));
    dialog.close();
  });
  dialog.querySelector("[data-help]").addEventListener("click", async () => {
    await begin(dialog.dataset.visit, 60);
    dialog.close();
    const sos = document.getElementById("sos");
    sos.open = true;
    sos.scrollIntoView();
    sos.querySelector("button").focus();
  });
  const look = async () => {
    const [visit] = Object.entries(await known()).find(([, due]) => due <= Date.now()) ?? [];
    if (!visit || dialog.open) return;
    dialog.dataset.visit = visit;
    dialog.showModal();
    navigator.vibrate?.([600, 200, 600, 200, 600]);
  };
  look();
  setInterval(look, LOOK);
}

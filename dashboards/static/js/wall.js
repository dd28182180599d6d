// The wall: each event brings the whole board again, a look every 15 seconds brings ages and figures; old is said loudly.
import { read } from "./stream.js";

const board = document.getElementById("board");
const lost = document.getElementById("lost");
const clock = document.getElementById("clock");
const OLD = 40_000;
let heard = Date.now();

function put(html) {
  heard = Date.now();
  board.innerHTML = html;
}

async function look() {
  try {
    const answer = await fetch("/wall/board", { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.status === 401 || answer.headers.has("HX-Redirect")) location.reload();
    else if (answer.ok) put(await answer.text());
  } catch {
    // the banner says it
  }
}

function tell() {
  lost.hidden = Date.now() - heard <= OLD;
  const now = new Date();
  clock.textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  for (const one of board.querySelectorAll("[data-age]")) {
    const seconds = Math.max(0, Math.round((now - Date.parse(one.dateTime)) / 1000));
    one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

read({ topic: "wall", after: board.dataset.after, hear: put, resync: look, state() {}, stop: () => location.reload() });
setInterval(look, 15_000);
setInterval(tell, 1000);

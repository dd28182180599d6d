// A signature drawn by finger: a path of whole numbers, and a digest over it and over what was signed.
export class Pad {
  constructor(svg) {
    this.line = svg.querySelector("path");
    this.path = "";
    let isDown = false;
    const point = (event) => {
      const box = svg.getBoundingClientRect();
      const x = Math.round(((event.clientX - box.left) / box.width) * 600);
      const y = Math.round(((event.clientY - box.top) / box.height) * 200);
      return `${x} ${y} `;
    };
    svg.addEventListener("pointerdown", (event) => {
      isDown = true;
      svg.setPointerCapture(event.pointerId);
      this.add(`M${point(event)}`);
    });
    svg.addEventListener("pointermove", (event) => isDown && this.path.length < 39_000 && this.add(`L${point(event)}`));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { isDown = false; });
  }

  add(part) {
    this.path += part;
    this.line.setAttribute("d", this.path);
  }

  clear() {
    this.path = "";
    this.line.setAttribute("d", "");
  }
}

// As Python's json.dumps(sort_keys, separators) writes flat objects and lists of texts.
export async function digest(statement, path) {
  const sorted = JSON.stringify(statement, Object.keys(statement).sort());
  const bytes = new TextEncoder().encode(`${sorted}\n${path}`);
  const made = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(made)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

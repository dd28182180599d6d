// The installer's phone: codes by the camera where the browser can read them, photos made small before they leave.
const LONG_SIDE = 1280;
const QUALITY = 0.82;

async function scan(box) {
  const video = box.querySelector("video");
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128", "data_matrix"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  for (;;) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found?.rawValue) {
      for (const track of stream.getTracks()) track.stop();
      box.querySelector("[name=code]").value = found.rawValue;
      box.querySelector("form").submit();
      return;
    }
    await new Promise((next) => setTimeout(next, 150));
  }
}

for (const box of document.querySelectorAll("[data-scanner]")) {
  const button = box.querySelector("[data-camera]");
  const can = "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia;
  button.hidden = !can;
  box.querySelector("[data-no-camera]").hidden = Boolean(can);
  button.addEventListener("click", () => {
    button.hidden = true;
    scan(box).catch(() => {
      box.querySelector("video").hidden = true;
      box.querySelector("[data-no-camera]").hidden = false;
    });
  });
}

async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONG_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

for (const form of document.querySelectorAll("form[data-photo]")) {
  form.addEventListener("submit", async (event) => {
    const input = form.elements.photo;
    const [file] = input.files;
    if (!file || form.dataset.small) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      const files = new DataTransfer();
      files.items.add(await smaller(file));
      input.files = files.files;
    } catch {
      // a picture that this browser cannot read goes as it is; the server says what is wrong
    }
    form.dataset.small = "1";
    form.submit();
  }, { capture: true });
}

// A log-in typed on somebody else's tablet, sealed at once: ECDH on P-256 with a key for this once, HKDF, AES-GCM.
const text = new TextEncoder();
const INFO = text.encode("yinling sealed login");

const bytes = (given) => Uint8Array.from(atob(given.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const spell = (given) => btoa(String.fromCharCode(...new Uint8Array(given))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export const canSeal = () => Boolean(globalThis.crypto?.subtle);

// Only the server can open it, and only for what it was sealed for.
export async function seal(point, login, boundTo) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", bytes(point), curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: INFO };
  const key = await crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: text.encode(boundTo) }, key, text.encode(JSON.stringify(login)));
  return { key: spell(await crypto.subtle.exportKey("raw", ours.publicKey)), nonce: spell(nonce), box: spell(box) };
}

// The bell: tones made by WebAudio, graver ones higher and longer; a browser lets it sound only after a click or a key.
const TUNES = {
  grave: [[880, 0], [1174.7, 0.18], [880, 0.55], [1174.7, 0.73], [880, 1.1], [1174.7, 1.28]],
  severe: [[784, 0], [988, 0.2], [784, 0.6], [988, 0.8]],
  light: [[659, 0]],
  offer: [[523, 0], [659, 0.16], [784, 0.32]],
  lost: [[294, 0], [220, 0.3], [165, 0.6]],
};

export class Bell {
  #audio = null;

  constructor(changed) {
    this.changed = changed;
  }

  get sounds() {
    return this.#audio?.state === "running";
  }

  // Nobody waits for it but a test: a browser that blocks sound leaves the answer open until somebody clicks.
  async start() {
    if (!this.#audio) {
      this.#audio = new AudioContext();
      this.#audio.addEventListener("statechange", () => this.changed());
    }
    try {
      await this.#audio.resume();
      this.changed();
    } catch {
      // The window is being closed.
    }
  }

  play(tune) {
    if (!this.sounds) return;
    for (const [frequency, after] of TUNES[tune]) this.#note(frequency, this.#audio.currentTime + after);
  }

  #note(frequency, at) {
    const tone = this.#audio.createOscillator();
    const gain = this.#audio.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
    tone.connect(gain).connect(this.#audio.destination);
    tone.start(at);
    tone.stop(at + 0.42);
  }
}

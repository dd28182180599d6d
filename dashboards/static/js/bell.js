// The bell: two notes made by WebAudio; a browser lets it sound only after a click.
export class Bell {
  #audio = null;

  async start() {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
  }

  ring(times) {
    if (!this.#audio) return;
    for (let n = 0; n < times; n += 1) {
      this.#note(880, this.#audio.currentTime + n * 0.55);
      this.#note(1174.7, this.#audio.currentTime + n * 0.55 + 0.18);
    }
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

/** Long work in the extension host lets others go first every few milliseconds, and ends where it is not wanted any more. */

const LONG_MS = 8;

export class Pause {
  readonly signal: AbortSignal;
  #since = performance.now();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** @throws the reason of the signal */
  async ifLong(): Promise<void> {
    if (performance.now() - this.#since > LONG_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#since = performance.now();
    }
    this.signal.throwIfAborted();
  }

  /** @throws the reason of the signal, at once */
  async rest(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#since = performance.now();
    this.signal.throwIfAborted();
  }
}

/** At most so many requests a minute, evenly spread: an endpoint that counts by the second is not surprised either. */

export class RateLimit {
  readonly #gapMs: number;
  readonly #now: () => number;
  #next = 0;

  constructor(requestsPerMinute: number | undefined, now: () => number) {
    this.#gapMs = requestsPerMinute === undefined ? 0 : 60_000 / requestsPerMinute;
    this.#now = now;
  }

  /** Milliseconds until the request may be sent; its place is taken with the call. */
  take(): number {
    if (this.#gapMs === 0) return 0;
    const now = this.#now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#gapMs;
    return at - now;
  }
}

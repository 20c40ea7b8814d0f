/** How many grades a mouse that rests may ask of somebody else: so many an hour, counted in this window. */

const HOUR_MS = 3_600_000;

export class HoverBudget {
  readonly #now: () => number;
  /** When those of the last hour were asked for, the oldest first. */
  #asked: number[] = [];

  /** @param now milliseconds of a clock that is not set back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns false where the last hour's are used up, else one is taken */
  take(mostAnHour: number): boolean {
    const now = this.#now();
    this.#asked = this.#asked.filter((at) => now - at < HOUR_MS);
    if (this.#asked.length >= mostAnHour) return false;
    this.#asked.push(now);
    return true;
  }
}

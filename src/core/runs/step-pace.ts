/** How long steps take, by the clock of the trainer, which may be set while it runs. */

import { mean, median, RecentValues } from './recent-values.ts';

/** The pace is that of the newest steps. */
const STEPS = 50;
/** Times the usual: what takes longer is a pause, or a clock that was set forward. An evaluation takes less. */
const PAUSE_FACTOR = 20;

export class StepPace {
  /** Milliseconds a step. */
  readonly times = new RecentValues();
  #step: number | undefined;
  #at = 0;

  /**
   * Steps of one attempt, as they come. A clock that was set back tells no time between two steps.
   * @param ms since 1970
   */
  add(step: number, ms: number): void {
    if (this.#step !== undefined && step > this.#step && ms >= this.#at) {
      this.times.push((ms - this.#at) / (step - this.#step));
    }
    if (this.#step !== step) {
      this.#step = step;
      this.#at = ms;
    }
  }

  /** Undefined where too little is known. */
  get secondsPerStep(): number | undefined {
    const newest = this.times.last(STEPS);
    if (newest.length === 0) return undefined;
    const usual = median(newest);
    const seconds = mean(newest.filter((time) => usual === 0 || time <= PAUSE_FACTOR * usual)) / 1000;
    return seconds > 0 ? seconds : undefined;
  }
}

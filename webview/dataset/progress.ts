/** The line that says something is being read, if it takes long enough to be noticed. */

import { element } from './elements.ts';

/** Work shorter than this shows no sign of itself. */
export const PATIENCE_MS = 300;

export class Progress {
  readonly element = element('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Reading', hidden: true });
  #noticed = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** Something is being waited for, or nothing any more. */
  show(waiting: boolean): void {
    clearTimeout(this.#waiting);
    if (!waiting) this.element.hidden = this.#noticed === 0;
    else if (this.element.hidden) {
      this.#waiting = setTimeout(() => {
        this.element.hidden = false;
      }, PATIENCE_MS);
    }
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let noticed = false;
    const timer = setTimeout(() => {
      noticed = true;
      this.#noticed++;
      this.element.hidden = false;
    }, PATIENCE_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      if (noticed) this.#noticed--;
      this.element.hidden = this.#noticed === 0;
    }
  }
}

/** Marks at the right edge of the grid: where in the whole file the hits of a search lie. */

import { element } from '../elements.ts';
import type { RowNumbers } from './row-numbers.ts';

export class Ruler {
  readonly element = element('canvas', { class: 'ruler', 'aria-hidden': 'true' });

  /** @param rows of the whole file */
  show(hits: RowNumbers, rows: number): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    this.element.width = width;
    this.element.height = height;
    const context = this.element.getContext('2d');
    if (!context || rows === 0) return;
    context.clearRect(0, 0, width, height);
    context.fillStyle = getComputedStyle(this.element).color;
    let last = -1;
    for (let index = 0; index < hits.length; index++) {
      const top = Math.floor(((hits.at(index) ?? 0) / rows) * height);
      if (top === last) continue;
      last = top;
      context.fillRect(0, top, width, 2);
    }
  }
}

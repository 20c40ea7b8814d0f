/** A value with its interval on a scale, and what it is compared to. */

import { element } from '../dataset/elements.ts';

export interface IntervalBar {
  readonly value: number;
  readonly interval: readonly [number, number];
  /** Drawn as a dotted line. */
  readonly level: number;
}

/** @param scale least and greatest */
export function intervalBar(
  { value, interval: [low, high], level }: IntervalBar,
  scale: readonly [number, number],
): HTMLElement {
  const [least, greatest] = scale;
  const share = (at: number) => Math.max(0, Math.min(100, ((at - least) / (greatest - least || 1)) * 100));
  const fill = element('span', { class: 'fill' });
  fill.style.width = `${share(value)}%`;
  const whisker = element('span', { class: 'whisker' });
  whisker.style.left = `${share(low)}%`;
  whisker.style.width = `${share(high) - share(low)}%`;
  const line = element('span', { class: 'level' });
  line.style.left = `${share(level)}%`;
  return element('span', { class: 'measure-bar', 'aria-hidden': 'true' }, fill, whisker, line);
}

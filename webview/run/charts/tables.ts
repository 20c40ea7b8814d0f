/** The numbers of a chart as a table: the same values, for those who do not see curves. */

import { element } from '../../dataset/elements.ts';
import { count, duration, number } from '../text.ts';
import type { ChartContent } from './chart-content.ts';
import { nearest, shown } from './lines.ts';

const ROWS = 40;
const AXES = { step: 'step', epoch: 'epoch', time: 'time' } as const;

/** Evenly spread places of the first curve, the last one among them, with what every curve has nearest to them. */
export function numbersTable(title: string, { lines, x: axis, range }: ChartContent): HTMLTableElement {
  const places = new Set<number>();
  for (const line of lines) {
    const { x } = shown(line);
    const inside = [...x].filter((at) => at >= range[0] && at <= range[1]);
    if (inside.length <= places.size) continue;
    places.clear();
    const every = Math.max(1, (inside.length - 1) / (ROWS - 1));
    for (let place = 0; place < inside.length; place += every) places.add(inside[Math.round(place)]!);
    if (inside.length > 0) places.add(inside.at(-1)!);
  }
  // Validation comes seldom: each of its values has a row of its own.
  for (const { metric, raw } of lines) {
    if (metric.set === 'validation') for (const at of raw.x) if (at >= range[0] && at <= range[1]) places.add(at);
  }
  const head = lines.flatMap((line) => {
    const name = `${line.run}: ${line.metric.name}`;
    return line.smooth && line.metric.set === 'train' ? [`${name}, smoothed`, `${name}, raw`] : [name];
  });
  const rows = [...places]
    .sort((a, b) => a - b)
    .map((at) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, axis === 'time' ? duration(at) : axis === 'step' ? count(at) : number(at)),
        ...lines.flatMap((line) => {
          if (line.metric.set === 'validation') {
            const found = nearest(line.raw, at);
            return [element('td', {}, found?.x === at ? number(found.y) : '')];
          }
          const points = line.smooth ? [line.smooth, line.raw] : [line.raw];
          return points.map((each) => element('td', {}, within(each.x, at) ? number(nearest(each, at)?.y) : ''));
        }),
      ),
    );
  return element(
    'table',
    { class: 'plain numbers' },
    element('caption', {}, title),
    element(
      'thead',
      {},
      element('tr', {}, ...[AXES[axis], ...head].map((text) => element('th', { scope: 'col' }, text))),
    ),
    element('tbody', {}, ...rows),
  );
}

const within = (x: Float64Array, at: number): boolean => x.length > 0 && at >= x[0]! && at <= x.at(-1)!;

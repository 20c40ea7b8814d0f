/** What the runs have at the crosshair: smoothed, as written, and the difference to the first run. */

import { element } from '../../dataset/elements.ts';
import { count, duration, number, signed } from '../text.ts';
import { type ChartContent, toleranceOf } from './chart-content.ts';
import { type Line, shown, valueAt } from './lines.ts';
import { swatch } from './swatch.ts';

const AXES = { step: 'Step', epoch: 'Epoch', time: '' } as const;
/** More than these would cover the chart. */
const MOST_LINES = 12;

export function showTooltip(into: HTMLElement, content: ChartContent, x: number): void {
  const { lines } = content;
  const tolerance = toleranceOf(content);
  const compared = new Set(lines.map(({ folder }) => folder)).size > 1;
  const first = lines[0] && valueAt(shown(lines[0]), x, tolerance)?.y;
  const rows = lines.slice(0, MOST_LINES).map((line) => {
    const smooth = line.smooth && line.metric.set === 'train' ? valueAt(line.smooth, x, tolerance)?.y : undefined;
    const raw = valueAt(line.raw, x, tolerance)?.y;
    const same = line.metric.name === lines[0]?.metric.name && line !== lines[0];
    const value = smooth ?? raw;
    const difference = compared && same && first !== undefined && value !== undefined ? signed(value - first) : '';
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, swatch(line.style), nameOf(line, lines, compared)),
      element('td', { class: 'value' }, smooth === undefined ? '' : number(smooth)),
      element('td', {}, raw === undefined ? '' : number(raw)),
      ...(compared ? [element('td', {}, difference)] : []),
    );
  });
  const at = content.x === 'time' ? duration(x) : `${AXES[content.x]} ${content.x === 'step' ? count(x) : number(x)}`;
  const head = ['EMA', 'raw', ...(compared ? ['diff'] : [])].map((title) => element('th', { scope: 'col' }, title));
  into.replaceChildren(
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, element('th', { scope: 'col', class: 'at' }, at), ...head)),
      element('tbody', {}, ...rows),
    ),
  );
}

/** In the corner, on the other side of the crosshair, where the fewest curves are: above or below the scale's middle. */
export function placeTooltip(tooltip: HTMLElement, { lines, range }: ChartContent, x: number, middleY: number): void {
  const middle = (range[0] + range[1]) / 2;
  const left = x > middle;
  let above = 0;
  for (const line of lines) {
    const points = shown(line);
    for (let point = 0; point < points.x.length; point += 1) {
      if (points.x[point]! < middle !== left) continue;
      above += points.y[point]! > middleY ? 1 : -1;
    }
  }
  tooltip.classList.toggle('left', left);
  tooltip.classList.toggle('bottom', above > 0);
}

function nameOf(line: Line, lines: readonly Line[], compared: boolean): string {
  const several = lines.some((other) => other.folder === line.folder && other !== line);
  const what = line.metric.part || line.metric.name.replace(/^train\//, '');
  if (!compared) return what;
  return several ? `${line.run} ${what}` : line.run;
}

/** What the runs have at the crosshair: smoothed, as written, and the difference to the first run. */

import { element } from '../../dataset/elements.ts';
import { count, duration, number, signed } from '../text.ts';
import { type ChartContent, toleranceOf } from './chart-content.ts';
import { type Line, shown, valueAt } from './lines.ts';
import { swatch } from './swatch.ts';

const AXES = { step: 'Step', epoch: 'Epoch', time: '' } as const;
/** More than these would cover the chart. */
const MOST_LINES = 12;

export class Tooltip {
  readonly element = element('div', { class: 'chart-tooltip', hidden: true });
  readonly #at = document.createTextNode('');
  #cells: Text[] = [];
  #rows = '';

  show(content: ChartContent, x: number): void {
    const { lines } = content;
    const compared = new Set(lines.map(({ folder }) => folder)).size > 1;
    const listed = lines.slice(0, MOST_LINES);
    const names = listed.map((line) => nameOf(line, lines, compared));
    const rows = JSON.stringify([compared, names, listed.map(({ style }) => style)]);
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#build(listed, names, compared);
    }
    this.#at.data =
      content.x === 'time' ? duration(x) : `${AXES[content.x]} ${content.x === 'step' ? count(x) : number(x)}`;
    const texts = listed.flatMap((line) => textsOf(line, content, x, compared));
    for (const [at, cell] of this.#cells.entries()) if (cell.data !== texts[at]) cell.data = texts[at]!;
  }

  /** In the corner, on the other side of the crosshair, where the fewest curves are: above or below the scale's middle. */
  place({ lines, range }: ChartContent, x: number, middleY: number): void {
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
    this.element.classList.toggle('left', left);
    this.element.classList.toggle('bottom', above > 0);
  }

  /** The table without its numbers: with every move of the mouse only those change. */
  #build(listed: readonly Line[], names: readonly string[], compared: boolean): void {
    this.#cells = [];
    const cell = (attributes: { class?: string } = {}) => {
      const text = document.createTextNode('');
      this.#cells.push(text);
      return element('td', attributes, text);
    };
    const rows = listed.map((line, row) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, swatch(line.style), names[row]!),
        cell({ class: 'value' }),
        cell(),
        ...(compared ? [cell()] : []),
      ),
    );
    const head = ['EMA', 'raw', ...(compared ? ['diff'] : [])].map((title) => element('th', { scope: 'col' }, title));
    this.element.replaceChildren(
      element(
        'table',
        {},
        element('thead', {}, element('tr', {}, element('th', { scope: 'col', class: 'at' }, this.#at), ...head)),
        element('tbody', {}, ...rows),
      ),
    );
  }
}

/** Smoothed, as written, and, where runs are compared, the difference to the first one. */
function textsOf(line: Line, content: ChartContent, x: number, compared: boolean): string[] {
  const [first] = content.lines;
  const tolerance = toleranceOf(content);
  const smooth = line.smooth && line.metric.set === 'train' ? valueAt(line.smooth, x, tolerance)?.y : undefined;
  const raw = valueAt(line.raw, x, tolerance)?.y;
  const texts = [smooth, raw].map((value) => (value === undefined ? '' : number(value)));
  if (!compared) return texts;
  const value = smooth ?? raw;
  const same = first && line !== first && line.metric.name === first.metric.name;
  const reference = same ? valueAt(shown(first), x, tolerance)?.y : undefined;
  return [...texts, reference === undefined || value === undefined ? '' : signed(value - reference)];
}

function nameOf(line: Line, lines: readonly Line[], compared: boolean): string {
  const several = lines.some((other) => other.folder === line.folder && other !== line);
  const what = line.metric.part || line.metric.name.replace(/^train\//, '');
  if (!compared) return what;
  return several ? `${line.run} ${what}` : line.run;
}

/** A histogram: one row of bars for each series over the same axis, and the same numbers as a table. */

import type { Histogram } from '../../src/core/evaluations/report.ts';
import { element } from '../dataset/elements.ts';
import { count, number } from '../run/text.ts';

const SVG = 'http://www.w3.org/2000/svg';
const BIN = 10;
const HEIGHT = 40;
const TICKS = 5;

export function histogramView({ title, unit, edges, series }: Histogram): HTMLElement {
  const shown = series.filter(({ counts }) => counts.some((each) => each > 0));
  const greatest = Math.max(1, ...shown.flatMap(({ counts }) => counts));
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 1;
  // Where 0 decides who won, what lies below is the wrong side.
  const sided = series.length === 1;
  return element(
    'figure',
    { class: 'histogram' },
    element('figcaption', {}, element('b', {}, title), ' ', element('span', { class: 'dim' }, unit)),
    ...shown.map(({ name, counts }, at) => {
      const n = counts.reduce((sum, each) => sum + each, 0);
      return element(
        'div',
        { class: `histogram-row series-${at}` },
        element('span', { class: 'series' }, `${name} `, element('span', { class: 'dim' }, `n ${count(n)}`)),
        bars(
          counts,
          edges,
          greatest,
          `${title}, ${name}: ${count(n)} between ${number(first)} and ${number(last)}`,
          sided,
        ),
      );
    }),
    axis(first, last),
    element('details', { class: 'figures' }, element('summary', {}, 'Numbers'), numbersTable(title, edges, shown)),
  );
}

function bars(
  counts: readonly number[],
  edges: readonly number[],
  greatest: number,
  label: string,
  sided: boolean,
): SVGElement {
  const svg = svgElement('svg', {
    viewBox: `0 0 ${counts.length * BIN} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
    class: 'bars',
  });
  counts.forEach((each, bin) => {
    if (each === 0) return;
    const height = Math.max(1, (each / greatest) * HEIGHT);
    const wrong = sided && (edges[bin + 1] ?? 0) <= 0;
    const bar = svgElement('rect', {
      x: String(bin * BIN + 0.5),
      y: String(HEIGHT - height),
      width: String(BIN - 1),
      height: String(height),
      class: wrong ? 'bar wrong' : 'bar',
    });
    const tip = svgElement('title', {});
    tip.textContent = `${rangeText(edges, bin, counts.length)}: ${count(each)}`;
    bar.append(tip);
    svg.append(bar);
  });
  const zero = edges.indexOf(0);
  if (zero > 0 && zero < counts.length) {
    const at = String(zero * BIN);
    svg.append(svgElement('line', { x1: at, x2: at, y1: '0', y2: String(HEIGHT), class: 'zero' }));
  }
  return svg;
}

/** The first and the last bin hold what lies beyond. */
const rangeText = (edges: readonly number[], bin: number, bins: number): string =>
  `${bin === 0 ? 'up' : number(edges[bin])} to ${bin === bins - 1 ? `${number(edges[bin])} and more` : number(edges[bin + 1])}`;

function axis(first: number, last: number): HTMLElement {
  const step = niceStep((last - first) / TICKS);
  const ticks: HTMLElement[] = [];
  for (let at = Math.ceil(first / step) * step; at <= last + step / 1e6; at += step) {
    const tick = element('span', { class: 'tick' }, tickText(Math.abs(at) < step / 1e6 ? 0 : at));
    tick.style.left = `${((at - first) / (last - first)) * 100}%`;
    ticks.push(tick);
  }
  return element('div', { class: 'histogram-axis', 'aria-hidden': 'true' }, ...ticks);
}

const tickText = (at: number): string => Number(at.toPrecision(6)).toLocaleString('en').replace('-', '\u2212');

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = rough / power;
  return (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * power;
}

function numbersTable(title: string, edges: readonly number[], series: Histogram['series']): HTMLElement {
  const bins = edges.length - 1;
  const rows = Array.from({ length: bins }, (_, bin) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, rangeText(edges, bin, bins)),
      ...series.map(({ counts }) => element('td', { class: 'figure' }, count(counts[bin] ?? 0))),
    ),
  );
  return element(
    'table',
    { class: 'plain' },
    element('caption', { class: 'visually-hidden' }, title),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['from', ...series.map(({ name }) => name)].map((text) => element('th', { scope: 'col' }, text)),
      ),
    ),
    element('tbody', {}, ...rows),
  );
}

function svgElement(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Axes of a chart: how they look, and what their ticks say. */

import type uPlot from 'uplot';
import type { XAxis } from '../../../src/protocol/run-panel.ts';
import { duration } from '../text.ts';
import type { Theme } from './run-style.ts';

/** Seconds, minutes and hours have round numbers of their own. */
const TIME_STEPS = [
  0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
  86_400, 172_800, 604_800, 1_209_600, 2_419_200,
];

export function axesOf({ dim, font, grid }: Theme, x: XAxis): uPlot.Axis[] {
  const axis: uPlot.Axis = { stroke: dim, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: 4 };
  return [
    {
      ...axis,
      ...(x === 'time' ? { incrs: TIME_STEPS } : {}),
      size: 22,
      space: 56,
      values: (_, ticks) => ticks.map((tick) => tickOfX(tick, x)),
    },
    { ...axis, size: 46, space: 28, values: (_, ticks) => ticks.map(tickOfY) },
  ];
}

function tickOfX(tick: number, x: XAxis): string {
  if (x === 'time') return tick === 0 ? '0' : duration(tick).replace(/ 0 (s|min|h)$/, '');
  if (Math.abs(tick) >= 10_000) return `${Number((tick / 1000).toPrecision(4))}k`;
  return String(Number(tick.toPrecision(6)));
}

function tickOfY(tick: number): string {
  if (tick === null) return '';
  const size = Math.abs(tick);
  if (size >= 10_000) return `${Number((tick / 1000).toPrecision(3))}k`.replace('-', '\u2212');
  if (size !== 0 && size < 1e-3) return tick.toExponential(0).replaceAll('-', '\u2212');
  return String(Number(tick.toPrecision(6))).replace('-', '\u2212');
}

/** Everything that a chart shows. */

import type { BaselineLine } from '../../../src/core/runs/metric-names.ts';
import type { XAxis } from '../../../src/protocol/run-panel.ts';
import type { Line, Mark } from './lines.ts';

export interface ChartContent {
  readonly lines: readonly Line[];
  readonly baselines: readonly BaselineLine[];
  readonly marks: readonly Mark[];
  readonly x: XAxis;
  readonly range: readonly [number, number];
  readonly logarithmic: boolean;
}

export const EMPTY: ChartContent = {
  lines: [],
  baselines: [],
  marks: [],
  x: 'step',
  range: [0, 1],
  logarithmic: false,
};

/** Values of lines end with them: further than this from the crosshair they are none of its. */
export const toleranceOf = ({ range: [from, to] }: ChartContent): number => (to - from) / 50;

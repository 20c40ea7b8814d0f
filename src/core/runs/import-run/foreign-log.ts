/** What was read from the log of a training that ran elsewhere, whatever wrote it. */

import type { EventBody } from '../events.ts';
import type { ImportFormat } from '../spec.ts';
import { projectMetric } from './project-names.ts';

/** Seconds since 1970 at which a line was written, where the log tells. */
export interface ForeignMetrics {
  readonly metrics: Extract<EventBody, { kind: 'metrics' }>;
  readonly time: number | undefined;
}

export interface ForeignLog {
  readonly format: ImportFormat;
  readonly entries: readonly ForeignMetrics[];
  /** How it ended, where the log tells. */
  readonly ending: { readonly status: 'finished' | 'failed'; readonly message: string } | undefined;
  /** What could not be read. */
  readonly warnings: readonly string[];
}

export type NotFinite = 'nan' | 'inf' | '-inf';

/** What a line of a log says of one step, under the trainer's own names. */
export interface ForeignLine {
  readonly step: number;
  readonly totalSteps?: number | undefined;
  readonly epoch?: number | undefined;
  readonly time?: number | undefined;
  readonly values: Iterable<readonly [name: string, value: number]>;
}

/** The same under the project's names; undefined where it says nothing that can be drawn. */
export function metricsOf({ step, totalSteps, epoch, time, values }: ForeignLine): ForeignMetrics | undefined {
  const finite: Record<string, number> = {};
  const notFinite: Record<string, NotFinite> = {};
  let told = epoch;
  for (const [name, value] of values) {
    const metric = projectMetric(name, value);
    if (metric === 'step') continue;
    if (metric === 'epoch') {
      if (Number.isFinite(value) && value >= 0) told = value;
    } else if (Number.isFinite(metric.value)) finite[metric.name] = metric.value;
    else notFinite[metric.name] = Number.isNaN(metric.value) ? 'nan' : metric.value > 0 ? 'inf' : '-inf';
  }
  const anyNotFinite = Object.keys(notFinite).length > 0;
  if (Object.keys(finite).length === 0 && !anyNotFinite) return undefined;
  return {
    time,
    metrics: {
      kind: 'metrics',
      step,
      ...(totalSteps === undefined ? {} : { total_steps: totalSteps }),
      ...(told === undefined ? {} : { epoch: told }),
      values: finite,
      ...(anyNotFinite ? { not_finite: notFinite } : {}),
    },
  };
}

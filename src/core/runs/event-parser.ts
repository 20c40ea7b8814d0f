/** Entries of `events.jsonl` from JSON: the lines with metrics, which a run has a million of, without the schema. */

import { type RunEvent, runEventSchema } from './events.ts';
import type { EntryParser } from './json-lines-log.ts';
import { parseTimestamp } from './timestamps.ts';

export type MetricsEvent = Extract<RunEvent, { kind: 'metrics' }>;

/** What the schema accepts; a plain line with metrics is seen to be one at a glance. */
export const runEventParser: EntryParser<RunEvent> = {
  safeParse(value) {
    if (isPlainMetrics(value)) return { success: true, data: value };
    return runEventSchema.safeParse(value);
  },
};

/** Never true of what the schema refuses; where it is false, the schema decides. */
function isPlainMetrics(value: unknown): value is MetricsEvent {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return (
    entry.kind === 'metrics' &&
    entry.v === 1 &&
    isCount(entry.attempt, 1) &&
    isCount(entry.seq, 1) &&
    typeof entry.time === 'string' &&
    parseTimestamp(entry.time) >= 0 &&
    isCount(entry.step, 0) &&
    (entry.total_steps === undefined || isCount(entry.total_steps, 1)) &&
    (entry.epoch === undefined || (isFiniteNumber(entry.epoch) && entry.epoch >= 0)) &&
    entry.not_finite === undefined &&
    areNumbers(entry.values)
  );
}

const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;

const isFiniteNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function areNumbers(values: unknown): boolean {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return false;
  for (const name in values) if (!isFiniteNumber((values as Record<string, unknown>)[name])) return false;
  return true;
}

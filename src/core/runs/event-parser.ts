/** Entries of `events.jsonl`: the lines with metrics, which a run has a million of, without the schema. */

import { type RunEvent, runEventSchema } from './events.ts';
import type { EntryParser } from './json-lines-log.ts';
import { MetricsLineReader } from './metrics-line.ts';
import { type MetricsRow, metricsRow } from './metrics-row.ts';

/** An event as it is read: those with metrics as rows of numbers. */
export type ReadEvent = Exclude<RunEvent, { kind: 'metrics' }> | MetricsRow;

const metricsLines = new MetricsLineReader();

/** Accepts what the schema accepts. */
export const runEventParser: EntryParser<ReadEvent> = {
  readPlain: (bytes, begin, end) => metricsLines.read(bytes, begin, end),
  safeParse(value) {
    const parsed = runEventSchema.safeParse(value);
    if (!parsed.success) return parsed;
    const event = parsed.data;
    return { success: true, data: event.kind === 'metrics' ? metricsRow(event) : event };
  },
};

/** The JSON Lines of verl's logger `file`: `{"step": 12, "data": {"critic/score/mean": 0.5, ...}}`. */

import { type ForeignLog, type ForeignMetrics, metricsOf } from './foreign-log.ts';
import { isObject, numbersOf, parsePythonJson, wholeNumber } from './python-json.ts';

interface VerlLine {
  readonly step: number;
  readonly data: Record<string, unknown>;
}

export function verlLine(text: string): VerlLine | undefined {
  try {
    const value = parsePythonJson(text);
    if (!isObject(value) || !isObject(value.data)) return undefined;
    const step = wholeNumber(value.step);
    return step === undefined ? undefined : { step, data: value.data };
  } catch {
    return undefined;
  }
}

/** A damaged line (the last one of a run that still writes, or was killed) is passed over with a warning. */
export async function readVerlJsonl(lines: AsyncIterable<string>): Promise<ForeignLog> {
  const entries: ForeignMetrics[] = [];
  const warnings: string[] = [];
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    const line = verlLine(text);
    if (!line) {
      warnings.push(`line ${number}: not a line of verl's log`);
      continue;
    }
    const metrics = metricsOf({ step: line.step, values: numbersOf(line.data) });
    if (metrics) entries.push(metrics);
  }
  return { format: 'verl-jsonl', entries, ending: undefined, warnings };
}

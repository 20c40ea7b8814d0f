/** The numbers of runs as CSV, a line for each value of each metric. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { columnOf } from './curves.ts';
import type { FollowedRun } from './followed-run.ts';

const FLUSH_LINES = 5_000;

/** @returns how many values were written */
export async function exportCsv(runs: readonly FollowedRun[], file: string): Promise<number> {
  const stream = createWriteStream(file);
  // Heard from here on, so that a failure before the end is one, too.
  const ended = finished(stream);
  ended.catch(() => {});
  let count = 0;
  let lines: string[] = ['run,metric,step,epoch,seconds,attempt,value,superseded'];
  const flush = async () => {
    const whole = `${lines.join('\n')}\n`;
    lines = [];
    if (!stream.write(whole)) await Promise.race([once(stream, 'drain'), ended]);
  };
  for (const run of runs) {
    const { spec } = await run.state();
    for (const value of valuesOf(run)) {
      lines.push([quoted(spec.name), ...value].join(','));
      count += 1;
      if (lines.length >= FLUSH_LINES) await flush();
    }
  }
  if (lines.length > 0) await flush();
  stream.end();
  await ended;
  return count;
}

function* valuesOf({ history }: FollowedRun): Generator<readonly (string | number)[]> {
  for (const [metric, curve] of history.curves) {
    const kept = { index: curve.index.data, value: curve.value.data, count: curve.value.length, superseded: 0 };
    const others = curve.superseded.map(({ index, value }) => ({ index, value, count: value.length, superseded: 1 }));
    for (const { index, value, count, superseded } of [kept, ...others]) {
      for (let point = 0; point < count; point += 1) {
        const event = index[point]!;
        const epoch = columnOf(history, 'epoch')[event]!;
        yield [
          quoted(metric),
          history.step.data[event]!,
          Number.isNaN(epoch) ? '' : epoch,
          history.seconds.data[event]!,
          history.attempt.data[event]!,
          value[point]!,
          superseded,
        ];
      }
    }
  }
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Reads the prompts of a file beside the one that is checked: the other side of a split, a benchmark. */

import type { MethodId } from '../../methods/method.ts';
import { readRecords } from '../read-records.ts';
import { chooseFormat, recognise } from '../recognise.ts';
import type { Message } from '../records.ts';
import { promptOf } from '../records.ts';
import type { CheckContext, OtherDataset } from './check.ts';
import { Pace } from './pace.ts';

/**
 * The prompt of every record; rows that cannot be used are passed over.
 * @throws StudioError where the file fits no shape at all: see `chooseFormat`
 */
export async function* promptsOf(
  other: OtherDataset,
  context: CheckContext,
  phase: string,
): AsyncGenerator<readonly Message[]> {
  const { dataset, map } = other;
  const { signal } = context;
  const recognition = await recognise(dataset, { map, signal });
  const fitting = recognition.candidates.filter((candidate) => candidate.fits);
  const method: MethodId =
    fitting.find((candidate) => candidate.method === context.method)?.method ?? fitting[0]?.method ?? context.method;
  const pace = new Pace(phase, dataset.rowCount, context);
  for await (const { row, record } of readRecords(dataset, chooseFormat(recognition, method), { signal })) {
    if (pace.isDue(row)) await pace.pause(row);
    if (record) yield promptOf(record);
  }
}

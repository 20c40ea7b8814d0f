/** Decides, before anything is written, which part every record goes to, or why it is left out. */

import { StudioError } from '../errors.ts';
import type { ConvertOptions } from './convert-options.ts';
import { DEFAULT_SEED } from './convert-options.ts';
import { derivedRows, type RecordSource } from './derived-rows.ts';
import { DroppedRowCounter, type DroppedRows } from './dropped-rows.ts';
import type { TrainingRecord } from './records.ts';
import { Repeats } from './repeats.ts';
import { groupOf, placeGroups } from './split.ts';
import { placeStratified } from './stratify.ts';

export interface PartPlan {
  /** The part of a record, by its place in the stream of `derivedRows`; undefined for one that is left out. */
  partOf(index: number): string | undefined;
  /** Name of a part -> its records. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly dropped: readonly DroppedRows[];
}

/** Whether there is something to decide: else one pass over the data does. */
export function needsPlan({ split, dropDuplicates, dropContradictions }: ConvertOptions): boolean {
  return split !== undefined || dropDuplicates === true || dropContradictions === true;
}

/** One pass. For each record it keeps two small numbers, for each prompt (and each repeat looked for) a hash: no texts. */
export async function planParts(
  source: RecordSource,
  options: ConvertOptions,
  onRow: (row: number) => void,
): Promise<PartPlan> {
  const counter = new DroppedRowCounter(source.dataset.malformed);
  const groups = new Prompts();
  const repeats =
    options.dropDuplicates || options.dropContradictions
      ? new Repeats({
          duplicates: options.dropDuplicates === true,
          contradictions: options.dropContradictions === true,
        })
      : undefined;
  const promptOfRecord: number[] = [];
  const labels: string[] = [];
  const rows: number[] = [];
  for await (const { row, record, dropped } of derivedRows(source, options.signal, onRow)) {
    if (!record) {
      counter.add(dropped, row);
      continue;
    }
    promptOfRecord.push(options.split === undefined ? 0 : groups.add(groupOf(record)));
    if (options.stratify) labels.push(stratumOf(record, options.bothOrders === true));
    if (repeats) {
      repeats.add(record);
      rows.push(row);
    }
  }
  const reasons = rows.map((_, index) => repeats?.reason(index));
  reasons.forEach((reason, index) => {
    if (reason !== undefined) counter.add(reason, rows[index]!);
  });
  const kept = (index: number) => reasons[index] === undefined;
  const partOfPrompt = placePrompts(groups.keys, promptOfRecord, labels, kept, options);
  const partOf = (index: number) => (kept(index) ? partOfPrompt[promptOfRecord[index]!] : undefined);
  const sizes = new Map<string, number>();
  for (let index = 0; index < promptOfRecord.length; index++) {
    const part = partOf(index);
    if (part !== undefined) sizes.set(part, (sizes.get(part) ?? 0) + 1);
  }
  return { partOf, sizes, dropped: counter.list() };
}

/** Prompts as small numbers. */
class Prompts {
  readonly keys: string[] = [];
  readonly #numbers = new Map<string, number>();

  add(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.keys.length);
    return this.keys.push(key) - 1;
  }
}

function placePrompts(
  keys: readonly string[],
  promptOfRecord: readonly number[],
  labels: readonly string[],
  kept: (index: number) => boolean,
  options: ConvertOptions,
): (string | undefined)[] {
  if (options.split === undefined) return ['data'];
  const seed = options.seed ?? DEFAULT_SEED;
  const counts: Map<string, number>[] = keys.map(() => new Map());
  promptOfRecord.forEach((prompt, index) => {
    const label = labels[index] ?? '';
    const count = counts[prompt]!;
    if (kept(index)) count.set(label, (count.get(label) ?? 0) + 1);
  });
  const filled = keys.map((key, prompt) => [key, counts[prompt]!] as const).filter(([, count]) => count.size > 0);
  const placed = options.stratify
    ? placeStratified(new Map(filled), options.split, seed)
    : placeGroups(new Map(filled.map(([key, count]) => [key, count.get('')!])), options.split, seed);
  return keys.map((key) => placed.get(key));
}

/** What the parts shall have alike. With both orders A and B are alike anyway, and only ties are apart from them. */
function stratumOf(record: TrainingRecord, bothOrders: boolean): string {
  if (record.kind === 'scored-response') return String(record.score);
  if (record.kind !== 'compared-responses') return '';
  return bothOrders && record.preferred !== 'tie' ? 'decided' : record.preferred;
}

/** @throws StudioError 'no-rows' where there is no record at all, 'too-few-rows' where a part would get none */
export function refuseEmptyParts(
  input: string,
  rowCount: number,
  parts: readonly { readonly part: string; readonly rows: number }[],
  dropped: readonly DroppedRows[],
): void {
  const records = parts.reduce((sum, { rows }) => sum + rows, 0);
  if (records === 0) {
    throw new StudioError('no-rows', `None of the ${rowCount} rows gives a record.`, {
      where: { file: input },
      hint: dropped.map(({ reason, count }) => `${count} rows: ${reason}`).join('; ') || 'The dataset has no rows.',
    });
  }
  const empty = parts.find(({ rows }) => rows === 0);
  if (!empty) return;
  throw new StudioError('too-few-rows', `The part "${empty.part}" would get none of the ${records} records.`, {
    where: { file: input },
    hint: 'All rows of one prompt stay together: give the part a larger share, or leave the split out.',
  });
}

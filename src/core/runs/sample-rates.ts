/** Rates of the outputs that a run sampled: right, without a verdict, the same in both orders, in dead groups. */

import type { Sample } from './events.ts';

type Output = Sample['outputs'][number];

/** Labels beyond these many make no table that can be read. */
const MOST_LABELS = 8;

export const label = (value: string | number): string => String(value);

/** Whether no reward of the group differs from another: nothing can be learned from it. */
export function isDead({ outputs }: Sample): boolean {
  const rewards = outputs.map(({ reward }) => reward).filter((reward) => reward !== null);
  return rewards.length > 1 && rewards.every((reward) => reward === rewards[0]);
}

/** The commonest verdict, the first of equals; null where there is none. */
export function commonest(outputs: readonly Output[]): string | null {
  const counts = new Map<string, number>();
  for (const { verdict } of outputs) {
    if (verdict !== null) counts.set(label(verdict), (counts.get(label(verdict)) ?? 0) + 1);
  }
  let found: string | null = null;
  for (const [verdict, count] of counts) if (found === null || count > (counts.get(found) ?? 0)) found = verdict;
  return found;
}

/** Whether the commonest verdict changes with the order the responses stood in; undefined of rows in one order only. */
export function isSwapped({ outputs }: Sample): boolean | undefined {
  const first = outputs.filter(({ order }) => order === 'AB');
  const second = outputs.filter(({ order }) => order === 'BA');
  if (first.length === 0 || second.length === 0) return undefined;
  return commonest(first) !== commonest(second);
}

/** Whether the commonest verdict is not the gold label; false where there is no label. */
export const isWrong = (sample: Sample): boolean =>
  sample.gold !== null && commonest(sample.outputs) !== label(sample.gold);

export const isUnparsed = ({ outputs }: Sample): boolean => outputs.some(({ verdict }) => verdict === null);

export interface Confusion {
  readonly golds: readonly string[];
  /** The last is "none": outputs that no verdict was parsed of. */
  readonly verdicts: readonly string[];
  readonly cells: readonly (readonly number[])[];
}

/** Outputs by gold label and verdict; null where there are no labels, or too many. */
export function confusionOf(samples: readonly Sample[]): Confusion | null {
  const golds = sorted(samples.flatMap(({ gold }) => (gold === null ? [] : [label(gold)])));
  const said = samples.flatMap(({ outputs }) => outputs.flatMap(({ verdict }) => (verdict === null ? [] : [verdict])));
  const verdicts = sorted([...golds, ...said.map(label)]);
  if (golds.length === 0 || verdicts.length > MOST_LABELS) return null;
  const columns = [...verdicts, 'none'];
  const cells = golds.map(() => columns.map(() => 0));
  for (const { gold, outputs } of samples) {
    if (gold === null) continue;
    const row = cells[golds.indexOf(label(gold))]!;
    for (const { verdict } of outputs) row[verdict === null ? verdicts.length : verdicts.indexOf(label(verdict))]! += 1;
  }
  return { golds, verdicts: columns, cells };
}

/** Numbers by size, names by letters. */
const sorted = (labels: readonly string[]): string[] =>
  [...new Set(labels)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/**
 * Splits records into named parts so that no prompt lies in two of them, the same way for the same seed whatever the
 * order of the rows.
 *
 * The rule, for other languages: a record's group is the first 32 hex digits of SHA-256 over the UTF-8 of its prompt key
 * (`promptKey`; of a record without a prompt, its whole text). A group's position is SHA-256 over the UTF-8 of
 * `SEED:GROUP` as hex; groups are walked by ascending position. With `before` rows in the groups walked so far, `size`
 * rows in this one and `total` in all, the group goes to the first part whose cumulated share `c` has
 * `2 * before + size < 2 * total * c`; the last part takes what is left. Shares are cumulated in the order named.
 */

import { createHash } from 'node:crypto';
import { StudioError } from '../errors.ts';
import { completionText, promptKey, promptOf, type TrainingRecord } from './records.ts';

/** Name of a part -> its share of the rows; the shares add up to 1. */
export type SplitShares = Readonly<Record<string, number>>;

const SUM_TOLERANCE = 1e-6;
const NAME = /^[a-z][a-z0-9_-]*$/i;

/**
 * Parses `train=0.8,test=0.2`.
 * @throws StudioError 'usage' for a bad name, a repeated one, a share out of range or shares that do not add up to 1
 */
export function parseSplit(text: string): SplitShares {
  const entries = text.split(',').map((part): [string, number] => {
    const [name = '', share = '', ...rest] = part.trim().split('=');
    const number = share.trim() === '' ? Number.NaN : Number(share);
    if (!NAME.test(name.trim()) || rest.length > 0 || Number.isNaN(number)) {
      throw splitError(`"${part.trim()}" is not of the form name=share.`);
    }
    return [name.trim(), number];
  });
  const repeated = entries.find(([name], index) => entries.findIndex(([other]) => other === name) !== index);
  if (repeated) throw splitError(`The part "${repeated[0]}" is named twice.`);
  return checkSplit(Object.fromEntries(entries));
}

/** @throws StudioError 'usage' */
export function checkSplit(shares: SplitShares): SplitShares {
  for (const [name, share] of Object.entries(shares)) {
    if (!NAME.test(name)) throw splitError(`"${name}" cannot be the name of a part.`);
    if (!(share > 0 && share <= 1)) throw splitError(`The share of "${name}" is ${share}, not above 0 and at most 1.`);
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > SUM_TOLERANCE) throw splitError(`The shares add up to ${Number(sum.toFixed(6))}, not 1.`);
  return shares;
}

function splitError(message: string): StudioError {
  return new StudioError('usage', message, { hint: 'Write a split like train=0.8,test=0.2.' });
}

/** What a record is grouped by: see the rule above. */
export function groupOf(record: TrainingRecord): string {
  const prompt = promptOf(record);
  const key = prompt.length > 0 ? promptKey(prompt) : wholeText(record);
  return createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 32);
}

function wholeText(record: TrainingRecord): string {
  switch (record.kind) {
    case 'preference-pair':
      return [record.chosen, record.rejected].map(completionText).join('\u0001');
    case 'compared-responses':
      return [record.responseA, record.responseB].map(completionText).join('\u0001');
    case 'scored-response':
      return completionText(record.response);
    case 'conversation':
      return completionText(record.messages);
  }
}

/**
 * The part of every row, given the group of every row.
 * @param groups one group for each row: rows of one group stay together
 */
export function assignSplit(groups: readonly string[], shares: SplitShares, seed: number): string[] {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const placed = placeGroups(sizes, shares, seed);
  return groups.map((group) => placed.get(group)!);
}

/**
 * The part of every group.
 * @param sizes group -> its rows
 */
export function placeGroups(
  sizes: ReadonlyMap<string, number>,
  shares: SplitShares,
  seed: number,
): Map<string, string> {
  let total = 0;
  for (const size of sizes.values()) total += size;
  const bounds = cumulated(checkSplit(shares));
  const last = bounds.at(-1)!;
  const placed = new Map<string, string>();
  let before = 0;
  for (const group of byPosition([...sizes.keys()], seed)) {
    const size = sizes.get(group)!;
    const part = bounds.find(({ upTo }) => 2 * before + size < 2 * total * upTo) ?? last;
    placed.set(group, part.name);
    before += size;
  }
  return placed;
}

/** The groups by ascending position: see the rule above. */
export function byPosition(groups: readonly string[], seed: number): string[] {
  return groups
    .map((group) => ({ group, position: positionOf(group, seed) }))
    .sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0))
    .map(({ group }) => group);
}

function positionOf(group: string, seed: number): string {
  return createHash('sha256').update(`${seed}:${group}`, 'utf8').digest('hex');
}

function cumulated(shares: SplitShares): { name: string; upTo: number }[] {
  let upTo = 0;
  return Object.entries(shares).map(([name, share]) => {
    upTo += share;
    return { name, upTo };
  });
}

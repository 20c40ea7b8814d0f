/**
 * A split that keeps the shares of the labels alike in every part, as near as whole prompts allow. Like the plain one it
 * never parts a prompt, and depends on the seed but not on the order of the rows.
 *
 * The rule, for other languages: groups and their positions are those of `split.ts`. Groups are walked from the one with
 * the most rows to the one with the fewest, equal ones by ascending position. With `want[p][l]` = the share of part p
 * times the rows of label l, and `have[p][l]` the rows of l it got so far, the group with `n[l]` rows of each label goes
 * to the part with the least sum over its labels, in code-unit order, of `n[l] * (2 * have[p][l] + n[l]) / want[p][l]
 * - 2 * n[l]`: how much the squared distance from what is wanted grows, in units of what is wanted. Of equal parts the one
 * named first gets it.
 */

import { byPosition, checkSplit, type SplitShares } from './split.ts';

/**
 * The part of every group.
 * @param groups group -> label -> its rows
 */
export function placeStratified(
  groups: ReadonlyMap<string, ReadonlyMap<string, number>>,
  shares: SplitShares,
  seed: number,
): Map<string, string> {
  const totals = new Map<string, number>();
  for (const labels of groups.values()) {
    for (const [label, rows] of labels) totals.set(label, (totals.get(label) ?? 0) + rows);
  }
  const parts = Object.entries(checkSplit(shares)).map(([name, share]) => ({
    name,
    share,
    have: new Map<string, number>(),
  }));
  const growth = (part: (typeof parts)[number], labels: readonly (readonly [string, number])[]) =>
    labels.reduce((sum, [label, rows]) => {
      const have = part.have.get(label) ?? 0;
      return sum + ((rows * (2 * have + rows)) / (part.share * totals.get(label)!) - 2 * rows);
    }, 0);
  const placed = new Map<string, string>();
  // The sort is stable: among groups of one size, the order of positions stays.
  const ordered = byPosition([...groups.keys()], seed)
    .map((group) => ({ group, labels: [...groups.get(group)!].sort(([a], [b]) => (a < b ? -1 : 1)) }))
    .map((entry) => ({ ...entry, size: entry.labels.reduce((sum, [, rows]) => sum + rows, 0) }))
    .sort((a, b) => b.size - a.size);
  for (const { group, labels } of ordered) {
    let best = parts[0]!;
    let least = growth(best, labels);
    for (const part of parts.slice(1)) {
      const value = growth(part, labels);
      if (value < least) [best, least] = [part, value];
    }
    for (const [label, rows] of labels) best.have.set(label, (best.have.get(label) ?? 0) + rows);
    placed.set(group, best.name);
  }
  return placed;
}

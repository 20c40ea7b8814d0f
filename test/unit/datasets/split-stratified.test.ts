import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convert } from '../../../src/core/datasets/convert.ts';
import { placeStratified } from '../../../src/core/datasets/stratify.ts';
import { readAll, suiteFolder, writeJsonl } from './files.ts';

const folder = suiteFolder();
const SHARES = { train: 0.8, val: 0.1, test: 0.1 };

type Groups = [string, [string, number][]][];
const asMap = (groups: Groups) => new Map(groups.map(([group, labels]) => [group, new Map(labels)]));

const groups: fc.Arbitrary<Groups> = fc
  .array(
    fc.uniqueArray(fc.tuple(fc.constantFrom('A', 'B', 'tie'), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      selector: ([label]) => label,
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((list) => list.map((labels, group) => [`g${group}`, labels]));

describe('a stratified split', () => {
  it('places every group once and does not depend on the order of groups or labels', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 0 }), (list, seed) => {
        const placed = placeStratified(asMap(list), SHARES, seed);
        expect([...placed.keys()].sort()).toEqual(list.map(([group]) => group).sort());
        const turned: Groups = [...list].reverse().map(([group, labels]) => [group, [...labels].reverse()]);
        expect(new Map([...placeStratified(asMap(turned), SHARES, seed)].sort())).toEqual(new Map([...placed].sort()));
      }),
    );
  });

  it('keeps every label within the largest group of its share, where groups have one label', () => {
    const oneLabel = fc.array(fc.tuple(fc.constantFrom('0', '1', '4'), fc.integer({ min: 1, max: 4 })), {
      minLength: 20,
      maxLength: 120,
    });
    fc.assert(
      fc.property(oneLabel, fc.integer({ min: 0 }), (list, seed) => {
        const named = list.map(([label, rows], group) => ({ group: `g${group}`, label, rows }));
        const placed = placeStratified(
          asMap(named.map(({ group, label, rows }) => [group, [[label, rows]]])),
          SHARES,
          seed,
        );
        for (const label of ['0', '1', '4']) {
          const rowsOf = (part?: string) =>
            named
              .filter((one) => one.label === label && (part === undefined || placed.get(one.group) === part))
              .reduce((sum, { rows }) => sum + rows, 0);
          for (const [part, share] of Object.entries(SHARES)) {
            expect(Math.abs(rowsOf(part) - share * rowsOf())).toBeLessThanOrEqual(4);
          }
        }
      }),
    );
  });

  it('is another one for another seed', () => {
    const list: Groups = Array.from({ length: 50 }, (_, group) => [`g${group}`, [['A', 1]]]);
    expect(placeStratified(asMap(list), SHARES, 1)).not.toEqual(placeStratified(asMap(list), SHARES, 2));
  });

  it('is the same as the rule gives in Python', () => {
    const list: Groups = Array.from({ length: 12 }, (_, group) => [
      `group ${group}`,
      group % 3 === 0
        ? [['tie', 1]]
        : [
            ['A', 1],
            ['B', 1],
          ],
    ]);
    const placed = placeStratified(asMap(list), { train: 0.75, test: 0.25 }, 42);
    expect(
      [...placed]
        .filter(([, part]) => part === 'test')
        .map(([group]) => group)
        .sort(),
    ).toEqual(['group 0', 'group 1', 'group 10']);
  });

  it('of a file has three parts with the same shares of ties and no prompt in two', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => ({
      prompt: `p${n % 150}`,
      response_a: `a${n}`,
      response_b: `b${n}`,
      preferred: n % 150 < 30 ? 'tie' : n % 2 === 0 ? 'A' : 'B',
    }));
    const input = await writeJsonl(path.join(folder(), 'compared.jsonl'), rows);
    const outputDir = path.join(folder(), 'parts');
    const report = await convert({ input, method: 'pairwise', outputDir, split: SHARES, stratify: true });
    expect(report.files.map(({ part, rows: count }) => [part, count])).toEqual([
      ['train', 240],
      ['val', 30],
      ['test', 30],
    ]);
    expect(Object.values(report.labels).map((labels) => labels.tie)).toEqual([48, 6, 6]);
    const prompts = await Promise.all(
      report.files.map(async (file) => new Set((await readAll(file.path)).map(([prompt]) => JSON.stringify(prompt)))),
    );
    expect(prompts.reduce((sum, { size }) => sum + size, 0)).toBe(150);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PreferencePair } from '../../../src/core/datasets/records.ts';
import { NamedSlices } from '../../../src/core/evaluations/named-slices.ts';
import { NumericSlices } from '../../../src/core/evaluations/numeric-slices.ts';
import { ScoreHistogram } from '../../../src/core/evaluations/score-histogram.ts';
import { WorstRows } from '../../../src/core/evaluations/worst-rows.ts';
import { type JudgedPair, PairTally } from '../../../src/core/methods/evaluation-tally.ts';

const judged = (margin: number): JudgedPair => ({ kind: 'preference-pair', margin, probability: null, longer: 0.5 });
const turn = (content: string) => [{ role: 'assistant' as const, content }];
const pair: PreferencePair = {
  kind: 'preference-pair',
  prompt: [{ role: 'user', content: 'question' }],
  chosen: turn('yes'),
  rejected: turn('no'),
};
/** What is next to nothing counts as 0. */
const numbers = fc.array(
  fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((value) => (Math.abs(value) < 1e-6 ? 0 : value)),
  { minLength: 1, maxLength: 300 },
);

describe('a histogram of scores', () => {
  it('holds every number, in the same bins whatever their order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const of = (list: readonly number[]) => {
          const histogram = new ScoreHistogram('t', 'u', ['all']);
          for (const value of list) histogram.add(0, value);
          return histogram.histogram()!;
        };
        const made = of(values);
        expect(made.series[0]!.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(made.edges).toHaveLength(made.series[0]!.counts.length + 1);
        expect(made.series[0]!.counts.length).toBeLessThanOrEqual(36);
        expect(of(values.toReversed())).toEqual(made);
        // Bins but the outer ones hold what lies between their edges.
        const { edges } = made;
        const width = edges[1]! - edges[0]!;
        const exact = edges.every((edge) => Math.abs(edge / width) < 2_048);
        for (let bin = 1; exact && bin < edges.length - 2; bin++) {
          const inside = values.filter((value) => value >= edges[bin]! && value < edges[bin + 1]!);
          expect(made.series[0]!.counts[bin]).toBe(inside.length);
        }
      }),
    );
  });

  it('is not pressed flat by single far numbers', () => {
    const histogram = new ScoreHistogram('t', 'u', ['all']);
    for (let at = 0; at < 2_000; at++) histogram.add(0, Math.sin(at));
    histogram.add(0, 1e6);
    const { edges, series } = histogram.histogram()!;
    expect(edges.at(-1)).toBeLessThan(3);
    expect(series[0]!.counts.filter((count) => count > 0).length).toBeGreaterThan(8);
  });
});

describe('slices', () => {
  it('by a number are ascending, of about equally many rows, and add up to the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 400 }), (lengths) => {
        const slices = new NumericSlices('preference-pair');
        const whole = new PairTally();
        for (const [at, length] of lengths.entries()) {
          slices.add(length, judged(at - 3));
          whole.add(judged(at - 3));
        }
        const made = slices.slices;
        expect(made.length).toBeLessThanOrEqual(6);
        for (const [at, { from, to }] of made.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          if (at > 0) expect(from).toBeGreaterThan(made[at - 1]!.to);
        }
        const joined = new PairTally();
        for (const { tally } of made) joined.merge(tally as unknown as PairTally);
        expect(joined.n).toBe(lengths.length);
        expect(joined.evaluation().measures[0]).toEqual(whole.evaluation().measures[0]);
      }),
    );
  });

  it('by a name are given up where there are too many names, and rows without one are counted', () => {
    const slices = new NamedSlices('preference-pair');
    slices.add('b', judged(1));
    slices.add('a10', judged(1));
    slices.add('a9', judged(1));
    slices.add(null, judged(1));
    expect(slices.slices().map(({ value }) => value)).toEqual(['a9', 'a10', 'b']);
    expect(slices.without).toBe(1);
    for (let at = 0; at < 100; at++) slices.add(`name ${at}`, judged(1));
    expect(slices.slices()).toEqual([]);
  });
});

describe('worst rows', () => {
  it('are those with the largest wrong margins, worst first, of equals the earlier row', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 400 }), (margins) => {
        const worst = new WorstRows();
        margins.forEach((margin, row) => {
          worst.add(row, pair, { judged: judged(margin), scores: [null, null] });
        });
        const expected = margins
          .map((margin, row) => ({ row, wrong_by: -margin }))
          .filter(({ wrong_by }) => wrong_by >= 0)
          .sort((a, b) => b.wrong_by - a.wrong_by || a.row - b.row)
          .slice(0, 100)
          .map(({ row }) => row);
        expect(worst.rows.map(({ row }) => row)).toEqual(expected);
      }),
    );
  });

  it('show how their texts begin, at whole characters', () => {
    const worst = new WorstRows();
    const long = { ...pair, chosen: turn(`\u{1F600}${'x'.repeat(298)}\u{1F600}\u{1F600}`) };
    worst.add(7, long, { judged: judged(-1), scores: [0.5, 1.5] });
    const [row] = worst.rows;
    expect(row).toMatchObject({ row: 7, label: 'chosen', answer: 'rejected', wrong_by: 1, prompt: 'question' });
    expect(row?.responses[0]).toEqual({
      title: 'chosen',
      score: 0.5,
      text: `\u{1F600}${'x'.repeat(298)}\u{1F600}\u2026`,
    });
  });
});

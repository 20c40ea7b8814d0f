import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConvertOptions, convert } from '../../../src/core/datasets/convert.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import type { ComparedResponses, PreferencePair, ScoredResponse } from '../../../src/core/datasets/records.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import { failureOf, suiteFolder, writeJsonl } from './files.ts';

const folder = suiteFolder();
let outputs = 0;

async function converted(rows: readonly object[], options: Pick<ConvertOptions, 'method'> & Partial<ConvertOptions>) {
  const input = await writeJsonl(path.join(folder(), `in${outputs}.jsonl`), rows);
  const report = await convert({ input, outputDir: path.join(folder(), `out${outputs++}`), ...options });
  const loaded = await Promise.all(report.files.map((file) => loadRecords(file.path, METHODS[options.method])));
  return { report, records: loaded.map(({ records }) => records.map(({ record }) => record)) };
}

// The three responses to "p" do not lie side by side.
const SCORES = [
  { prompt: 'p', response: 'best', score: 4 },
  { prompt: 'lonely', response: 'x', score: 2 },
  { prompt: 'p', response: 'fair', score: 2 },
  { prompt: 'q', response: 'same', score: 3 },
  { prompt: 'q', response: 'equal', score: 3 },
  { prompt: 'p', response: 'poor', score: 1 },
];

describe('scores', () => {
  it('give a pair for every two responses to one prompt that differ enough, with the difference as margin', async () => {
    const { report, records } = await converted(SCORES, { method: 'bradley-terry' });
    const pairs = (records[0] as PreferencePair[]).map(({ chosen, rejected, margin }) => [
      chosen[0]?.content,
      rejected[0]?.content,
      margin,
    ]);
    expect(pairs).toEqual([
      ['best', 'fair', 2],
      ['best', 'poor', 3],
      ['fair', 'poor', 1],
    ]);
    expect(report).toMatchObject({ derivedFrom: 'pointwise', rows: 6, records: 3 });
    expect(report.dropped).toEqual([
      { reason: 'only-response', count: 1, firstRows: [1] },
      { reason: 'margin-too-small', count: 1, firstRows: [4] },
    ]);
    const sheet = JSON.parse(await readFile(report.datasheet, 'utf8'));
    expect(sheet.steps[1]).toEqual({ do: 'derive', from: 'pointwise', min_margin: 1 });
  });

  it('give fewer pairs for a larger margin', async () => {
    const { records } = await converted(SCORES, { method: 'bradley-terry', minMargin: 3 });
    expect(records[0]).toMatchObject([{ chosen: [{ content: 'best' }], rejected: [{ content: 'poor' }] }]);
  });

  it('give comparisons, a tie where the difference is below the threshold', async () => {
    const verdicts = async (tieBelow: number | undefined) => {
      const { records } = await converted(SCORES, { method: 'pairwise', tieBelow });
      return (records[0] as ComparedResponses[]).map(({ responseA, responseB, preferred, strength }) => {
        const better = preferred === 'A' ? responseA : responseB;
        return [preferred === 'tie' ? 'tie' : better[0]?.content, strength];
      });
    };
    expect(await verdicts(undefined)).toEqual([
      ['best', 2],
      ['tie', 0],
      ['best', 2],
      ['fair', 1],
    ]);
    expect(await verdicts(2)).toEqual([
      ['best', 2],
      ['tie', 0],
      ['best', 2],
      ['tie', 0],
    ]);
  });

  it('put the better response in both places, whatever the order of the rows', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => ({
      prompt: `p${n >> 1}`,
      response: `r${n}`,
      score: (n & 1) * 4,
    }));
    const preferred = async (order: readonly object[]) => {
      const { records } = await converted(order, { method: 'pairwise' });
      return (records[0] as ComparedResponses[])
        .map((record) => `${record.prompt[0]?.content} ${record.preferred}`)
        .sort();
    };
    const verdicts = await preferred(rows);
    expect(verdicts.filter((verdict) => verdict.endsWith('A')).length).toBeGreaterThan(3);
    expect(verdicts.filter((verdict) => verdict.endsWith('B')).length).toBeGreaterThan(3);
    expect(await preferred([...rows].reverse())).toEqual(verdicts);
  });

  it('from 1 to 5 become 0 to 4 only where the map says so', async () => {
    const rows = [1, 5, 3].map((score) => ({ prompt: 'p', response: `r${score}`, score }));
    expect((await failureOf(converted(rows, { method: 'pointwise' }))).message).toMatch(/from 1 to 5/);
    const { records } = await converted(rows, { method: 'pointwise', map: { score_1_to_5: 'score' } });
    expect((records[0] as ScoredResponse[]).map(({ score }) => score)).toEqual([0, 4, 2]);
  });
});

describe('pairs', () => {
  const PAIRS = [
    { prompt: 'p', chosen: 'good', rejected: 'bad' },
    { prompt: 'q', chosen: 'fine', rejected: 'poor' },
  ];

  it('give no scores by themselves, with the reason', async () => {
    const error = await failureOf(converted(PAIRS, { method: 'pointwise' }));
    expect(error.code).toBe('usage');
    expect(error.message).toMatch(/does not say how good/);
    expect(error.hint).toMatch(/--pair-scores/);
  });

  it('give scores where the person says what the sides stand for', async () => {
    const { report, records } = await converted(PAIRS, { method: 'pointwise', pairScores: { chosen: 4, rejected: 1 } });
    expect(records[0]).toMatchObject([
      { response: [{ content: 'good' }], score: 4 },
      { response: [{ content: 'bad' }], score: 1 },
      { response: [{ content: 'fine' }], score: 4 },
      { response: [{ content: 'poor' }], score: 1 },
    ]);
    expect(report).toMatchObject({ derivedFrom: 'bradley-terry', labels: { data: { 1: 2, 4: 2 } } });
  });
});

describe('both orders', () => {
  const ROWS = Array.from({ length: 60 }, (_, n) => ({
    prompt: `p${n % 30}`,
    response_a: `a${n}`,
    response_b: `b${n}`,
    preferred: ['A', 'B', 'tie'][n % 3],
  }));

  it('are written one after the other, in one part, and leave no position bias', async () => {
    const split = { train: 0.8, test: 0.2 };
    const { report, records } = await converted(ROWS, { method: 'pairwise', bothOrders: true, split });
    expect(report.records).toBe(120);
    for (const part of records as ComparedResponses[][]) {
      for (let row = 0; row < part.length; row += 2) {
        const [first, second] = [part[row]!, part[row + 1]!];
        expect([second.responseA, second.responseB]).toEqual([first.responseB, first.responseA]);
        expect(`${first.preferred}${second.preferred}`).toMatch(/^(AB|BA|tietie)$/);
      }
    }
    for (const counts of Object.values(report.labels)) expect(counts.A).toBe(counts.B);
  });
});

describe('repeats', () => {
  const compared = (a: string, b: string, preferred: string) => ({
    prompt: 'p',
    response_a: a,
    response_b: b,
    preferred,
  });
  const ROWS = [
    compared('x', 'y', 'A'),
    compared('y', 'x', 'B'),
    compared('x', 'z', 'A'),
    compared('x', 'z', 'tie'),
    compared('x', 'z', 'tie'),
    compared('v', 'w', 'A'),
  ];
  const written = async (options: Partial<ConvertOptions>) => {
    const { report, records } = await converted(ROWS, { method: 'pairwise', ...options });
    return {
      dropped: report.dropped,
      rows: (records[0] as ComparedResponses[]).map(
        ({ responseA, preferred }) => `${responseA[0]?.content} ${preferred}`,
      ),
    };
  };

  it('stay without the options', async () => {
    expect((await written({})).rows).toHaveLength(6);
  });

  it('duplicates go after the first, in whichever order their responses are', async () => {
    expect(await written({ dropDuplicates: true })).toEqual({
      rows: ['x A', 'x A', 'x tie', 'v A'],
      dropped: [{ reason: 'duplicate', count: 2, firstRows: [1, 4] }],
    });
  });

  it('contradictions go altogether', async () => {
    expect(await written({ dropContradictions: true })).toEqual({
      rows: ['x A', 'y B', 'v A'],
      dropped: [{ reason: 'contradictory-labels', count: 3, firstRows: [2, 3, 4] }],
    });
  });

  it('both go together, and the split counts what is left', async () => {
    const { rows } = await written({ dropDuplicates: true, dropContradictions: true, split: { all: 1 } });
    expect(rows).toEqual(['x A', 'v A']);
  });
});

describe('requests that make no sense', () => {
  it.each([
    [{ method: 'pointwise', stratify: true }, /no.*none|there is none/],
    [{ method: 'bradley-terry', stratify: true, split: { a: 1 } }, /needs labels/],
    [{ method: 'bradley-terry', bothOrders: true }, /comparisons/],
    [{ method: 'pairwise', minMargin: 1 }, /pairs made of scores/],
    [{ method: 'bradley-terry', tieBelow: 1 }, /comparisons made of scores/],
    [{ method: 'bradley-terry', minMargin: 9 }, /at most 4/],
    [{ method: 'bradley-terry', minMargin: 2 }, /already judged/],
    [{ method: 'pointwise', pairScores: { chosen: 0, rejected: 4 } }, /chosen=0/],
    [{ method: 'sft', pairScores: { chosen: 4, rejected: 0 } }, /scores made of pairs/],
    [{ method: 'sft', dropContradictions: true }, /no labels/],
    [{ method: 'pointwise', dialect: 'trl' }, /no rows for Pointwise/],
    [{ method: 'sft', dialect: 'unheard-of' }, /no dialect/],
  ] as const)('%j', async (options, message) => {
    const error = await failureOf(converted([{ prompt: 'p', chosen: 'a', rejected: 'b' }], options));
    expect(error.code).toBe('usage');
    expect(error.message).toMatch(message);
  });
});

import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BINS, MinHash, similarity } from '../../../../src/core/datasets/checks/min-hash.ts';
import { approximateTokenizer, type Tokenizer } from '../../../../src/core/datasets/checks/tokenizer.ts';
import { WordHashes } from '../../../../src/core/datasets/checks/words.ts';
import { randomIntegers } from '../../../../src/core/engines/embedded/random.ts';
import { failureOf, suiteFolder, withDataset, writeJsonl } from '../files.ts';
import { checker, finding, pair, pairs } from './rows.ts';

const folder = suiteFolder();
const check = checker(folder);

function sentence(seed: number, words: number): string[] {
  const next = randomIntegers(seed);
  return Array.from({ length: words }, () => `word${next() % 5_000}`);
}

function estimate(a: string, b: string): number {
  const words = new WordHashes();
  const [first, second] = [a, b].map((text) => new MinHash().read(words.read(text)).slice());
  return similarity(first!.filter((bin, index) => bin === second![index]).length);
}

function jaccard(a: readonly string[], b: readonly string[]): number {
  const shingles = (words: readonly string[]) =>
    new Set(words.slice(4).map((_, index) => words.slice(index, index + 5).join(' ')));
  const [first, second] = [shingles(a), shingles(b)];
  const both = [...first].filter((shingle) => second.has(shingle)).length;
  return both / (first.size + second.size - both);
}

describe('MinHash', () => {
  it('estimates the Jaccard similarity of shingles without bias, within its standard error', () => {
    const errors: number[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const text = sentence(seed, 120);
      const other = [...text.slice(0, 120 - (seed % 60)), ...sentence(seed + 1_000, seed % 60)];
      errors.push(estimate(text.join(' '), other.join(' ')) - jaccard(text, other));
    }
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(deviation).toBeLessThan(1.2 / Math.sqrt(BINS));
  });

  it('texts of the same words are equal whatever their case and punctuation', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 5 }), (words) => {
        expect(estimate(words.join(' '), words.map((word) => word.toUpperCase()).join(', '))).toBe(1);
      }),
    );
  });

  it('ideographs are words of their own', () => {
    expect(new WordHashes().read('你好 world 吗').length).toBe(4);
  });
});

describe('near-duplicates', () => {
  const long = (n: number) => sentence(n, 60).join(' ');
  const rows = Array.from({ length: 300 }, (_, n) => ({
    prompt: long(n),
    chosen: long(1_000 + n),
    rejected: long(2_000 + n),
  }));

  it('finds texts with a few words changed, in prompts and in responses; equal prompts are none', async () => {
    const changed = (text: string) => text.replace(/\w+$/, 'changed');
    const report = await check(
      'bradley-terry',
      [
        ...rows,
        { prompt: changed(long(7)), chosen: 'a', rejected: 'b' },
        { prompt: long(8), chosen: changed(long(1_009)), rejected: long(5_000) },
        { prompt: 'short', chosen: long(6_000), rejected: changed(long(6_000)) },
      ],
      { textChecks: ['near-duplicates'] },
    );
    expect(finding(report, 'near-duplicate-prompts')).toMatchObject({ count: 1, rows: [300] });
    // Two responses of one row may well be similar: that is what a hard pair is.
    expect(finding(report, 'near-duplicate-responses')).toMatchObject({ count: 1, rows: [301] });
  });

  it('runs only where it is asked for', async () => {
    const report = await check('bradley-terry', rows);
    expect(report.notRun.map(({ id }) => id)).toContain('near-duplicates');
    expect(report.findings.filter(({ id }) => id.startsWith('near-duplicate'))).toEqual([]);
    expect((await check('bradley-terry', rows, { textChecks: 'deep' })).passed.map(({ id }) => id)).toContain(
      'near-duplicate-prompts',
    );
  });

  it('a check that is not there, or lacks its input, is refused', async () => {
    expect((await failureOf(check('bradley-terry', rows, { textChecks: ['spelling'] }))).hint).toContain(
      'contamination',
    );
    const lacking = await failureOf(check('bradley-terry', rows, { textChecks: ['contamination'] }));
    expect(lacking).toMatchObject({ code: 'usage' });
    expect(lacking.message).toContain('--benchmark');
  });
});

describe('contamination', () => {
  const question = (n: number) => sentence(n, 20).join(' ');
  const benchmarkOf = (prompts: readonly string[]) =>
    writeJsonl(
      path.join(folder(), `benchmark${prompts.length}.jsonl`),
      prompts.map((prompt, n) => ({ prompt, chosen: `yes ${n}`, rejected: `no ${n}` })),
    );

  it('finds 13 words of a benchmark prompt in a row, in prompts and in responses, and whole short prompts', async () => {
    const file = await benchmarkOf([question(1), question(2), question(3), 'Name a prime number', question(4)]);
    const words = (n: number, count: number) =>
      sentence(n, 20)
        .slice(4, 4 + count)
        .join('  ')
        .toUpperCase();
    const report = await withDataset(file, (dataset) =>
      check(
        'bradley-terry',
        [
          ...pairs(30),
          { prompt: `Well, ${words(1, 13)}?`, chosen: 'a', rejected: 'b' },
          { prompt: 'q', chosen: `It is said: ${words(2, 14)}`, rejected: 'c' },
          { prompt: `Only twelve: ${words(3, 12)}`, chosen: 'd', rejected: 'e' },
          { prompt: 'name a prime number!', chosen: 'f', rejected: 'g' },
        ],
        { benchmark: { dataset } },
      ),
    );
    const found = finding(report, 'contamination');
    expect(found).toMatchObject({ severity: 'error', count: 3, rows: [30, 31, 33], fix: { kind: 'drop-rows' } });
    expect(found?.message).toContain('3 of 5 benchmark prompts');
  });

  it('words that many benchmark prompts share are boilerplate', async () => {
    const boilerplate = sentence(9, 15).join(' ');
    const file = await benchmarkOf(Array.from({ length: 12 }, (_, n) => `${boilerplate} ${question(100 + n)}`));
    const report = await withDataset(file, (dataset) =>
      check('bradley-terry', [...pairs(30), { ...pair(30), prompt: boilerplate }], { benchmark: { dataset } }),
    );
    expect(finding(report, 'contamination')).toMatchObject({ severity: 'info', count: 0 });
  });
});

describe('truncation', () => {
  const tokenizer: Tokenizer = {
    title: 'one for each character',
    tokensPerUnit: 1,
    encode: (text) => [...text].map((character) => character.codePointAt(0)!),
  };
  const rows = [
    ...pairs(30),
    { prompt: 'p'.repeat(100), chosen: 'one', rejected: 'two' },
    { prompt: 'p', chosen: `${'s'.repeat(60)}A`, rejected: `${'s'.repeat(60)}B` },
    { prompt: 'p', chosen: `A${'s'.repeat(60)}`, rejected: `B${'s'.repeat(60)}` },
  ];

  it('counts rows that are cut, and pairs that are then the same', async () => {
    const report = await check('bradley-terry', rows, { truncation: { tokenizer, maxLength: 50 } });
    expect(finding(report, 'rows-cut')).toMatchObject({ severity: 'warning', count: 3, rows: [30, 31, 32] });
    expect(finding(report, 'identical-after-truncation')).toMatchObject({
      count: 2,
      rows: [30, 31],
      fix: { kind: 'drop-rows', count: 2 },
    });
    const roomy = await check('bradley-terry', rows, { truncation: { tokenizer, maxLength: 103 } });
    expect(finding(roomy, 'rows-cut')).toMatchObject({ severity: 'info', count: 0 });
    expect(finding(roomy, 'identical-after-truncation')).toBeUndefined();
  });

  it('the approximations say so', async () => {
    const words = approximateTokenizer('words');
    expect(words.encode('Hello, wide world').length * words.tokensPerUnit).toBeCloseTo(3.9);
    expect(approximateTokenizer('characters').encode('four').length).toBe(4);
    const report = await check('bradley-terry', rows, { truncation: { tokenizer: words, maxLength: 50 } });
    expect(finding(report, 'rows-cut')?.message).toContain('words x 1.3 (approximate)');
  });
});

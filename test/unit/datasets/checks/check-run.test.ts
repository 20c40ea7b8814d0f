import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../../src/core/datasets/checks/check-dataset.ts';
import { applyFix, systemFirst } from '../../../../src/core/datasets/checks/fix.ts';
import { HashTable } from '../../../../src/core/datasets/checks/hash-table.ts';
import { CHECKS } from '../../../../src/core/datasets/checks/registry.ts';
import { RowSet } from '../../../../src/core/datasets/checks/row-set.ts';
import { hashPrompt, TextHash } from '../../../../src/core/datasets/checks/text-hash.ts';
import { type Message, promptKey } from '../../../../src/core/datasets/records.ts';
import { suiteFolder, withDataset, writeJsonl } from '../files.ts';
import { assistant, comparison, comparisons, finding, pair, pairs, runner, system, user } from './rows.ts';

const folder = suiteFolder();
const run = runner(folder);

describe('a run of checks', () => {
  it('names all rows of a finding, what passed and what did not run', async () => {
    const repeats = Array.from({ length: 25 }, () => pair(0));
    const { report, rowsOf } = await run('bradley-terry', [...pairs(30), ...repeats]);
    expect(finding(report, 'duplicate')).toMatchObject({
      title: 'Exact duplicate rows',
      count: 25,
      rows: [30, 31, 32, 33, 34, 35, 36, 37, 38, 39],
      fix: { kind: 'drop-duplicates', count: 25 },
    });
    expect([...rowsOf('duplicate')]).toEqual(Array.from({ length: 25 }, (_, n) => 30 + n));
    expect(rowsOf('secrets').size).toBe(0);
    expect(report.passed.map(({ id }) => id)).toEqual(expect.arrayContaining(['secrets', 'missing-value']));
    expect(report.notRun.map(({ id }) => id)).toEqual([
      'split-leakage',
      'truncation',
      'near-duplicates',
      'contamination',
    ]);
  });

  it('every finding has an id of its own, and no check is named like another', () => {
    const ids = CHECKS.flatMap(({ finds }) => Object.keys(finds));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  });

  it('finds prompts of the other side of a split, whatever their blanks', async () => {
    const other = await writeJsonl(path.join(folder(), 'other.jsonl'), [
      { prompt: ' question  3', chosen: 'x', rejected: 'y' },
      { prompt: 'question 99', chosen: 'x', rejected: 'y' },
    ]);
    const { report } = await withDataset(other, (dataset) =>
      run('bradley-terry', [...pairs(30), { ...pair(30), prompt: 'question 3' }], { against: { dataset } }),
    );
    expect(finding(report, 'split-leakage')).toMatchObject({ severity: 'error', count: 2, rows: [3, 30] });
    expect(finding(report, 'split-leakage')?.message).toContain('1 prompt in 2 rows');
    expect(report.notRun.map(({ id }) => id)).not.toContain('split-leakage');
  });

  it('the other side of a split may be of another method', async () => {
    const other = await writeJsonl(path.join(folder(), 'compared.jsonl'), [comparison(5, 'A')]);
    const { report } = await withDataset(other, (dataset) => run('bradley-terry', pairs(30), { against: { dataset } }));
    expect(finding(report, 'split-leakage')?.rows).toEqual([5]);
  });

  it('offers no fix by rows where a row holds several records', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => ({
      question: `q${n}`,
      responses: [`a${n}`, n === 7 ? `A${n}!` : `b${n}`, `c${n}`],
      preference: [1, 2, n % 3],
    }));
    const { report } = await run('pairwise', rows);
    expect(finding(report, 'near-identical-pair')).toMatchObject({ count: 1, rows: [7] });
    expect(finding(report, 'near-identical-pair')?.fix).toBeUndefined();
  });

  it('tells of progress, and ends when it is cancelled', async () => {
    const seen: { phase: string; rows: number; totalRows: number }[] = [];
    await run('bradley-terry', pairs(600), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ phase: 'checking rows', rows: 600, totalRows: 600 });
    const controller = new AbortController();
    const cancelled = run('bradley-terry', pairs(600), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('rows of any kind never stop the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.dictionary(fc.constantFrom('prompt', 'chosen', 'rejected'), fc.jsonValue()), fc.jsonValue()),
          { maxLength: 20 },
        ),
        async (odd) => {
          const { report } = await run('bradley-terry', [...pairs(60), ...odd], { textChecks: ['near-duplicates'] });
          const { rows, usable, dropped } = report.totals;
          expect(usable).toBeGreaterThanOrEqual(60);
          expect(usable + dropped).toBe(rows);
          const malformed = finding(report, 'malformed-lines')?.count ?? 0;
          expect(rows + malformed).toBe(60 + odd.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('fixes', () => {
  it('drop, move and balance records; the rest stay as they are', async () => {
    const rows = new RowSet();
    rows.add(1);
    const record = { kind: 'conversation', messages: [user('q'), system('s'), assistant('a')] } as const;
    const drop = { kind: 'drop-rows', count: 1, description: '' } as const;
    expect(applyFix(drop, rows, { row: 1, record })).toBeUndefined();
    expect(applyFix(drop, rows, { row: 2, record })).toBe(record);
    const move = { ...drop, kind: 'move-system-prompt' } as const;
    expect(applyFix(move, rows, { row: 1, record })).toMatchObject({
      messages: [system('s'), user('q'), assistant('a')],
    });
    expect(applyFix(move, rows, { row: 2, record })).toBe(record);
    expect(systemFirst([user('q')])).toBeUndefined();
  });

  it('balanced positions are about even, and the label goes with its response', async () => {
    const file = await writeJsonl(path.join(folder(), 'biased.jsonl'), comparisons('A'.repeat(390) + 'B'.repeat(10)));
    const { report } = await withDataset(file, (dataset) => runChecks(dataset, 'pairwise'));
    const fix = finding(report, 'position-bias')!.fix!;
    let first = 0;
    for (let n = 0; n < 400; n++) {
      const record = {
        kind: 'compared-responses',
        prompt: [{ role: 'user', content: `q${n}` }],
        responseA: [{ role: 'assistant', content: `good ${n}` }],
        responseB: [{ role: 'assistant', content: `poor ${n}` }],
        preferred: 'A',
      } as const;
      const fixed = applyFix(fix, new RowSet(), { row: n, record });
      if (fixed?.kind !== 'compared-responses') throw new Error('another kind');
      const better = fixed.preferred === 'A' ? fixed.responseA : fixed.responseB;
      expect(better[0]?.content).toBe(`good ${n}`);
      if (fixed.preferred === 'A') first++;
    }
    expect(first).toBeGreaterThan(160);
    expect(first).toBeLessThan(240);
  });
});

describe('what a check keeps', () => {
  it('a hash table keeps the first value of every key, as a Map does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(1_000)), { maxLength: 3_000 }), (entries) => {
        const table = new HashTable(4);
        const map = new Map<string, number>();
        for (const [low, high, value] of entries) {
          const key = `${low}:${high}`;
          expect(table.add(low, high, value)).toBe(map.get(key));
          if (!map.has(key)) map.set(key, value);
        }
        expect(table.size).toBe(map.size);
        for (const [low, high] of entries) expect(table.get(low, high)).toBe(map.get(`${low}:${high}`));
      }),
    );
  });

  it('a row set is a set in ascending order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000)), (rows) => {
        const set = new RowSet();
        for (const row of rows) set.add(row);
        const sorted = [...new Set(rows)].sort((a, b) => a - b);
        expect([...set]).toEqual(sorted);
        expect(set.size).toBe(sorted.length);
        expect(set.first(3)).toEqual(sorted.slice(0, 3));
      }),
    );
  });

  it('a prompt has one hash exactly where it has one key', () => {
    const roles = fc.constantFrom('system', 'user', 'assistant', 'tool');
    const content = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '\u00a0', '\u3000', 'é'), { maxLength: 6 });
    const prompt = fc.array(fc.record({ role: roles, content: content.map((parts) => parts.join('')) }), {
      maxLength: 3,
    });
    const hash = new TextHash();
    const hashOf = (messages: readonly Message[]) => {
      const { low, high } = hashPrompt(messages, hash);
      return `${low}:${high}`;
    };
    fc.assert(
      fc.property(prompt, prompt, (a, b) => {
        const [first, second] = [a, b] as Message[][];
        expect(hashOf(first!) === hashOf(second!)).toBe(promptKey(first!) === promptKey(second!));
      }),
    );
  });

  it('a hundred thousand different texts have different hashes, also halves of them', () => {
    const hash = new TextHash();
    const lows = new Set<number>();
    const both = new Set<string>();
    for (let n = 0; n < 100_000; n++) {
      const { low, high } = hash.text(`text ${n.toString(36)}`).finish();
      lows.add(low);
      both.add(`${low}:${high}`);
    }
    expect(both.size).toBe(100_000);
    // Of 32 bits about one pair collides: 100,000^2 / 2^33.
    expect(lows.size).toBeGreaterThan(99_985);
  });
});

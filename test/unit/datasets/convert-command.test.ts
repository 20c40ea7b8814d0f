import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConvertReport } from '../../../src/core/datasets/convert.ts';
import { EXAMPLES, runCli, runCliJson } from '../cli/run-cli.ts';
import { suiteFolder } from './files.ts';

const folder = suiteFolder();
const scores = path.join(EXAMPLES, 'pointwise', 'test.parquet');
const pairs = path.join(EXAMPLES, 'bradley-terry', 'test.parquet');

describe('reward-studio convert', () => {
  it('makes pairs of scores in the layout of a trainer, in three parts', async () => {
    const args = ['convert', scores, '--to', 'bt', '--output-dir', 'out', '--dialect', 'llama-factory'];
    const report = await runCliJson<ConvertReport>(folder(), [
      ...args,
      ...['--split', 'train=0.6,val=0.2,test=0.2', '--min-margin', '2', '--format', 'jsonl'],
    ]);
    expect(report).toMatchObject({
      dialect: 'llama-factory',
      derivedFrom: 'pointwise',
      lost: { margin: report.records },
    });
    expect(report.files.map(({ part }) => part)).toEqual(['train', 'val', 'test']);
    const [first] = (await readFile(path.join(folder(), 'out', 'train.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(first!)).toMatchObject({ chosen: { from: 'gpt' }, rejected: { from: 'gpt' } });
    const sheet = JSON.parse(await readFile(path.join(folder(), 'out', 'dataset.json'), 'utf8'));
    expect(sheet.schema[0]).toEqual({ name: 'conversations', type: 'list<struct<from: string, value: string>>' });
    expect(sheet.steps).toEqual([
      { do: 'read', shape: 'scored-responses' },
      { do: 'derive', from: 'pointwise', min_margin: 2 },
      { do: 'split', shares: { train: 0.6, val: 0.2, test: 0.2 }, by: 'prompt', stratified: false },
      { do: 'write', dialect: 'llama-factory', format: 'jsonl' },
    ]);
  });

  it('says the labels of every part', async () => {
    const { stdout } = await runCli(folder(), [
      ...['convert', scores, '--to', 'pointwise', '--output-dir', 'labels'],
      ...['--split', 'train=0.5,test=0.5', '--stratify'],
    ]);
    expect(stdout).toMatch(/train\.parquet: \d+ rows \(0: \d+, 1: \d+/);
  });

  it.each([
    ['a dialect without rows for the method', scores, ['--to', 'pointwise', '--dialect', 'trl'], /pairs alone/],
    ['an unknown dialect', pairs, ['--to', 'bt', '--dialect', 'axolotl'], /Choose one of own, text/],
    ['a format that is not written', pairs, ['--to', 'bt', '--format', 'xlsx'], /parquet, jsonl or arrow/],
    ['stratification without a split', scores, ['--to', 'pointwise', '--stratify'], /there is none/],
    ['both orders of pairs', pairs, ['--to', 'bt', '--both-orders'], /comparisons/],
    ['scores of pairs', pairs, ['--to', 'pointwise'], /does not say how good/],
    ['scores out of range', pairs, ['--to', 'pointwise', '--pair-scores', 'chosen=5,rejected=0'], /from 0 to 4/],
    ['scores in no form', pairs, ['--to', 'pointwise', '--pair-scores', '4,0'], /chosen=4,rejected=0/],
    ['a margin of pairs', pairs, ['--to', 'bt', '--min-margin', '2'], /already judged/],
    ['a margin that is no number', scores, ['--to', 'bt', '--min-margin', 'two'], /Give a number/],
  ])('exits 2 for %s', async (_what, input, args, message) => {
    const result = await runCli(folder(), ['convert', input, '--output-dir', 'refused', ...args]);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(2);
  });
});

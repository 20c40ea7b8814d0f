import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../src/core/datasets/checks/check-dataset.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli, runCliJson } from './run-cli.ts';

const THINGS = ['kettle', 'router', 'printer', 'parcel', 'invoice', 'doorbell', 'vacuum', 'voucher'];

/** Pairs `from` to `to`; every text of at least 13 words, so that word runs can be compared. */
function pairs(from: number, to: number): object[] {
  return Array.from({ length: to - from }, (_, offset) => {
    const index = from + offset;
    const thing = THINGS[index % THINGS.length];
    return {
      prompt: `Case ${index}: my ${thing} came on day ${index} and since then nothing in house ${index} has worked, why?`,
      chosen: `Hold the button of the ${thing} for ${index} seconds and it starts again.`,
      rejected: `Nobody knows about a ${thing} here.`,
    };
  });
}

function folderWith(files: Record<string, readonly object[]>): string {
  const folder = temporaryFolder();
  for (const [name, rows] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return folder;
}

async function idsOf(folder: string, args: readonly string[]): Promise<string[]> {
  const report = await runCliJson<CheckReport>(folder, ['check', 'train.jsonl', '--method', 'bt', ...args]);
  return report.findings.map(({ id }) => id);
}

describe('check', () => {
  it('finds prompts that are on the other side of the split too', async () => {
    const folder = folderWith({
      'train.jsonl': pairs(0, 40),
      'test.jsonl': pairs(35, 45),
      'other.jsonl': pairs(50, 60),
    });
    const report = await runCliJson<CheckReport>(folder, [
      ...['check', 'train.jsonl', '--method', 'bt', '--against', 'test.jsonl'],
    ]);
    const leak = report.findings.find(({ rows }) => rows.includes(35));
    expect(leak).toMatchObject({ count: 5, rows: [35, 36, 37, 38, 39], fix: { kind: 'drop-rows' } });
    expect(await idsOf(folder, ['--against', 'other.jsonl'])).not.toContain(leak?.id);
  });

  it('finds benchmark prompts in the training data', async () => {
    const folder = folderWith({
      'train.jsonl': pairs(0, 40),
      'bench.jsonl': pairs(38, 42),
      'clean.jsonl': pairs(90, 95),
    });
    const against = async (benchmark: string) => {
      const args = ['check', 'train.jsonl', '--method', 'bt', '--benchmark', benchmark];
      return (await runCliJson<CheckReport>(folder, args)).findings.find(({ id }) => id === 'contamination');
    };
    expect(await against('bench.jsonl')).toMatchObject({ severity: 'error', count: 2, rows: [38, 39] });
    expect(await against('clean.jsonl')).toMatchObject({ severity: 'info', count: 0, rows: [] });
  });

  it('finds rows that are cut at max_length, and names how tokens were counted', async () => {
    const folder = folderWith({ 'train.jsonl': pairs(0, 40) });
    const { stdout } = await runCli(folder, ['check', 'train.jsonl', '--method', 'bt', '--max-length', '8']);
    expect(stdout).toMatch(/words x 1\.3 \(approximate\)/);
  });

  it('refuses a tokenizer without a length, and a length that is no number', async () => {
    const folder = folderWith({ 'train.jsonl': pairs(0, 40) });
    const check = (...args: string[]) => runCli(folder, ['check', 'train.jsonl', '--method', 'bt', ...args]);
    expect((await check('--tokenizer', 'words')).exitCode).toBe(2);
    expect((await check('--max-length', 'many')).exitCode).toBe(2);
    expect((await check('--checks', 'horoscope')).exitCode).toBe(2);
  });

  it('ends with 1 where something must be mended first', async () => {
    const folder = folderWith({ 'train.jsonl': pairs(0, 10) });
    const { exitCode, stdout } = await runCli(folder, ['check', 'train.jsonl', '--method', 'bt']);
    expect(stdout).toContain('not fit to train');
    expect(exitCode).toBe(1);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { convert } from '../../../src/core/datasets/convert.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import { CLI } from '../cli/run-cli.ts';
import { failureOf, suiteFolder, writeJsonl } from './files.ts';

const folder = suiteFolder();
const ROWS = 6_000;
const SPLIT = { train: 0.8, test: 0.2 };
const COMPLETE = ['dataset.json', 'test.parquet', 'train.parquet'];

const pairs = Array.from({ length: ROWS }, (_, n) => ({
  prompt: `question ${n}`,
  chosen: `good ${n} ${'word '.repeat(100)}`,
  rejected: `bad ${n}`,
}));

let input: Promise<string> | undefined;
const pairsFile = () => {
  input ??= writeJsonl(path.join(folder(), 'pairs.jsonl'), pairs);
  return input;
};

async function start(outputDir: string): Promise<ChildProcess> {
  const args = ['convert', await pairsFile(), '--to', 'bt', '--output-dir', outputDir, '--split', 'train=0.8,test=0.2'];
  return spawn(process.execPath, [CLI, ...args, '--force'], { stdio: 'ignore' });
}

/** Files under final names; temporary ones begin with a dot. */
const finalNames = async (outputDir: string) =>
  (await readdir(outputDir)).filter((name) => !name.startsWith('.')).sort();

async function rowsOf(outputDir: string, names: readonly string[]): Promise<number> {
  let rows = 0;
  for (const name of names.filter((file) => file.endsWith('.parquet'))) {
    rows += (await loadRecords(path.join(outputDir, name), METHODS['bradley-terry'])).records.length;
  }
  return rows;
}

describe('a conversion whose process is killed', () => {
  it('leaves no half file under a final name, at any moment', { timeout: 120_000 }, async () => {
    const whole = path.join(folder(), 'whole');
    const began = performance.now();
    await once(await start(whole), 'exit');
    const takes = performance.now() - began;
    expect(await finalNames(whole)).toEqual(COMPLETE);
    const states = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const outputDir = path.join(folder(), `killed${round}`);
      await mkdir(outputDir);
      const child = await start(outputDir);
      const ended = once(child, 'exit');
      // Moments spread over the whole conversion, the same in every run of the test.
      await pause(takes * ((round * 7 + 4) % 12) * 0.09);
      child.kill('SIGKILL');
      await ended;
      const names = await finalNames(outputDir);
      states.add(names.join(' '));
      // Every file that is there is whole; the datasheet comes last, so that with it all are there.
      for (const name of names.filter((file) => file.endsWith('.parquet'))) await rowsOf(outputDir, [name]);
      if (names.includes('dataset.json')) {
        expect(names).toEqual(COMPLETE);
        expect(await rowsOf(outputDir, names)).toBe(ROWS);
        expect(JSON.parse(await readFile(path.join(outputDir, 'dataset.json'), 'utf8')).records).toBe(ROWS);
      }
    }
    expect(states).toContain('');
  });

  it('can be started again over what is left', async () => {
    const outputDir = path.join(folder(), 'again');
    await mkdir(outputDir);
    const child = await start(outputDir);
    const ended = once(child, 'exit');
    while ((await readdir(outputDir)).length === 0) await pause(2);
    child.kill('SIGKILL');
    await ended;
    const report = await convert({
      input: await pairsFile(),
      method: 'bradley-terry',
      outputDir,
      split: SPLIT,
      force: true,
    });
    expect(report.records).toBe(ROWS);
    expect(await finalNames(outputDir)).toEqual(COMPLETE);
  });
});

describe('a conversion that is cancelled', () => {
  it.each(['reading', 'writing'] as const)('while %s, leaves no file at all', async (phase) => {
    for (const after of [0, 1_000, 3_000, ROWS]) {
      const outputDir = path.join(folder(), `cancelled-${phase}-${after}`);
      await mkdir(outputDir);
      const abort = new AbortController();
      const conversion = convert({
        input: await pairsFile(),
        method: 'bradley-terry',
        outputDir,
        split: SPLIT,
        signal: abort.signal,
        onProgress: (progress) => {
          if (progress.phase === phase && progress.rows >= after) abort.abort();
        },
      });
      await expect(conversion).rejects.toMatchObject({ name: 'AbortError' });
      expect(await readdir(outputDir)).toEqual([]);
    }
  });

  it('on Ctrl+C, too', async () => {
    const outputDir = path.join(folder(), 'interrupted');
    await mkdir(outputDir);
    const child = await start(outputDir);
    const ended = once(child, 'exit');
    while ((await readdir(outputDir)).length === 0) await pause(2);
    child.kill('SIGINT');
    const [code] = await ended;
    expect(code).toBe(1);
    expect(await readdir(outputDir)).toEqual([]);
  });
});

describe('the register of LLaMA-Factory', () => {
  it('keeps the entries that are there, and is not touched without force', async () => {
    const outputDir = path.join(folder(), 'register');
    const options = { method: 'bradley-terry', outputDir, dialect: 'llama-factory', format: 'jsonl' } as const;
    const report = await convert({ input: await pairsFile(), ...options });
    const register = path.join(outputDir, 'dataset_info.json');
    expect(report.registers).toEqual([register]);
    expect(JSON.parse(await readFile(register, 'utf8')).register).toMatchObject({
      file_name: 'data.jsonl',
      formatting: 'sharegpt',
      ranking: true,
      columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' },
    });
    expect((await failureOf(convert({ input: await pairsFile(), ...options, split: SPLIT }))).code).toBe(
      'already-exists',
    );
    await convert({ input: await pairsFile(), ...options, split: SPLIT, force: true });
    expect(Object.keys(JSON.parse(await readFile(register, 'utf8')))).toEqual([
      'register',
      'register_train',
      'register_test',
    ]);
  });
});

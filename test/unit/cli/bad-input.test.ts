import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXAMPLES, runCli, runCliJson } from './run-cli.ts';

const TRAIN = path.join(EXAMPLES, 'bradley-terry', 'train.parquet');

function folderWithFiles(): string {
  const folder = temporaryFolder();
  const write = (name: string, rows: readonly object[]) =>
    writeFileSync(path.join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const pairs = Array.from({ length: 30 }, (_, index) => ({
    prompt: `question ${index}`,
    chosen: `answer ${index} exactly`,
    rejected: `answer ${index} perhaps`,
  }));
  const scored = (score: (index: number) => number) =>
    pairs.map(({ prompt, chosen }, index) => ({ query: prompt, response: chosen, score: score(index) }));
  write('pairs.jsonl', pairs);
  write('few.jsonl', pairs.slice(0, 19));
  write(
    'columns.jsonl',
    pairs.map(({ prompt, chosen }) => ({ q: prompt, good: chosen })),
  );
  write(
    'one-class.jsonl',
    scored(() => 3),
  );
  write(
    'out-of-range.jsonl',
    scored((index) => (index % 3 === 0 ? 9 : index % 3)),
  );
  write('no-rows.jsonl', []);
  writeFileSync(path.join(folder, 'text.parquet'), 'plain text, whatever its name');
  writeFileSync(path.join(folder, 'empty.parquet'), '');
  writeFileSync(path.join(folder, 'cut.parquet'), readFileSync(TRAIN).subarray(0, 5000));
  const encrypted = Buffer.from(readFileSync(TRAIN));
  encrypted.write('PARE', encrypted.length - 4);
  writeFileSync(path.join(folder, 'encrypted.parquet'), encrypted);
  return folder;
}

describe('bad input gets a clear error', () => {
  it.each([
    ['a missing file', ['inspect', 'absent.parquet'], 1, /absent\.parquet: The file does not exist/],
    ['a file that is not Parquet', ['inspect', 'text.parquet'], 1, /not a Parquet file: it looks like plain text/],
    ['an empty file', ['inspect', 'empty.parquet'], 1, /empty \(0 bytes\)/],
    ['a truncated file', ['inspect', 'cut.parquet'], 1, /cut off: it has 5000 bytes/],
    ['an encrypted file', ['inspect', 'encrypted.parquet'], 1, /encrypted/],
    ['a file without rows', ['train', 'no-rows.jsonl', '--method', 'bt'], 1, /no-rows\.jsonl.*(empty|no rows)/i],
    ['missing columns', ['train', 'columns.jsonl', '--method', 'bt'], 1, /make up no shape .* Nearest is .* Tried: /],
    ['fewer than 20 pairs', ['train', 'few.jsonl', '--method', 'bt'], 1, /19 usable rows; at least 20 are needed/],
    ['one class only', ['train', 'one-class.jsonl', '--method', 'pointwise'], 1, /have the score 3: there is nothing/],
    ['a damaged model', ['grade', 'pairs.jsonl', '--prompt', 'a', '--response', 'b'], 1, /not a model of the embedded/],
    ['an unknown run', ['runs', 'show', 'absent'], 1, /There is no run "absent"/],
    ['an unknown verb', ['frobnicate'], 2, /unknown command/],
    ['an unknown option', ['inspect', 'pairs.jsonl', '--depth', '3'], 2, /unknown option/],
    ['an unknown method', ['train', 'pairs.jsonl', '--method', 'dpo'], 2, /Choose bt/],
    [
      'an unknown setting',
      ['train', 'pairs.jsonl', '--method', 'bt', '--set', 'epoch=3'],
      2,
      /epoch.*It knows: .*epochs/,
    ],
    ['an impossible setting', ['train', 'pairs.jsonl', '--method', 'bt', '--set', 'epochs=0'], 2, /epochs/],
    ['a method it cannot train', ['train', 'pairs.jsonl', '--method', 'sft'], 2, /engines that can: trl or command/],
    ['an engine not there', ['train', 'pairs.jsonl', '--method', 'bt', '--engine', 'verl'], 2, /"verl" is not there/],
    ['a target not there', ['train', 'pairs.jsonl', '--method', 'bt', '--target', 'ssh:gpu'], 2, /this machine only/],
    [
      'shares beyond 1',
      ['convert', 'pairs.jsonl', '--to', 'bt', '--output-dir', 'o', '--split', 'a=1,b=1'],
      2,
      /add up/,
    ],
  ])('%s', async (_name, args, exitCode, message) => {
    const result = await runCli(folderWithFiles(), args);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(result.exitCode).toBe(exitCode);
  });

  it('with --json the error is JSON with its code and place', async () => {
    const { error } = await runCliJson<{ error: object }>(folderWithFiles(), ['inspect', 'cut.parquet']);
    expect(error).toMatchObject({ code: 'truncated-file', where: { file: 'cut.parquet' } });
  });

  it('rows out of range are counted with the first of them, and the rest is trained on', async () => {
    const folder = folderWithFiles();
    const { stdout, exitCode } = await runCli(folder, ['train', 'out-of-range.jsonl', '--method', 'pointwise']);
    expect(stdout).toMatch(/10 rows could not be used \(first: row 0, field "score": 9 is not/);
    expect(stdout).toMatch(/trained on \d+ rows/);
    expect(exitCode).toBe(0);
  });

  it('a request that cannot be met leaves no run behind', async () => {
    const folder = folderWithFiles();
    await runCli(folder, ['train', 'columns.jsonl', '--method', 'bt']);
    await runCli(folder, ['train', 'pairs.jsonl', '--method', 'bt', '--set', 'epoch=3']);
    expect(existsSync(path.join(folder, '.reward-studio'))).toBe(false);
  });

  it('nothing is overwritten unless it is asked for', async () => {
    const folder = folderWithFiles();
    const args = ['convert', 'pairs.jsonl', '--to', 'bt', '--output-dir', 'out'];
    expect((await runCli(folder, args)).exitCode).toBe(0);
    const again = await runCli(folder, args);
    expect(again.stderr).toMatch(/already exists/);
    expect((await runCli(folder, [...args, '--force'])).exitCode).toBe(0);
    expect(readdirSync(path.join(folder, 'out')).sort()).toEqual(['data.parquet', 'dataset.json']);
  });
});

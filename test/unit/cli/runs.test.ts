/** `runs`: what is there, how it goes, how two differ; trainings of elsewhere; and what a training would do. */

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { writeSyntheticPairs } from '../../soak/synthetic-pairs.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CLI, EXAMPLES, runCli, runCliJson } from './run-cli.ts';

interface Run {
  readonly id: string;
  readonly status: string;
  readonly folder: string;
}

const RUN_FILE = path.join(EXAMPLES, 'support.rmrun.json');
const LOGS = path.join(root, 'test', 'fixtures', 'foreign-logs');

describe('runs resume', () => {
  it('is refused with the reason where there is nothing to go on with', async () => {
    const folder = temporaryFolder();
    const { id } = await runCliJson<Run>(folder, ['train', RUN_FILE]);
    const { stderr, exitCode } = await runCli(folder, ['runs', 'resume', id]);
    expect(stderr).toContain('This run has finished');
    expect(exitCode).toBe(2);
  });
});

describe('runs compare', () => {
  it('says which parameters differ and puts the results with their intervals beside each other', async () => {
    const folder = temporaryFolder();
    const a = await runCliJson<Run>(folder, ['train', RUN_FILE]);
    const b = await runCliJson<Run>(folder, ['train', RUN_FILE, '--set', 'word_ngrams=1', '--seed', '7']);
    const { stdout } = await runCli(folder, ['runs', 'compare', a.id, b.id]);
    expect(stdout).toMatch(/^seed +42 +7$/m);
    expect(stdout).toMatch(/^settings\.word_ngrams +2 +1$/m);
    expect(stdout).not.toMatch(/settings\.char_ngrams/);
    expect(stdout).toMatch(/^pair accuracy +0\.\d+ \(95 % interval .*\) +0\.\d+ \(95 % interval .*\)$/m);
    expect(stdout).not.toContain('caution');
    const json = await runCliJson<{ differences: { parameter: string }[] }>(folder, ['runs', 'compare', a.id, b.id]);
    expect(json.differences.map(({ parameter }) => parameter).sort()).toEqual(['seed', 'settings.word_ngrams']);
  });

  it('cautions where the runs were validated on different rows', async () => {
    const folder = temporaryFolder();
    const train = ['train', path.join(EXAMPLES, 'bradley-terry', 'train.parquet'), '--method', 'bt'];
    const a = await runCliJson<Run>(folder, [...train, '--seed', '1']);
    const b = await runCliJson<Run>(folder, [...train, '--seed', '2']);
    expect((await runCli(folder, ['runs', 'compare', a.id, b.id])).stdout).toContain(
      'caution: the runs were validated on different rows',
    );
  });
});

describe('runs import', () => {
  it('makes a run that is listed and shown like any other', async () => {
    const folder = temporaryFolder();
    const run = await runCliJson<Run>(folder, [
      'runs',
      'import',
      path.join(LOGS, 'trainer_state.json'),
      '--name',
      'old',
    ]);
    expect(run).toMatchObject({ status: 'finished', metrics: { 'train/loss': 0.61 } });
    expect((await runCli(folder, ['runs', 'list'])).stdout).toMatch(/finished +Bradley-Terry +old/);
    expect((await runCli(folder, ['runs', 'show', 'old'])).stdout).toMatch(/imported +from .*trainer_state\.json/);
  });

  it('asks for the method where the log does not tell, and takes it', async () => {
    const folder = temporaryFolder();
    const log = path.join(LOGS, 'verl-console.log');
    const refused = await runCli(folder, ['runs', 'import', log]);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('does not tell what was trained') });
    const { stdout } = await runCli(folder, ['runs', 'import', log, '--method', 'pairwise']);
    expect(stdout).toMatch(/4 lines of verl-console, \d+ metrics, failed/);
    expect((await runCli(folder, ['runs', 'logs', 'verl-console'])).stdout).toContain('CUDA out of memory');
  });
});

describe('runs delete', () => {
  it('needs to be told twice, and leaves the others', async () => {
    const folder = temporaryFolder();
    const [a, b] = [
      await runCliJson<Run>(folder, ['train', RUN_FILE]),
      await runCliJson<Run>(folder, ['train', RUN_FILE]),
    ];
    expect(await runCli(folder, ['runs', 'delete', a.id])).toMatchObject({ exitCode: 2 });
    expect(existsSync(a.folder)).toBe(true);
    expect(await runCli(folder, ['runs', 'delete', a.id, '--yes'])).toMatchObject({ exitCode: 0 });
    expect([existsSync(a.folder), existsSync(b.folder)]).toEqual([false, true]);
  });
});

describe('a run that goes on', () => {
  it('is followed by its log and by its steps until it is stopped from elsewhere', async () => {
    const folder = temporaryFolder();
    writeSyntheticPairs(path.join(folder, 'many.jsonl'), 20_000);
    const train = execa(
      process.execPath,
      [CLI, 'train', 'many.jsonl', '--method', 'bt', '--set', 'epochs=200', '--set', 'patience=200'],
      {
        cwd: folder,
        reject: false,
      },
    );
    const id = await firstRun(folder);
    const steps = execa(process.execPath, [CLI, 'runs', 'show', id, '--follow'], { cwd: folder, reject: false });
    const log = execa(process.execPath, [CLI, 'runs', 'logs', id, '--follow', '--json'], {
      cwd: folder,
      reject: false,
    });
    await said(steps.stdout, /: running · step \d+ of \d+ .*train\/loss/);
    const stopped = await runCliJson<Run>(folder, ['runs', 'stop', id]);
    expect(stopped.status).toBe('stopped');
    expect((await steps).exitCode).toBe(0);
    const { stdout, exitCode } = await log;
    expect(exitCode).toBe(0);
    const printed = stdout.split('\n').map((line) => (JSON.parse(line) as { text: string }).text);
    expect(printed.at(-1)).toContain('exit code 3');
    const ended = await train;
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/^many-bradley-terry: running/m);
  });
});

describe('train --dry-run', () => {
  it('shows the exact command and files, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const { stdout, exitCode } = await runCli(folder, ['train', RUN_FILE, '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^command +\["[^"]*node[^"]*","[^"]*train-embedded\.mjs","[^"]*RUN-ID","1"\]$/m);
    expect(stdout).toMatch(/^reads +.*train\.parquet$/m);
    expect(stdout).toMatch(/^writes +.*run\.json/m);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says all that stands in the way at once', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'empty.csv'), 'prompt,chosen\na,b\n');
    writeFileSync(
      path.join(folder, 'bad.rmrun.json'),
      JSON.stringify({
        method: 'bradley-terry',
        data: { train: 'empty.csv' },
        target: 'ssh:box',
        settings: { epoch: 1 },
      }),
    );
    const { stdout, exitCode } = await runCli(folder, ['train', 'bad.rmrun.json', '--dry-run']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ok +engine/m);
    expect(stdout).toMatch(/^FAIL +target: .*ssh:box/m);
    expect(stdout).toMatch(/^FAIL +settings: .*did you mean "epochs"/m);
    expect(stdout).toMatch(/^FAIL +training data/m);
  });
});

function said(stream: NodeJS.ReadableStream, expected: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (expected.test(text)) resolve();
    });
  });
}

async function firstRun(folder: string): Promise<string> {
  const runs = path.join(folder, '.reward-studio', 'runs');
  for (;;) {
    const [id] = existsSync(runs) ? readdirSync(runs) : [];
    if (id !== undefined && existsSync(path.join(runs, id, 'events.jsonl'))) return id;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

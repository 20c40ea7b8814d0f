import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../src/core/runs/import-script/import-script.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXAMPLES, runCli, runCliJson } from './run-cli.ts';

const DATA = path.join(EXAMPLES, 'bradley-terry');

function folderWithScript(): string {
  const folder = temporaryFolder();
  const script = [
    '#!/bin/bash',
    `DATA=${DATA}`,
    'python -m torch.distributed.run --nproc_per_node=8 ./trainer.py \\',
    '  data.train_files=$DATA/train.parquet \\',
    '  data.val_files=$DATA/test.parquet \\',
    '  data.chosen_key=chosen optim.lr=2e-6 \\',
    '  trainer.experiment_name=pairs-$(date +%F) \\',
    '  trainer.seed=7',
  ];
  writeFileSync(path.join(folder, 'run_bt.sh'), `${script.join('\n')}\n`);
  return folder;
}

describe('import-run', () => {
  it('makes a run file that train runs', async () => {
    const folder = folderWithScript();
    const imported = await runCli(folder, ['import-run', 'run_bt.sh']);
    expect(imported.stderr).toBe('');
    expect(imported.stdout).toMatch(/^run_bt.rmrun.json written from run_bt.sh, line 3: .\/trainer.py$/m);
    expect(imported.stdout).toMatch(/^4 +data.train_files +\S+ +used as data.train$/m);
    expect(imported.stdout).toMatch(/^7 +trainer.experiment_name +.* unresolved: .*\$\(date \+%F\), line 7/m);
    const run = await runCliJson<{ status: string; seed: number; data: object }>(folder, [
      'train',
      'run_bt.rmrun.json',
    ]);
    expect(run).toMatchObject({
      status: 'finished',
      method: 'bradley-terry',
      engine: 'embedded',
      seed: 7,
      data: {
        train: { path: path.join(DATA, 'train.parquet') },
        validation: { path: path.join(DATA, 'test.parquet') },
      },
    });
  });

  it('keeps every option for verl, which the report names', async () => {
    const folder = folderWithScript();
    const report = await runCliJson<ImportReport & { content: object }>(folder, [
      ...['import-run', 'run_bt.sh', '--engine', 'verl', '--output', 'a/b.rmrun.json'],
    ]);
    expect(report.options.map(({ line, option, outcome }) => [line, option, outcome])).toEqual([
      [3, '--nproc_per_node', 'renamed'],
      [4, 'data.train_files', 'used'],
      [5, 'data.val_files', 'used'],
      [6, 'data.chosen_key', 'ignored'],
      [6, 'optim.lr', 'kept'],
      [7, 'trainer.experiment_name', 'unresolved'],
      [8, 'trainer.seed', 'used'],
    ]);
    const written = JSON.parse(readFileSync(path.join(folder, 'a', 'b.rmrun.json'), 'utf8'));
    expect(report.content).toMatchObject(written);
    expect(written.settings).toEqual({ 'trainer.n_gpus_per_node': 8, 'optim.lr': 2e-6 });
  });

  it.each([
    ['a script without a launch', ['import-run', 'no.sh'], 1, /no.sh: This script starts no training/],
    ['a script that is absent', ['import-run', 'absent.sh'], 1, /absent.sh: The file does not exist/],
    [
      'a run file that is there',
      ['import-run', 'run_bt.sh', '--output', 'there.rmrun.json'],
      1,
      /already exists.*--force/,
    ],
    ['an unknown engine', ['import-run', 'run_bt.sh', '--engine', 'trl'], 2, /Choose verl or embedded/],
    ['another ending', ['import-run', 'run_bt.sh', '--output', 'a.json'], 2, /ends in .rmrun.json/],
    ['no script', ['import-run'], 2, /missing required argument/],
  ])('refuses %s', async (_name, args, exitCode, message) => {
    const folder = folderWithScript();
    writeFileSync(path.join(folder, 'no.sh'), 'echo hello\n');
    writeFileSync(path.join(folder, 'there.rmrun.json'), 'mine');
    const result = await runCli(folder, args);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(exitCode);
    expect(readFileSync(path.join(folder, 'there.rmrun.json'), 'utf8')).toBe('mine');
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of shell scripts

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Extra,
  failureOf,
  imported,
  importedFixture,
  LAUNCH_LINE,
  launch,
  settingsOf,
} from './imported-script.ts';

describe('launches', () => {
  it.each([
    ['python', 'python3 -m verl.trainer.main_ppo'],
    ['python by path, in an environment', 'CUDA_VISIBLE_DEVICES=0 /opt/env/bin/python3.12 -u -m verl.trainer.main_ppo'],
    ['nohup', 'nohup python -m verl.trainer.main_ppo'],
    ['ray job submit', 'ray job submit --address=http://a:1 --runtime-env=e.yaml -- python3 -m verl.trainer.main_ppo'],
    ['torchrun', 'torchrun --nproc_per_node=2 -m verl.trainer.main_ppo'],
    ['torch.distributed', 'python -m torch.distributed.run --nnodes 1 -m verl.trainer.main_ppo'],
    ['a program of its own', 'python recipes/main_judge.py'],
    ['a variable', 'CMD="python -m verl.trainer.main_ppo"; $CMD'],
    ['a function', 'start() {\npython -m verl.trainer.main_ppo'],
  ])('through %s', (_name, command) => {
    const { runFile } = imported(`${command} data.train_files=pairwise.parquet trainer.x=1\n`);
    expect(runFile).toMatchObject({ method: 'pairwise', data: { train: 'pairwise.parquet' } });
    expect(runFile.settings).toMatchObject({ 'trainer.x': 1 });
  });

  it('of several the unconditional one, and the line names another', () => {
    const text = `if true; then\n${launch('trainer.x=1')}fi\n${launch('trainer.x=2')}`;
    expect(settingsOf(text)).toEqual({ 'trainer.x': 2 });
    expect(imported(text).report.warnings).toEqual([expect.stringContaining('--line 3 imports that one')]);
    expect(settingsOf(text, { line: 3 })).toEqual({ 'trainer.x': 1 });
    expect(failureOf(() => imported(text, { line: 1 })).hint).toContain('3, 6');
  });

  it.each([
    ['the class of the rows', 'data.custom_cls.name=PairwiseRows data.train_files=pointwise.parquet', 'pairwise'],
    ['the reward function', 'custom_reward_function.path=point_wise/r.py data.train_files=t.parquet', 'pointwise'],
    ['the data', 'data.train_files=set_pairwise_train.parquet', 'pairwise'],
    ['the name', 'data.train_files=t.parquet trainer.experiment_name=judge-pointwise-1', 'pointwise'],
  ])('the method is told by %s', (_name, overrides, method) => {
    expect(imported(`python -m verl.trainer.main_ppo ${overrides}`).runFile.method).toBe(method);
  });

  it('asks for the method where nothing tells it', () => {
    const text = 'python -m verl.trainer.main_ppo data.train_files=t.parquet';
    expect(failureOf(() => imported(text))).toMatchObject({ code: 'invalid-run', where: { line: 1 } });
    expect(imported(text, { method: 'pointwise' }).runFile.method).toBe('pointwise');
  });
});

describe('data paths', () => {
  const pathOf = (value: string, extra: Extra = {}, before = '') =>
    imported(`${before}\npython x.py data.train_files=${value} trainer.y=1`, { method: 'pairwise', ...extra }).runFile
      .data.train;
  const runFile = path.resolve('/project/runs/a.rmrun.json');

  it.each([
    ['a file', 'a.parquet', 'a.parquet'],
    ['a folder above', '../data/a.parquet', '../data/a.parquet'],
    ['an absolute path', '/data/a.parquet', '/data/a.parquet'],
    ['a list of one', '\'["a.parquet"]\'', 'a.parquet'],
    ['a list in one folder', '"[d/a.parquet, \'d/b.parquet\']"', 'd/{a.parquet,b.parquet}'],
    ['a list in several', '[d/x/a.parquet,d/y/b.parquet]', 'd/{x/a.parquet,y/b.parquet}'],
    ['a list of absolute paths', '[/d/a.parquet,/d/b.parquet]', '/d/{a.parquet,b.parquet}'],
  ])('%s', (_name, value, expected) => {
    expect(pathOf(value)).toBe(expected);
  });

  it('are relative to the run file, from the folder that the script works in', () => {
    expect(pathOf('a.parquet', { runFile })).toBe('../train/a.parquet');
    expect(pathOf('a.parquet', { runFile }, 'cd ../data')).toBe('../data/a.parquet');
  });

  it.each([
    ['elsewhere', 's3://bucket/a.parquet', /not on this machine/],
    ['a home folder', '~/a.parquet', /home folder/],
    ['unknown', '$DATA/a.parquet', /give --var DATA=VALUE/],
    ['absent', 'null', /null/],
  ])('that are %s are refused with the line', (_name, value, message) => {
    const error = failureOf(() => pathOf(value));
    expect(error.message).toMatch(message);
    expect(error.where.line).toBe(LAUNCH_LINE);
  });

  it('warns where the settings name code beside the script, and the run file is elsewhere', () => {
    const text = launch('data.custom_cls.path=./rows.py');
    expect(imported(text).report.warnings).toEqual([]);
    expect(imported(text, { runFile }).report.warnings).toEqual([expect.stringContaining('data.custom_cls.path')]);
  });

  it('warns where validation is on the training data', () => {
    const { report } = imported(launch('data.val_files=./pairwise.parquet'));
    expect(report.warnings).toEqual([expect.stringContaining('validation data are the training data')]);
  });
});

describe('what cannot be imported is refused with the reason', () => {
  it.each([
    ['no launch', 'echo hello', /starts no training/, undefined],
    ['a launch with flags', '\npython train.py --lr 1e-5', /given --flags/, 2],
    [
      'no data',
      'python -m verl.trainer.main_ppo trainer.x=pairwise data.custom_cls.name=Pairwise',
      /no training data/,
      1,
    ],
    ['an open quote', '\n\necho "abc', /never closed/, 3],
    ['an open substitution', 'echo $(abc', /never closed/, 1],
    ['bytes', 'PAR1\0\0', /not a text file/, undefined],
    ['a long text', 'x'.repeat(300_000), /too many/, undefined],
  ])('%s', (_name, text, message, line) => {
    const error = failureOf(() => imported(text));
    expect(error.message).toMatch(message);
    expect(error.where.line).toBe(line);
  });

  it('an engine that cannot train the method', () => {
    expect(failureOf(() => importedFixture('run_sft.sh', { engine: 'embedded' })).code).toBe('not-available');
  });
});

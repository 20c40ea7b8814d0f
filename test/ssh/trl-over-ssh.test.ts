/** One run file, trained with PyTorch on this machine and over SSH by changing its target alone. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { root } from '../../scripts/main.mjs';
import { runCli, runCliJson } from '../unit/cli/run-cli.ts';
import { Sshd } from './sshd.ts';

const python = (await findPythonPackages('python-trl')) ?? '';
const folder = mkdtempSync(path.join(os.tmpdir(), 'rs-trl-ssh-'));
let sshd: Sshd;

beforeAll(async () => {
  sshd = await Sshd.start();
  process.env.REWARD_STUDIO_SSH_CONFIG = sshd.config;
  const make =
    'from pathlib import Path; from tests_trl.tiny_model import make_tiny_model; make_tiny_model(Path("tiny"))';
  await execa(python, ['-c', make], { cwd: folder, env: { PYTHONPATH: path.join(root, 'python') } });
  const rows = Array.from({ length: 32 }, (_, at) => ({
    prompt: [{ role: 'user', content: `question ${at}` }],
    chosen: [{ role: 'assistant', content: `good clear answer ${at}` }],
    rejected: [{ role: 'assistant', content: `bad rude answer ${at}` }],
  }));
  writeFileSync(path.join(folder, 'pairs.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const run = {
    method: 'bradley-terry',
    data: { train: 'pairs.jsonl' },
    engine: 'trl',
    base_model: './tiny',
    settings: {
      device: 'cpu',
      max_steps: 4,
      batch_size: 4,
      micro_batch_size: 4,
      save_steps: 2,
      gradient_checkpointing: false,
    },
  };
  writeFileSync(path.join(folder, 'pairs.rmrun.json'), JSON.stringify(run));
});

afterAll(async () => {
  delete process.env.REWARD_STUDIO_SSH_CONFIG;
  await sshd.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Trained {
  readonly id: string;
  readonly status: string;
  readonly target: string;
}

test('the losses are the same, and the model that came back grades', async () => {
  await runCli(folder, ['targets', 'add', 'ssh:box', '--python', python, '--folder', path.join(folder, 'there')]);
  const looked = await runCli(folder, ['targets', 'look', 'ssh:box']);
  expect(looked.stdout).toMatch(/^box, over SSH: SSH, Python 3\.\d+\.\d+: 1 node, \d+ cores, no GPU/);
  expect(looked.stdout).toContain('engine trl: ready');

  const planned = await runCli(folder, ['train', 'pairs.rmrun.json', '--target', 'ssh:box', '--dry-run']);
  expect(planned.stdout).toMatch(/command +\[".*","-m","reward_studio","train","[^"]*\/there\/runs\/RUN-ID"/);
  expect(planned.stdout).toMatch(/brings there .*pairs\.jsonl \(train\.jsonl, [\d.]+ kB\)/);

  const trained = async (target: string): Promise<Map<number, number>> => {
    const run = await runCliJson<Trained>(folder, [
      'train',
      'pairs.rmrun.json',
      '--target',
      target,
      '--python',
      python,
    ]);
    expect(run).toMatchObject({ status: 'finished', target });
    const events = readFileSync(path.join(folder, '.reward-studio', 'runs', run.id, 'events.jsonl'), 'utf8');
    const graded = await runCli(folder, [
      'grade',
      run.id,
      '--python',
      python,
      '--prompt',
      'question 1',
      '--response',
      'good clear answer 1',
    ]);
    expect(graded.stdout).toMatch(/response 1: Reward/);
    const metrics = events.split('\n').flatMap((line) => (line.includes('"train/loss"') ? [JSON.parse(line)] : []));
    return new Map(metrics.map(({ step, values }) => [step, values['train/loss']]));
  };
  const [here, there] = [await trained('local'), await trained('ssh:box')];
  expect([...there.keys()]).toEqual([1, 2, 3, 4]);
  for (const [step, loss] of here) expect(there.get(step), `step ${step}`).toBeCloseTo(loss, 6);
});

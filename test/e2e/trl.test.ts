/** From "Train Reward Model" to a graded text through a real transformer: a tiny random one, on the CPU. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { root } from '../../scripts/main.mjs';
import { useWorkbench } from './use-workbench.ts';

const python = await findPythonPackages('python-trl');
/** Training and serving load PyTorch, which takes its time on a busy machine. */
const PATIENCE = { timeout: 180_000 };
const SECRET = 'hf_secretOfTheTest';

if (!python) console.log('trl: skipped, the environment python-trl is not there (npm test -- python-trl makes it)');

describe.skipIf(!python)('a transformer', () => {
  const workbench = useWorkbench('trl', {
    workspace: path.join(root, 'examples'),
    viewport: { width: 1400, height: 900 },
    env: { PATH: `${path.dirname(python ?? root)}${path.delimiter}${process.env.PATH}` },
  });
  const runFolder = () => {
    const runs = path.join(workbench().folder, '.reward-studio', 'runs');
    return path.join(runs, readdirSync(runs).at(-1)!);
  };

  beforeAll(() => {
    const make =
      'import sys; from pathlib import Path; from tests_trl.tiny_model import make_tiny_model as m; m(Path(sys.argv[1]))';
    execFileSync(python!, ['-c', make, path.join(workbench().folder, 'tiny-model')], {
      cwd: path.join(root, 'python'),
    });
  });

  test('a training that no Python was chosen for says what to do', async () => {
    await workbench().runCommand('Reward Studio: Train Reward Model');
    await workbench().pick('train.parquet');
    await workbench().pick('Bradley-Terry');
    await workbench().pick('PyTorch (TRL) on this machine');
    await workbench().pick('tiny-model');
    await workbench().screenshot('trl-parameters');
    for (const [name, value] of [
      ['max_steps', '6'],
      ['batch_size', '8'],
      ['max_length', '256'],
      ['truncation', 'left'],
      ['save_steps', '3'],
    ] as const) {
      await workbench().pick(name);
      await workbench().enterText(value);
    }
    await workbench().pick('Start');
    await workbench().notification(/No Python has been chosen for the engine trl.*Set Up Python Environment/);
    await workbench().screenshot('trl-no-python');
    await workbench().clearNotifications();
  });

  test('Set Up Python Environment shows what each interpreter has, and the ready one is taken', async () => {
    await workbench().runCommand('Reward Studio: Set Up Python Environment');
    const ready = workbench()
      .quickInput.getByText(/torch 2\.\d+\.\d+\S* \(CPU\) · trl/)
      .first();
    await ready.waitFor(PATIENCE);
    await workbench().screenshot('python-environment');
    await ready.click();
    await workbench().notification(/Python is ready to train: Python 3\.\d+\.\d+ · torch/);
    await workbench().clearNotifications();
  });

  test('Preflight looks at data, environment, base model, memory and disk, and starts nothing', async () => {
    await workbench().openFile('bradley-terry/bradley-terry-train.rmrun.json');
    const before = readdirSync(path.join(workbench().folder, '.reward-studio', 'runs')).length;
    await workbench().page.locator('.codelens-decoration a', { hasText: 'Preflight' }).first().click();
    for (const what of ['environment', 'base model', 'memory', 'disk']) {
      await workbench().page.locator('.view-line', { hasText: what }).first().waitFor(PATIENCE);
    }
    await workbench().screenshot('trl-preflight');
    expect(readdirSync(path.join(workbench().folder, '.reward-studio', 'runs'))).toHaveLength(before);
    await workbench().runCommand('View: Close All Editors');
  });

  test('a token that is kept as a secret is in the environment of the trainer, and nowhere in the folder of the run', async () => {
    await workbench().runCommand('Reward Studio: Set Hugging Face Token');
    await workbench().enterText(SECRET);
    await workbench().openFile('bradley-terry/bradley-terry-train.rmrun.json');
    await workbench().page.locator('.codelens-decoration a', { hasText: 'Train' }).first().click();
    const status = (said: string) => workbench().webview().locator('.status', { hasText: said });
    await status('Finished').waitFor(PATIENCE);
    await workbench().webview().locator('[data-chart=loss] canvas').waitFor();
    await workbench().screenshot('trl-finished');
    const folder = runFolder();
    for (const file of readdirSync(folder).filter((name) => /\.(jsonl?|log)$/.test(name))) {
      expect(readFileSync(path.join(folder, file), 'utf8')).not.toContain(SECRET);
    }
    expect(JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8'))).toMatchObject({ engine: 'trl' });
    await workbench().clearNotifications();
  });

  test('Grade Selection grades through the trained transformer; hovering then shows the grade that was kept', async () => {
    await workbench().runCommand('View: Close All Editors');
    await workbench().openFile('replies.jsonl');
    await workbench().hover('That should not happen', /Grade This Response/);
    await workbench().screenshot('trl-hover-offer');
    await workbench().select('That should not happen');
    await workbench().runCommand('Reward Studio: Grade Selection');
    const told = workbench()
      .page.locator('.notification-list-item', { hasText: /Reward|percentile/ })
      .first();
    await told.waitFor(PATIENCE);
    expect(await told.textContent()).toContain('bradley-terry-train');
    await workbench().screenshot('trl-graded');
  });
});

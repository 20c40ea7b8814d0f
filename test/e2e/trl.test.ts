/** From "Train Reward Model" to a graded text through a real transformer: a tiny random one, on the CPU. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { root } from '../../scripts/main.mjs';
import { setParameters } from './parameters.ts';
import { useWorkbench } from './use-workbench.ts';

const python = await findPythonPackages('python-trl');
/** Training and serving load PyTorch, which takes its time on a busy machine. */
const PATIENCE = { timeout: 180_000 };
const SECRET = 'hf_secretOfTheTest';
/** Kept too, and not for runs that do not report. */
const UNASKED = 'wandbSecretOfTheTest';

if (!python) console.log('trl: skipped, the environment python-trl is not there (npm test -- python-trl makes it)');

describe.skipIf(!python)('a transformer', () => {
  const workbench = useWorkbench('trl', {
    workspace: path.join(root, 'examples'),
    viewport: { width: 1400, height: 900 },
  });
  const runFolder = () => {
    const runs = path.join(workbench().folder, '.reward-studio', 'runs');
    return path.join(runs, readdirSync(runs).at(-1)!);
  };

  beforeAll(async () => {
    await symlink(path.dirname(path.dirname(python!)), path.join(workbench().folder, '.venv'));
    const make =
      'import sys; from pathlib import Path; from tests_trl.tiny_model import make_tiny_model as m; m(Path(sys.argv[1]))';
    execFileSync(python!, ['-c', make, path.join(workbench().folder, 'tiny-model')], {
      cwd: path.join(root, 'python'),
    });
  });

  test('a training asks for Python where none was chosen, and then goes on to a finished run', async () => {
    await workbench().runCommand('Reward Studio: Set Hugging Face Token');
    await workbench().enterText(SECRET);
    await workbench().runCommand('Reward Studio: Set Weights & Biases Token');
    await workbench().enterText(UNASKED);
    await workbench().notification('The Weights & Biases token is set.');
    await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'train.parquet');
    await workbench().pick('Bradley-Terry');
    await workbench().pick('PyTorch (TRL) on this machine');
    await workbench().pick('tiny-model');
    await workbench().screenshot('trl-parameters');
    await setParameters(workbench(), {
      max_steps: '6',
      batch_size: '8',
      max_length: '256',
      truncation: 'left',
      save_steps: '3',
    });
    await workbench().pick('Start');
    const asked = await workbench().notification(/needs Python with its packages, and none has been chosen/);
    await workbench().screenshot('trl-no-python');
    await asked.getByRole('button', { name: 'Set Up Python Environment' }).click();
    const ready = workbench()
      .quickInput.getByText(/torch 2\.\d+\.\d+\S* \(CPU\) · trl/)
      .first();
    await ready.waitFor(PATIENCE);
    await workbench().screenshot('python-environment');
    await ready.click();
    await workbench().notification(/Python is ready to train: Python 3\.\d+\.\d+ · torch/);
    await workbench().webview().locator('.status', { hasText: 'Finished' }).waitFor(PATIENCE);
    await workbench().webview().locator('[data-chart=loss] canvas').waitFor();
    await workbench().notification(/Trained bradley-terry-train. Validation: pair accuracy/);
    await workbench().clearNotifications();
    await workbench().screenshot('trl-finished');
  });

  test('the token that is kept as a secret is nowhere in the folder of the run', () => {
    const files = readdirSync(runFolder(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain('trainer.log');
    for (const { parentPath, name } of files) {
      const text = readFileSync(path.join(parentPath, name), 'latin1');
      expect(text.includes(SECRET) || text.includes(UNASKED), name).toBe(false);
    }
    expect(JSON.parse(readFileSync(path.join(runFolder(), 'run.json'), 'utf8'))).toMatchObject({ engine: 'trl' });
  });

  test('the memory that a training takes is said before it starts, with the settings that fit GPUs of 8 to 80 GB', async () => {
    await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'train.parquet');
    await workbench().pick('Bradley-Terry');
    await workbench().pick('PyTorch (TRL) on this machine');
    await workbench().pick('tiny-model');
    const entry = workbench().quickInput.locator('.quick-input-list-entry', { hasText: 'Fit to Memory' });
    await entry.filter({ hasText: /about [\d.]+ [MG]B on the CPU, [\d.]+ GB free/ }).waitFor(PATIENCE);
    await workbench().screenshot('trl-memory');
    await workbench().pick('Fit to Memory');
    await workbench().quickInput.getByText('80 GB').waitFor();
    await workbench().screenshot('trl-presets');
    await workbench().pick('80 GB');
    await workbench().quickInput.getByText('Train Reward Model (5/5)').waitFor();
    await workbench().quickInput.locator('input').first().fill('micro_batch_size');
    await workbench().quickInput.getByText('8  (changed)').waitFor();
    await workbench().screenshot('trl-preset-taken');
    await workbench().page.keyboard.press('Escape');
    await workbench().page.keyboard.press('Escape');
  });

  test('Preflight looks at data, environment, base model and memory, and starts nothing', async () => {
    await workbench().openFile('bradley-terry/bradley-terry-train.rmrun.json');
    const before = readdirSync(path.dirname(runFolder())).length;
    await workbench().page.locator('.codelens-decoration a', { hasText: 'Preflight' }).first().click();
    for (const what of ['training data', 'environment', 'base model', 'port', 'memory']) {
      await workbench().page.locator('.view-line', { hasText: what }).first().waitFor();
    }
    await workbench().screenshot('trl-preflight');
    expect(readdirSync(path.dirname(runFolder()))).toHaveLength(before);
  });

  test('Grade Selection grades through the trained transformer; hovering then shows the grade that was kept', async () => {
    await workbench().runCommand('View: Close All Editors');
    await workbench().openFile('replies.jsonl');
    await workbench().hover('need not send the whole kettle back', /Grade This Response/);
    await workbench().screenshot('trl-hover-offer');
    await workbench().select('need not send the whole kettle back');
    await workbench().runCommand('Reward Studio: Grade Selection');
    const told = workbench()
      .page.locator('.notification-list-item', { hasText: /\d(st|nd|rd|th) percentile/ })
      .first();
    await told.waitFor(PATIENCE);
    expect(await told.textContent()).toContain('bradley-terry-train');
    await workbench().screenshot('trl-graded-notification');
    await told.getByRole('button', { name: 'Show Details' }).click();
    const card = workbench()
      .page.locator('.monaco-hover:not(.hidden):visible', { hasText: /kept since/ })
      .first();
    await card.waitFor();
    expect(await card.textContent()).toMatch(/Percentile.*\d+/s);
    await workbench().screenshot('trl-graded');
  });

  test('Evaluate Run on a File measures it in the batches of a server of its own', async () => {
    const pairs = Array.from({ length: 30 }, (_, at) => ({
      prompt: `Question ${at}`,
      chosen: 'A clear answer.',
      rejected: `No ${at}`,
    }));
    writeFileSync(
      path.join(workbench().folder, 'few.jsonl'),
      pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''),
    );
    await workbench().activityBar('Reward Studio');
    await workbench().chooseFromMenu(workbench().treeItem(/bradley-terry-train, finished/), 'Evaluate Run on a File');
    await workbench().pick('few.jsonl');
    const page = workbench().webview();
    await page.getByRole('heading', { name: 'bradley-terry-train on few.jsonl' }).waitFor(PATIENCE);
    const accuracy = await page.locator('.measure', { hasText: 'Pair accuracy' }).textContent();
    expect(accuracy).toMatch(/95 % interval [\d.]+ to [\d.]+, n 30/);
    await workbench().screenshot('trl-evaluation');
    await workbench().runCommand('View: Close All Editors');
  });

  test('Export Grader writes a module for OpenJudge, and opens it', async () => {
    await workbench().activityBar('Reward Studio');
    await workbench().chooseFromMenu(workbench().treeItem(/bradley-terry-train, finished/), 'Export Grader…');
    await workbench().quickInput.getByText('Export Grader: bradley-terry-train').waitFor();
    await workbench().screenshot('export-grader');
    await workbench().pick('OpenJudge graders');
    const file = path.join(workbench().folder, 'bradley_terry_train_grader.py');
    await workbench().enterPath(file, /bradley_terry_train_grader\.py$/);
    await workbench().notification(
      'Exported bradley-terry-train to bradley_terry_train_grader.py: RewardGrader, RewardRanker.',
    );
    await workbench().screenshot('export-grader-module');
    execFileSync(python!, ['-m', 'py_compile', file]);
    expect(readFileSync(file, 'utf8')).toContain('"scale": "logit-within-prompt"');
  });
});

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import type { Evaluation, Measure } from '../../src/core/methods/evaluation.ts';
import type { Sample } from '../../src/core/runs/events.ts';
import { WrittenRun } from '../runs/written-run.ts';
import { savedByWorkbench } from './saved-state.ts';
import { useWorkbench } from './use-workbench.ts';
import { ARTIFACTS } from './workbench.ts';

const workbench = useWorkbench('run-panel', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1500, height: 950 },
});

const STARTED = Date.now() - 40 * 60_000;
let first: WrittenRun;
let second: WrittenRun;

const page = () => workbench().webview();
const caption = (chart: string) => page().locator(`[data-chart=${chart}] .caption`);

/** A training that learns, with noise that is the same each time. */
function step(run: WrittenRun, at: number, speed: number, total = 300): void {
  const noise = (salt: number) => Math.sin(at * 12.9898 + salt * 78.233) * 0.04;
  const learned = 1 - Math.exp((-at * speed) / 100);
  run.event(
    {
      kind: 'metrics',
      step: at,
      total_steps: total,
      epoch: at / 100,
      values: {
        'train/loss': 0.69 - 0.14 * learned + noise(1),
        'train/accuracy': 0.5 + 0.22 * learned + noise(2),
        'train/margin': 0.9 * learned + noise(3),
        'train/reward_chosen': 0.35 * learned + noise(4),
        'train/reward_rejected': -0.5 * learned + noise(5),
        grad_norm: 1.2 + 3 * Math.exp(-at / 15) + 5 * noise(6),
        learning_rate: 1e-5 * Math.min(1, at / 20) * (1 - at / (total + 1)),
        'system/gpu_memory_gb': 64 + 10 * noise(7),
        'system/gpu_utilization': 90 + 50 * noise(8),
        ...(at % 25 === 0 && at > 0
          ? { 'validation/accuracy': 0.5 + 0.2 * learned, 'validation/loss': 0.69 - 0.12 * learned }
          : {}),
      },
    },
    new Date(STARTED + at * 7_400),
  );
}

function sampled(): Sample[] {
  const output = (verdict: string | null, order: 'AB' | 'BA', reward: number) => ({
    text:
      verdict === null
        ? 'so the second assistant is right about the window. I would therefore'
        : `Clearer on the refund window. [[${verdict}]]`,
    verdict,
    order,
    reward,
    tokens: 187,
    cut: verdict === null,
  });
  return [
    {
      row: 17,
      slice: 'python',
      prompt: 'Why does my asyncio task vanish without an error?',
      gold: 'A',
      outputs: [output('A', 'AB', 1), output('A', 'BA', 1)],
    },
    {
      row: 23,
      slice: 'support',
      prompt: 'Refund for a yearly plan cancelled on day 10',
      gold: 'B',
      outputs: [output('A', 'AB', 0), output(null, 'BA', -0.5), output('B', 'BA', 1)],
    },
    {
      row: 24,
      slice: 'git',
      prompt: 'Explain the difference between rebase and merge',
      gold: 'tie',
      outputs: [output('tie', 'AB', 1), output('B', 'BA', 0)],
    },
  ];
}

function evaluation(accuracy: number, n: number): Evaluation {
  const measure = (value: number): Measure => ({
    name: 'pair-accuracy',
    value,
    n,
    interval: [value - 0.02, value + 0.02],
    better: 'higher',
  });
  return {
    method: 'bradley-terry',
    n,
    measures: [measure(accuracy)],
    baselines: [
      { baseline: 'pick-longer', measure: measure(0.578) },
      { baseline: 'chance', measure: measure(0.5) },
    ],
  };
}

beforeAll(async () => {
  const { folder } = workbench();
  second = new WrittenRun(folder, '20260101-000000-bt-small', { name: 'bt-small', settings: { learning_rate: 0.02 } });
  for (let at = 0; at <= 300; at += 1) step(second, at, 0.6);
  second.event({ kind: 'status', status: 'finished' });
  first = new WrittenRun(folder, '20260102-000000-bt-support', { name: 'bt-support' });
  await first.launch();
  for (let at = 0; at <= 90; at += 1) step(first, at, 1);
  first.event({ kind: 'checkpoint', step: 85, path: 'checkpoints/85' });
  first.log(`${Array.from({ length: 3_000 }, (_, line) => `line ${line} of the log`).join('\n')}\n`);
  first.nextAttempt();
  await first.launch();
  for (let at = 86; at <= 150; at += 1) step(first, at, 1);
});

afterAll(() => {
  for (const run of [first, second]) rmSync(run.folder, { recursive: true, force: true });
});

test('a run opens from the tree as curves, with its resume marked and its progress told', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/bt-support/)
    .click();
  await caption('loss')
    .getByText(/0\.\d\d\d/)
    .first()
    .waitFor();
  await page().getByText('Step 150 of 300').waitFor();
  await expect.poll(() => page().locator('.chart canvas').count()).toBeGreaterThan(4);
  await workbench().screenshot('run-panel-dark');
});

test('a step that the trainer writes is shown at once', async () => {
  step(first, 151, 1);
  await page().getByText('Step 151 of 300').waitFor();
  first.event({ kind: 'metrics', step: 152, total_steps: 300, values: { learning_rate: 6.5e-6 } });
  await caption('learning_rate').getByText('6.5e\u22126').waitFor();
});

test('an alert is shown above the tabs with what to do', async () => {
  first.control({
    kind: 'alert',
    alert: 'stalled',
    step: 152,
    message: 'No step for 41 s, 5.5 times the median of 7.4 s.',
    hint: 'The last log line says what it was doing.',
  });
  await page().locator('[data-alert=stalled]').waitFor();
});

test('another run is compared: its curves, and which parameters differ', async () => {
  await page().getByRole('button', { name: 'Compare with' }).click();
  await workbench().quickInput.getByText('bt-small').click();
  await workbench().page.keyboard.press('Enter');
  await page().locator('.legend-run', { hasText: 'bt-small' }).waitFor();
  await expect.poll(() => caption('loss').locator('.caption-run').count()).toBe(2);
  await page()
    .locator('[data-chart=loss] .plot')
    .hover({ position: { x: 200, y: 80 } });
  await page()
    .locator('[data-chart=loss] .chart-tooltip')
    .getByText(/^Step \d+/)
    .waitFor();
  await workbench().screenshot('run-panel-compare');
  await page().getByRole('tab', { name: 'Parameters' }).hover();
  await expect.poll(() => page().locator('.chart-tooltip:visible').count()).toBe(0);
  await page().getByRole('tab', { name: 'Parameters' }).click();
  await page().locator('tr.differs', { hasText: 'settings.learning_rate' }).waitFor();
  await workbench().screenshot('run-panel-parameters');
});

test('the log is read from its end and searched', async () => {
  await page().getByRole('tab', { name: 'Log' }).click();
  await page().getByText('line 2999 of the log').waitFor();
  await page().getByRole('searchbox', { name: 'Search log' }).fill('LINE 17 of');
  await workbench().page.keyboard.press('Enter');
  await expect.poll(() => page().locator('body').evaluate('String(getSelection())')).toBe('line 17 of');
  await workbench().screenshot('run-panel-log');
});

test('samples show verdicts beside the gold label, their confusion, and the outputs in full', async () => {
  first.event({ kind: 'samples', step: 150, set: 'validation', samples: sampled() });
  await page().getByRole('tab', { name: 'Samples' }).click();
  await page().getByText('Verdict accuracy').waitFor();
  await page().locator('.confusion td').first().waitFor();
  await page()
    .getByRole('button', { name: /^No verdict/ })
    .click();
  await expect.poll(() => page().locator('tr.sample').count()).toBe(1);
  await page().locator('tr.sample .unfold').click();
  await page().getByText('I would therefore').first().waitFor();
  await workbench().screenshot('run-panel-samples');
});

test('an evaluation is told with n, interval, baselines and slices', async () => {
  first.event({
    kind: 'evaluation',
    step: 150,
    evaluation: evaluation(0.675, 3_820),
    slices: [
      { by: 'source', value: 'billing', evaluation: evaluation(0.612, 410) },
      { by: 'source', value: 'returns', evaluation: evaluation(0.701, 903) },
    ],
  });
  await page().getByRole('tab', { name: 'Validation' }).click();
  await page().getByText('95 % interval 0.655 to 0.695, n 3,820').waitFor();
  await page().getByText('pick-longer 0.578').first().waitFor();
  await page().getByRole('cell', { name: 'billing' }).waitFor();
  await workbench().screenshot('run-panel-validation');
});

test('all numbers of the runs are exported as CSV', async () => {
  await page().getByRole('tab', { name: 'Charts' }).click();
  await page().getByRole('button', { name: 'CSV' }).click();
  const file = path.join(workbench().folder, 'numbers.csv');
  await workbench().enterPath(file, /\.csv$/);
  // A toast may be gone before a busy machine looks at it; the file stays.
  await expect
    .poll(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), { timeout: 60_000 })
    .toBe(true);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines[0]).toBe('run,metric,step,epoch,seconds,attempt,value,superseded');
  expect(lines.filter((line) => line.startsWith('bt-support,train/loss,') && line.endsWith(',1'))).toHaveLength(5);
  await workbench().clearNotifications();
});

test('all charts are exported as one picture', async () => {
  await page().getByRole('button', { name: 'PNG' }).click();
  const file = path.join(workbench().folder, 'charts.png');
  await workbench().enterPath(file, /\.png$/);
  // Each chunk of a PNG has its length and a sum: the last one is there when all are.
  await expect
    .poll(() => existsSync(file) && readFileSync(file).subarray(-8, -4).toString('latin1'), { timeout: 60_000 })
    .toBe('IEND');
  const png = readFileSync(file);
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect(width).toBeGreaterThan(800);
  expect(height).toBeGreaterThan(600);
  mkdirSync(path.join(ARTIFACTS, 'screenshots'), { recursive: true });
  copyFileSync(file, path.join(ARTIFACTS, 'screenshots', 'run-panel-export.png'));
  await workbench().clearNotifications();
});

test('the panel and how it is looked at survive a reload of the window', async () => {
  await page().getByRole('tab', { name: 'Charts' }).click();
  await page().getByRole('combobox', { name: 'X axis' }).selectOption('time');
  await savedByWorkbench(workbench().page, '"x":"time"');
  await workbench().open();
  await page()
    .getByText(/Step 15\d of 300/)
    .waitFor();
  await expect.poll(() => page().getByRole('combobox', { name: 'X axis' }).inputValue()).toBe('time');
  await page().locator('.legend-run', { hasText: 'bt-small' }).waitFor();
  step(first, 160, 1);
  await page().getByText('Step 160 of 300').waitFor();
});

test('high contrast and light themes, tables for screen readers, and a narrow panel', async () => {
  for (const [theme, name] of [
    ['Dark High Contrast', 'high-contrast'],
    ['Light Modern', 'light'],
  ] as const) {
    await workbench().runCommand('Preferences: Color Theme');
    await workbench().quickInput.locator('input').first().fill(theme);
    await workbench().pick(theme);
    await page().locator(`body.vscode-${name}`).waitFor();
    await page().locator('[data-chart=loss] canvas').waitFor();
    await workbench().screenshot(`run-panel-${name}`);
  }
  await page().getByRole('button', { name: 'Table' }).click();
  await page().getByRole('table', { name: 'Loss' }).getByRole('rowheader').first().waitFor();
  await workbench().screenshot('run-panel-tables');
  await page().getByRole('button', { name: 'Table' }).click();
  await workbench().page.setViewportSize({ width: 900, height: 950 });
  await page().locator('[data-chart=loss] canvas').waitFor();
  await workbench().screenshot('run-panel-narrow');
  await workbench().page.setViewportSize({ width: 1500, height: 950 });
});

test('a run that failed says why, with the last lines of its log', async () => {
  first.event({
    kind: 'status',
    status: 'failed',
    error: { code: 'trainer-died', message: 'CUDA out of memory.', where: {}, hint: 'Lower micro_batch_size_per_gpu.' },
  });
  await page().getByText('CUDA out of memory.').first().waitFor();
  await page().getByText('line 2999 of the log').waitFor();
  await workbench().screenshot('run-panel-failed');
});

test('processes end with their panels', async () => {
  const followers = async () => {
    const { stdout } = await execa('ps', ['-eo', 'args=']);
    return stdout
      .split('\n')
      .filter(
        (line) => line.includes('follow-run.mjs') && line.includes(path.dirname(path.dirname(workbench().folder))),
      ).length;
  };
  expect(await followers()).toBe(1);
  await workbench().runCommand('View: Close All Editors');
  await expect.poll(followers, { timeout: 30_000 }).toBe(0);
});

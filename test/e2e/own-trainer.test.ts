/**
 * A training from its run file to its end, through reloads and crashes, with a real trainer that takes minutes: the
 * reference trainer, started as any trainer of one's own. Each test goes on where the one before has ended.
 */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { bundleTypeScript, TEST_PROGRAMS } from '../../scripts/run-typescript.mjs';
import { type RunEvent, runEventSchema } from '../../src/core/runs/events.ts';
import { readLog } from '../../src/core/runs/json-lines-log.ts';
import type { RunState } from '../../src/core/runs/state.ts';
import { RunFolder } from '../../src/core/runs/store.ts';
import { referenceCommand } from '../reference-trainer/draft.ts';
import type { ReferenceSettings } from '../reference-trainer/settings.ts';
import { freshState, lossCurve, uninterruptedCurve } from '../reference-trainer/watch.ts';
import { savedByWorkbench } from './saved-state.ts';
import { useWorkbench } from './use-workbench.ts';

/** Longer than any of the tests: what ends is ended by them. */
const SLOW: ReferenceSettings = { steps: 20_000, pause_ms: 60, checkpoint_every: 50 };
const WAIT = { timeout: 60_000 };

function runFile(name: string, parameters: ReferenceSettings, seed: number): string {
  const file = {
    name,
    method: 'bradley-terry',
    data: { train: 'bradley-terry/train.parquet' },
    engine: 'command',
    seed,
    settings: { command: referenceCommand(root), resumes: true, parameters },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const workbench = useWorkbench('own-trainer', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1500, height: 950 },
  files: {
    'first.rmrun.json': runFile('first', SLOW, 1),
    'second.rmrun.json': runFile('second', { ...SLOW, learning_rate: 0.05 }, 2),
    'diverging.rmrun.json': runFile('diverging', { ...SLOW, learning_rate: 0.5, nan_at_step: 20 }, 3),
  },
});

beforeAll(async () => {
  await bundleTypeScript(TEST_PROGRAMS[0]!);
});

const page = () => workbench().webview();
const lens = (title: string) => workbench().page.locator('.codelens-decoration a', { hasText: title }).first();
const action = (name: string) => page().locator('.run-header').getByRole('button', { name });
const status = (said: string) => page().locator('.status', { hasText: said });

/** The step in the head of the panel. */
async function shownStep(): Promise<number> {
  const text = (await page().locator('.steps').textContent()) ?? '';
  return Number(/Step ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', '') ?? Number.NaN);
}

async function shownStepPasses(step: number): Promise<number> {
  await expect.poll(shownStep, WAIT).toBeGreaterThan(step);
  return shownStep();
}

function folderOf(name: string): RunFolder {
  const runs = path.join(workbench().folder, '.reward-studio', 'runs');
  const found = readdirSync(runs).find((id) => id.includes(`-${name}-`));
  if (!found) throw new Error(`There is no run "${name}".`);
  return new RunFolder(path.join(runs, found));
}

const stateOf = (name: string): Promise<RunState> => freshState(folderOf(name));

async function eventsOf(name: string): Promise<readonly RunEvent[]> {
  const { entries, problems } = await readLog(folderOf(name).eventsFile, runEventSchema);
  expect(problems).toEqual([]);
  return entries;
}

/** Every entry of every attempt is there, and the curve is that of a training that nobody disturbed. */
async function nothingIsLost(name: string, seed: number, parameters = SLOW): Promise<void> {
  const events = await eventsOf(name);
  for (const attempt of new Set(events.map((event) => event.attempt))) {
    const numbers = events.filter((event) => event.attempt === attempt).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
  const curve = await lossCurve(folderOf(name));
  const last = Math.max(...curve.keys());
  const { steps: _, ...others } = parameters;
  expect(curve).toEqual(uninterruptedCurve({ ...others, steps: last }, seed));
}

async function train(name: string): Promise<void> {
  await workbench().openFile(`${name}.rmrun.json`);
  await lens('Train').click();
}

/**
 * By its tab: entries of the tree move while a mouse is on its way to them. After a crash as well: the browser may not have
 * saved yet which editor was in front.
 */
async function openRun(name: string): Promise<void> {
  const label = workbench().page.locator('.tabs-container .tab .label-name', { hasText: new RegExp(`^${name}$`) });
  await label.click();
  await page().locator('h1', { hasText: name }).waitFor();
}

/** What a browser would not have saved yet is not what is tested here. */
async function panelIsSaved(): Promise<void> {
  await savedByWorkbench(workbench().page, path.basename(folderOf('first').path));
}

const inTree = (said: RegExp) => workbench().treeItem(said).waitFor();

test('Preflight shows the exact argument vector, and starts nothing', async () => {
  await workbench().openFile('first.rmrun.json');
  await lens('Preflight').click();
  const line = (text: string) => workbench().page.locator('.view-line', { hasText: text }).first();
  await line('command').waitFor();
  await line('started in').waitFor();
  await workbench().screenshot('own-trainer-preflight');
  expect(readdirSync(workbench().folder)).not.toContain('.reward-studio');
  await workbench().runCommand('View: Close All Editors');
});

test('Train above the run file starts it, and its curve grows', async () => {
  await train('first');
  await status('Running').waitFor();
  const step = await shownStepPasses(5);
  await page().locator('[data-chart=loss] canvas').waitFor();
  await shownStepPasses(step);
  await workbench().activityBar('Reward Studio');
  await inTree(/first, running/);
  await workbench().screenshot('own-trainer-running');
});

test('the window is reloaded, and the run goes on in it', async () => {
  await panelIsSaved();
  const before = await shownStep();
  const pid = (await stateOf('first')).fold.process?.pid;
  await workbench().open();
  await status('Running').waitFor();
  await shownStepPasses(await shownStepPasses(before));
  await workbench().activityBar('Reward Studio');
  await inTree(/first, running/);
  expect((await stateOf('first')).fold).toMatchObject({ attempt: 1, process: { pid } });
});

test('a second training waits for its turn', async () => {
  await train('second');
  await status('Queued').waitFor();
  await workbench().activityBar('Reward Studio');
  await inTree(/second, queued/);
  await inTree(/first, running/);
  await workbench().screenshot('own-trainer-queued');
});

test('Stop has a checkpoint written, and the one that waits begins', async () => {
  await openRun('first');
  await action('Stop').click();
  await status('Stopped').waitFor();
  const { fold } = await stateOf('first');
  expect(fold.checkpoint?.step).toBe(fold.step);
  expect(fold.exit ?? { code: 3 }).toMatchObject({ code: 3 });
  await workbench().screenshot('own-trainer-stopped');
  await inTree(/first, stopped/);
  await inTree(/second, running/);
  await openRun('second');
  await status('Running').waitFor();
  await shownStepPasses(0);
});

test('Resume Run waits for its turn as well, and then goes on from the checkpoint in the same curve', async () => {
  await openRun('first');
  const stoppedAt = (await stateOf('first')).fold.step!;
  await action('Resume').click();
  await status('Queued').waitFor();
  await openRun('second');
  await action('Stop').click();
  await status('Stopped').waitFor();
  await openRun('first');
  await status('Running').waitFor();
  await shownStepPasses(stoppedAt);
  expect((await stateOf('first')).fold.attempt).toBe(2);
  await page().getByText('attempt 2').waitFor();
  await workbench().screenshot('own-trainer-resumed');
});

test('two runs are compared', async () => {
  await page().getByRole('button', { name: 'Compare with' }).click();
  await workbench().quickInput.getByText('second').first().click();
  await workbench().page.keyboard.press('Enter');
  await page().locator('.legend-run', { hasText: 'second' }).waitFor();
  const caption = page().locator('[data-chart=loss] .caption-run');
  await expect.poll(() => caption.count(), WAIT).toBe(2);
  await workbench().screenshot('own-trainer-compared');
  await page().getByRole('tab', { name: 'Parameters' }).click();
  await page().locator('tr.differs', { hasText: 'settings.parameters.learning_rate' }).waitFor();
  await page().getByRole('tab', { name: 'Charts' }).click();
});

test('the extension host is killed: the run goes on, and a window opened anew shows it as it is', async () => {
  await panelIsSaved();
  const before = await shownStep();
  await workbench().server.killExtensionHosts();
  await workbench().open();
  const since = performance.now();
  await workbench().activityBar('Reward Studio');
  await inTree(/first, running/);
  tellSince('extension host killed', since);
  await openRun('first');
  await status('Running').waitFor();
  await shownStepPasses(await shownStepPasses(before));
});

test('the server is killed: the run goes on, and a window of the next server shows it as it is', async () => {
  const before = await shownStep();
  await workbench().server.kill();
  expect((await stateOf('first')).status).toBe('running');
  await workbench().server.startAgain();
  await workbench().open();
  const since = performance.now();
  await workbench().activityBar('Reward Studio');
  await inTree(/first, running/);
  tellSince('server killed', since);
  await openRun('first');
  await status('Running').waitFor();
  await shownStepPasses(await shownStepPasses(before));
  await workbench().screenshot('own-trainer-after-crash');
});

test('the trainer and the server are killed: the run has failed, and goes on from its checkpoint', async () => {
  const { fold } = await stateOf('first');
  await workbench().server.kill();
  process.kill(-fold.process!.pid, 'SIGKILL');
  await workbench().server.startAgain();
  await workbench().open();
  const since = performance.now();
  await workbench().activityBar('Reward Studio');
  await inTree(/first, .*failed/);
  tellSince('server and trainer killed', since);
  await openRun('first');
  await status('Failed').waitFor();
  await workbench().screenshot('own-trainer-failed');
  await action('Resume').click();
  await status('Running').waitFor();
  await shownStepPasses(fold.step!);
  await action('Stop').click();
  await status('Stopped').waitFor();
  await inTree(/first, stopped/);
});

test('a loss that is no number is told once, in the panel and in the tree', async () => {
  await train('diverging');
  await workbench().notification(/diverging: train\/loss is nan at step 20\. Lower learning_rate \(now 0\.5\)/);
  await page().locator('[data-alert=loss-not-finite]').waitFor();
  await workbench().activityBar('Reward Studio');
  await inTree(/diverging, loss not finite · running/);
  await workbench().screenshot('own-trainer-nan');
  await action('Stop').click();
  await status('Stopped').waitFor();
  const alerts = (await stateOf('diverging')).fold.alerts.map(({ alert }) => alert);
  expect(alerts).toEqual(['loss-not-finite']);
});

test('no event is lost in all of that', async () => {
  const { fold, status: ended } = await stateOf('first');
  expect([ended, fold.attempt]).toEqual(['stopped', 3]);
  await nothingIsLost('first', 1);
  await nothingIsLost('second', 2, { ...SLOW, learning_rate: 0.05 });
});

/** How long a window that is there took to show the run's state; told, since a busy machine must not fail a test. */
function tellSince(what: string, since: number): void {
  console.log(`${what}: the state is shown ${((performance.now() - since) / 1000).toFixed(1)} s after reopening`);
}

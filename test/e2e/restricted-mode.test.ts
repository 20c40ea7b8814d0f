import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import type { EventBody } from '../../src/core/runs/events.ts';
import { LogWriter } from '../../src/core/runs/json-lines-log.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import { json, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { quickPick } from './command-palette.ts';
import { RecordedConnections } from './connections.ts';
import { useWorkbench } from './use-workbench.ts';

const endpoint = await ScriptedEndpoint.start(json({}, 500));
const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-e2e-'));
afterAll(async () => {
  rmSync(elsewhere, { recursive: true, force: true });
  recorded.remove();
  await endpoint.close();
});
/** A Python that leaves a mark where anybody starts it. */
const python = path.join(elsewhere, 'python');
const mark = path.join(elsewhere, 'python-was-started');
writeFileSync(python, `#!/bin/sh\ntouch '${mark}'\n`);
chmodSync(python, 0o755);
const judge = { kind: 'judge-endpoint', url: `${endpoint.origin}/v1`, model: 'm', method: 'pointwise' };

const recorded = new RecordedConnections();
const workbench = useWorkbench('restricted', {
  ...recorded.options,
  workspace: path.join(root, 'examples'),
  files: {
    '.reward-studio/graders.json': JSON.stringify({ version: 1, graders: [{ name: 'of the workspace', ...judge }] }),
  },
  trusted: false,
  machineSettings: { 'rewardStudio.python.interpreter': python },
  settings: {
    'workbench.colorTheme': 'Default High Contrast',
    'rewardStudio.graders': [
      { name: 'my own model', kind: 'embedded', model: await trainElsewhere() },
      { name: 'my own judge', ...judge },
      { name: 'my own transformer', kind: 'local-model', model: elsewhere },
    ],
  },
});

/** @returns the model file of a run outside of the workspace */
async function trainElsewhere(): Promise<string> {
  const args = [
    path.join(root, 'dist', 'cli.mjs'),
    'train',
    path.join(root, 'examples', 'bradley-terry', 'train.parquet'),
  ];
  await execa(process.execPath, [...args, '--method', 'bt', '--name', 'elsewhere'], { cwd: elsewhere });
  const cli = [path.join(root, 'dist', 'cli.mjs'), 'grade', 'elsewhere', '--prompt', 'a', '--response', 'b', '--json'];
  const { stdout } = await execa(process.execPath, cli, { cwd: elsewhere });
  return JSON.parse(stdout).model.file;
}

test('in Restricted Mode a dataset can be read', async () => {
  await workbench().openFile('pairwise/test.parquet');
  await workbench()
    .webview()
    .getByRole('columnheader', { name: /preferred/ })
    .waitFor();
  await workbench().screenshot('restricted-dataset-high-contrast');
});

test('in Restricted Mode nothing is fetched from other machines, and the command says so', async () => {
  await workbench().runCommand('Reward Studio: Open Remote Dataset');
  await workbench().notification('In Restricted Mode nothing is fetched from other machines');
});

test('in Restricted Mode no training can be started, and the view says why', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().sideBar.getByText('Trainings are started in trusted workspaces only').first().waitFor();
  // The palette is filled late in a starting window: a command that is there shows that ours are.
  await workbench().showCommand('Reward Studio: Show Extension Log');
  await workbench().quickInput.locator('input').first().fill('>Reward Studio: Train');
  await workbench()
    .page.getByText('No matching commands')
    .or(quickPick(workbench().page, 'Reward Studio: '))
    .first()
    .waitFor();
  expect(await quickPick(workbench().page, 'Reward Studio: Train Reward Model').count()).toBe(0);
  await workbench().screenshot('restricted-training');
});

test('in Restricted Mode a run file is refused with the reason', async () => {
  await workbench().openFile('support.rmrun.json');
  const lens = (title: string) => workbench().page.locator('.codelens-decoration a', { hasText: title }).first();
  await lens('Train').click();
  await workbench().notification(/Trainings are started in trusted workspaces only\. Trust this workspace first/);
  await lens('Preflight').click();
  await workbench().notification(/The data that a run file names are read in trusted workspaces only/);
  await workbench().screenshot('restricted-run-file');
});

test('in Restricted Mode a kept evaluation is read, and nothing that it names is', async () => {
  copyFileSync(
    path.join(root, 'test', 'fixtures', 'evaluations', 'version-1.rmeval.json'),
    path.join(workbench().folder, 'kept.rmeval.json'),
  );
  await workbench().openFile('kept.rmeval.json');
  const page = workbench().webview();
  await page.getByRole('heading', { name: 'bradley-terry-train on review.jsonl' }).waitFor();
  await page.getByRole('heading', { name: 'Worst rows' }).waitFor();
  // The data that it names are not there, which a look would tell.
  expect(await page.getByText('not there any more').count()).toBe(0);
});

test('in Restricted Mode only an embedded model of the own settings grades, and nothing leaves the machine', async () => {
  await workbench().clearNotifications();
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/my own model, active · embedded model/)
    .waitFor();
  expect(
    await workbench()
      .treeItem(/my own judge|my own transformer|of the workspace/)
      .count(),
  ).toBe(0);
  await workbench().screenshot('restricted-graders-high-contrast');
  await workbench().openFile('replies.jsonl');
  await workbench().hover('need not send the whole kettle back', /Reward margin/);
  await workbench().runCommand('Reward Studio: Use as Grader');
  await quickPick(workbench().page, 'my own model').waitFor();
  expect(await workbench().quickInput.getByRole('option').count()).toBe(1);
  await workbench().page.keyboard.press('Escape');
  expect(endpoint.connections).toBe(0);
  // What the watch sees where something is connected to, connections.test.ts shows.
  expect([...recorded.watched()]).toEqual(expect.arrayContaining(['extension host', 'dist/workers/read-dataset.mjs']));
  expect(recorded.all()).toEqual([]);
});

test('in Restricted Mode a transformer is neither trained nor served, and the refusal says why; it cannot be resumed', async () => {
  const trl = {
    method: 'bradley-terry',
    engine: 'trl',
    base_model: './model',
    data: { train: 'bradley-terry/train.parquet' },
  };
  writeFileSync(path.join(workbench().folder, 'transformer.rmrun.json'), JSON.stringify(trl));
  await addRuns();
  await workbench().clearNotifications();
  await workbench().runCommand('View: Close All Editors');
  await workbench().openFile('transformer.rmrun.json');
  await workbench().page.locator('.codelens-decoration a', { hasText: 'Train' }).first().click();
  await workbench().notification(/Trainings are started in trusted workspaces only/);
  await workbench().clearNotifications();
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await workbench().activityBar('Reward Studio');
  await workbench().chooseFromMenu(workbench().treeItem(/trained transformer, finished/), 'Use as Grader');
  await workbench().notification(
    /Models kept in a workspace are loaded only when it is trusted\. Trust this workspace/,
  );
  await workbench().screenshot('restricted-transformer');
  await workbench()
    .treeItem(/stopped transformer, stopped/)
    .click({ button: 'right' });
  const resume = workbench().page.getByRole('menuitem', { name: 'Resume Run' });
  await resume.waitFor();
  expect(await resume.getAttribute('aria-disabled')).toBe('true');
  await workbench().page.keyboard.press('Escape');
  // The own transformer grades nowhere: what the embedded one says is all there is.
  await workbench().openFile('replies.jsonl');
  await workbench().hover('need not send the whole kettle back', /Reward margin/);
  expect(existsSync(mark)).toBe(false);
});

/** Of transformers: one whose model is there, and one that a checkpoint would let go on. */
async function addRuns(): Promise<void> {
  const store = new RunStore(workbench().folder);
  const add = async (name: string, last: readonly EventBody[]) => {
    const { folder } = await store.create({
      name,
      method: 'bradley-terry',
      data: { train: { path: path.join(workbench().folder, 'pairs.jsonl'), fingerprint: 'sha256:00', rows: 64 } },
      engine: 'trl',
      target: 'local',
      base_model: './model',
      seed: 1,
      settings: {},
      versions: {},
    });
    const log = new LogWriter<EventBody>(folder.eventsFile, 1);
    for (const event of [{ kind: 'status', status: 'running' } as const, ...last]) log.append(event);
    log.close();
    return folder;
  };
  const trained = await add('trained transformer', [
    { kind: 'result', model: 'model', train_rows: 64, validation_rows: 0 },
    { kind: 'status', status: 'finished' },
  ]);
  mkdirSync(trained.modelFolder);
  const about = { version: 1, kind: 'reward', method: 'bradley-terry', scale: 'logit-within-prompt' };
  writeFileSync(path.join(trained.modelFolder, 'grader.json'), JSON.stringify(about));
  const stopped = await add('stopped transformer', [
    { kind: 'checkpoint', step: 3, path: 'checkpoints/checkpoint-3' },
    { kind: 'status', status: 'stopped' },
  ]);
  mkdirSync(path.join(stopped.path, 'checkpoints', 'checkpoint-3'), { recursive: true });
}

import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { AlertWatch } from '../../../src/core/runs/alerts/alert-watch.ts';
import type { EventBody } from '../../../src/core/runs/events.ts';
import { LogWriter } from '../../../src/core/runs/json-lines-log.ts';
import { readLogTail } from '../../../src/core/runs/observe.ts';
import { EMPTY_FOLD, type RunState } from '../../../src/core/runs/state.ts';
import { RunFolder } from '../../../src/core/runs/store.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function watched(logStart = 0, attempt = 1) {
  const folder = new RunFolder(path.join(temporaryFolder(), 'run'));
  mkdirSync(folder.path);
  const spec = { version: 1 as const, id: 'x', created_at: '2026-01-02T03:04:05.000Z', ...referenceDraft('/checkout') };
  const process = { pid: 1, processStart: null, host: 'here', logStart };
  const fold = { ...EMPTY_FOLD, attempt, process };
  const state: RunState = {
    spec,
    folder: folder.path,
    status: 'running',
    fold,
    failure: undefined,
    secondsPerStep: undefined,
    damagedLines: 0,
    logProblems: [],
  };
  const clock = { now: 0 };
  const watch = new AlertWatch(folder.path, () => clock.now);
  return { folder, clock, look: () => watch.look(state).then((found) => found.map(({ alert }) => alert)) };
}

it('tells of a stall by a clock of its own, and not while anything is heard', async () => {
  const { folder, clock, look } = watched();
  const log = new LogWriter<EventBody>(folder.eventsFile, 1);
  const step = (number: number) => log.append({ kind: 'metrics', step: number, values: { 'train/loss': 0.5 } });
  for (let number = 1; number <= 10; number += 1) step(number);
  expect(await look()).toEqual([]);
  clock.now = 59_000;
  log.append({ kind: 'checkpoint', step: 10, path: 'c' });
  expect(await look()).toEqual([]);
  clock.now = 118_000;
  expect(await look()).toEqual([]);
  clock.now = 120_000;
  expect(await look()).toEqual(['stalled']);
  expect(await look()).toEqual([]);
  log.close();
});

it('reads only the end of a log of 2 GB', async () => {
  const { folder, look } = watched();
  writeFileSync(folder.logFile, '');
  truncateSync(folder.logFile, 2 * 1024 ** 3);
  appendFileSync(folder.logFile, '\nstep 9\nRuntimeError: CUDA out of memory.\nlast line\n');
  expect(await look()).toEqual(['out-of-memory']);
  expect((await readLogTail(folder.logFile, 2)).at(-1)).toBe('last line');
});

it('takes a line that is written in two pieces as one', async () => {
  const { folder, look } = watched();
  writeFileSync(folder.logFile, 'RuntimeError: CUDA out of');
  expect(await look()).toEqual([]);
  appendFileSync(folder.logFile, ' memory.\n');
  expect(await look()).toEqual(['out-of-memory']);
});

it('leaves what an earlier attempt said of its memory where it is', async () => {
  const said = 'RuntimeError: CUDA out of memory.\n';
  const { folder, look } = watched(said.length, 2);
  writeFileSync(folder.logFile, `${said}attempt 2\n`);
  expect(await look()).toEqual([]);
});

it('passes over ten thousand lines of garbage and sees the loss behind them', async () => {
  const { folder, look } = watched();
  const log = new LogWriter<EventBody>(folder.eventsFile, 1);
  log.append({ kind: 'metrics', step: 1, values: { 'train/loss': 0.5 } });
  appendFileSync(folder.eventsFile, '{"v":1,"kind":"met\u0000\n'.repeat(10_000));
  log.append({ kind: 'metrics', step: 2, values: {}, not_finite: { 'train/loss': 'nan' } });
  log.close();
  expect(await look()).toEqual(['loss-not-finite']);
});

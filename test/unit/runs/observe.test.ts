import { appendFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { EventBody } from '../../../src/core/runs/events.ts';
import { LogWriter } from '../../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const created = () => new RunStore(temporaryFolder()).create(referenceDraft('/checkout'));

it('a half line is not there until its line feed is', async () => {
  const { folder, spec } = await created();
  const observer = new RunObserver(folder, spec);
  const line = JSON.stringify({
    v: 1,
    attempt: 1,
    seq: 1,
    time: '2026-01-02T03:04:05.000Z',
    kind: 'status',
    status: 'finished',
  });
  appendFileSync(folder.eventsFile, line.slice(0, 40));
  expect(await observer.observe()).toMatchObject({ status: 'queued', logProblems: [] });
  appendFileSync(folder.eventsFile, `${line.slice(40)}\n`);
  expect(await observer.observe()).toMatchObject({ status: 'finished', logProblems: [] });
});

it('of metrics that are read together, those whose newest value is not finite have none', async () => {
  const { folder, spec } = await created();
  const log = new LogWriter<EventBody>(folder.eventsFile, 1);
  log.append({ kind: 'metrics', step: 1, values: { 'train/loss': 0.7, 'train/margin': 0.1 } });
  log.append({ kind: 'metrics', step: 2, values: {}, not_finite: { 'train/loss': 'nan', 'train/margin': 'inf' } });
  log.append({ kind: 'metrics', step: 3, values: { 'train/margin': 0.2 } });
  log.close();
  const state = await new RunObserver(folder, spec).observe();
  expect(state.fold.metrics).toEqual({ 'train/margin': 0.2 });
});

it('ten thousand lines of garbage are passed over with a count, and the state is that of the rest', async () => {
  const { folder, spec } = await created();
  const log = new LogWriter<EventBody>(folder.eventsFile, 1);
  log.append({ kind: 'metrics', step: 1, values: { 'train/loss': 0.7 } });
  appendFileSync(folder.eventsFile, 'garbage\n'.repeat(10_000));
  log.append({ kind: 'metrics', step: 2, values: { 'train/loss': 0.6 } });
  log.append({ kind: 'status', status: 'finished' });
  log.close();
  const state = await new RunObserver(folder, spec).observe();
  expect(state).toMatchObject({ status: 'finished', fold: { step: 2, metrics: { 'train/loss': 0.6 } } });
  expect(state.damagedLines).toBe(10_000);
  expect(state.logProblems).toHaveLength(21);
  expect(state.logProblems.at(-1)).toBe('9980 more lines like these');
});

it('times that go backwards change neither the order nor the state', async () => {
  const { folder, spec } = await created();
  const entry = (seq: number, time: string, body: object) =>
    appendFileSync(folder.eventsFile, `${JSON.stringify({ v: 1, attempt: 1, seq, time, ...body })}\n`);
  entry(1, '2026-01-02T03:04:05.000Z', { kind: 'status', status: 'running' });
  entry(2, '2019-01-01T00:00:00.000Z', { kind: 'checkpoint', step: 5, path: 'new' });
  entry(3, '2018-01-01T00:00:00.000Z', { kind: 'metrics', step: 6, values: { 'train/loss': 0.5 } });
  entry(4, '2017-01-01T00:00:00.000Z', { kind: 'status', status: 'finished' });
  expect(await new RunObserver(folder, spec).observe()).toMatchObject({
    status: 'finished',
    fold: { step: 6, checkpoint: { path: 'new' }, updatedAt: '2026-01-02T03:04:05.000Z' },
  });
});

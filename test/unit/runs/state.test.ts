import { describe, expect, it } from 'vitest';
import {
  type ControlBody,
  type ControlEntry,
  controlEntrySchema,
  type EventBody,
  type RunEvent,
} from '../../../src/core/runs/events.ts';
import { metricsRow } from '../../../src/core/runs/metrics-row.ts';
import {
  EMPTY_FOLD,
  foldControl,
  foldEvent,
  type Liveness,
  processFailure,
  type RunFold,
  runStatus,
} from '../../../src/core/runs/state.ts';

const head = (attempt: number) => ({ v: 1 as const, attempt, seq: 1, time: '2026-01-02T03:04:05.000Z' });
const event = (body: EventBody, attempt = 1) => ({ ...head(attempt), ...body }) as RunEvent;
const control = (body: ControlBody, attempt = 1) => ({ ...head(attempt), ...body }) as ControlEntry;

const isControl = (entry: RunEvent | ControlEntry): entry is ControlEntry =>
  controlEntrySchema.safeParse(entry).success;

const queued = control({ kind: 'queued', turn: 1 });
const launched = control({ kind: 'launched', pid: 4711, process_start: '99', host: 'here', command: ['node'] });
const stopRequested = control({ kind: 'stop-requested' });
const killed = control({ kind: 'exited', exit_code: null, signal: 'SIGKILL' });
const submitted = control({ kind: 'submitted', job: { run: '/there/runs/x' } });
const attached = control({ kind: 'attached', pid: 4712, process_start: '100', host: 'here' });
const vanished = control({ kind: 'vanished', message: 'The folder is not there any more.' });
const running = event({ kind: 'status', status: 'running' });
const finished = event({ kind: 'status', status: 'finished' });

function fold(...entries: (RunEvent | ControlEntry)[]): RunFold {
  return entries.reduce<RunFold>((state, entry) => {
    if (isControl(entry)) return foldControl(state, entry);
    return foldEvent(state, entry.kind === 'metrics' ? metricsRow(entry) : entry);
  }, EMPTY_FOLD);
}

describe('the status of a run', () => {
  const cases: [string, RunFold, Liveness, string][] = [
    ['nothing happened yet', EMPTY_FOLD, 'alive', 'queued'],
    ['launched, silent', fold(launched), 'alive', 'preparing'],
    ['launched and running', fold(launched, running), 'alive', 'running'],
    ['running, asked to stop', fold(launched, running, stopRequested), 'alive', 'stopping'],
    ['waiting for its turn', fold(queued), 'alive', 'queued'],
    ['asked to stop while it waited', fold(queued, stopRequested), 'alive', 'stopped'],
    ['running on a machine we cannot see', fold(launched, running), 'unknown', 'lost'],
    ['process gone without a last word', fold(launched, running), 'gone', 'failed'],
    ['killed', fold(launched, running, killed), 'gone', 'failed'],
    ['gone after it was asked to stop', fold(launched, running, stopRequested), 'gone', 'stopped'],
    ['brought elsewhere, its connector gone', fold(launched, submitted, running), 'gone', 'lost'],
    ['the same, and asked to stop', fold(launched, submitted, running, stopRequested), 'gone', 'lost'],
    ['followed again', fold(launched, submitted, running, attached), 'alive', 'running'],
    ['its connector gone before it was there', fold(launched), 'gone', 'failed'],
    ['not known there any more', fold(launched, submitted, running, vanished), 'alive', 'lost'],
    ['ended elsewhere without a last word', fold(launched, submitted, running, killed), 'gone', 'failed'],
    ['finished, though its connector is gone', fold(launched, submitted, running, finished), 'gone', 'finished'],
    ['finished', fold(launched, running, finished), 'gone', 'finished'],
    [
      'finished, though it was asked to stop too late',
      fold(launched, running, stopRequested, finished),
      'gone',
      'finished',
    ],
    ['said so itself before the host could write the launch', fold(running, launched, finished), 'gone', 'finished'],
  ];
  it.each(cases)('%s', (_name, state, liveness, status) => {
    expect(runStatus(state, liveness)).toBe(status);
  });
});

describe('the fold', () => {
  it('keeps the newest value of every metric', () => {
    const state = fold(
      event({ kind: 'metrics', step: 1, total_steps: 10, values: { 'train/loss': 0.7, 'validation/loss': 0.8 } }),
      event({ kind: 'metrics', step: 2, values: { 'train/loss': 0.6 } }),
    );
    expect(state).toMatchObject({ step: 2, totalSteps: 10, metrics: { 'train/loss': 0.6, 'validation/loss': 0.8 } });
  });

  it('a metric that is no longer finite has no value, until it is finite again', () => {
    const first = event({ kind: 'metrics', step: 1, values: { 'train/loss': 0.7, 'train/accuracy': 0.5 } });
    const broken = event({ kind: 'metrics', step: 2, values: {}, not_finite: { 'train/loss': 'nan' } });
    const again = event({ kind: 'metrics', step: 3, values: { 'train/loss': 0.6 } });
    expect(fold(first, broken).metrics).toEqual({ 'train/accuracy': 0.5 });
    expect(fold(first, broken, again).metrics).toEqual({ 'train/loss': 0.6, 'train/accuracy': 0.5 });
  });

  it('starts anew with a new attempt and ignores late entries of an old one', () => {
    const state = fold(launched, finished, event({ kind: 'status', status: 'running' }, 2), finished);
    expect(state).toMatchObject({ attempt: 2, reported: 'running', process: undefined });
  });

  it('keeps the checkpoint of an older attempt, though the launch of the newer one was read first', () => {
    const checkpoint = (step: number, attempt: number) =>
      event({ kind: 'checkpoint', step, path: `step-${step}` }, attempt);
    const relaunched = control({ kind: 'launched', pid: 4712, process_start: '99', host: 'here', command: [] }, 2);
    const read = fold(launched, relaunched, checkpoint(10, 1), checkpoint(20, 1));
    expect(read).toMatchObject({ attempt: 2, checkpoint: { attempt: 1, step: 20 } });
    expect(fold(relaunched, checkpoint(25, 2), checkpoint(30, 1)).checkpoint?.step).toBe(25);
  });

  it('comes to the same state in whichever order the two logs are read', () => {
    const one = fold(launched, running, finished);
    const other = fold(running, finished, launched);
    expect(runStatus(one, 'gone')).toBe(runStatus(other, 'gone'));
    expect(other.process).toEqual(one.process);
  });
});

describe('a trainer that died', () => {
  it('is told with its signal and the last lines of its log', () => {
    const report = processFailure(fold(launched, running, killed), ['epoch 3', 'loss 0.61'], '/runs/x/trainer.log');
    expect(report.code).toBe('trainer-died');
    expect(report.message).toContain('SIGKILL');
    expect(report.message).toContain('epoch 3\nloss 0.61');
    expect(report.where).toEqual({ file: '/runs/x/trainer.log' });
  });
});

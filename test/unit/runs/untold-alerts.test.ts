import { expect, it } from 'vitest';
import { UntoldAlerts } from '../../../src/core/runs/alerts/untold-alerts.ts';
import { EMPTY_FOLD, type RunAlert, type RunState, type RunStatus } from '../../../src/core/runs/state.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';

const TIME = '2026-01-02T03:04:05.000Z';
const NOW = Date.parse(TIME) + 1000;
const HOUR = 3_600_000;

const alert = (id: RunAlert['alert']): RunAlert => ({
  alert: id,
  step: undefined,
  message: 'said',
  hint: 'do',
  time: TIME,
});

function run(id: string, status: RunStatus, alerts: readonly RunAlert['alert'][], attempt = 1): RunState {
  const spec = { version: 1 as const, id, created_at: TIME, ...referenceDraft('/checkout') };
  const fold = { ...EMPTY_FOLD, attempt, alerts: alerts.map(alert) };
  return {
    spec,
    folder: `/runs/${id}`,
    status,
    fold,
    secondsPerStep: undefined,
    failure: undefined,
    damagedLines: 0,
    logProblems: [],
  };
}

/** A window: what it keeps, and what it tells of runs. */
function windowOf(kept: readonly string[] = [], now = NOW) {
  const keeps = { told: kept };
  const untold = new UntoldAlerts(
    kept,
    (told) => {
      keeps.told = told;
    },
    () => now,
  );
  const told = (found: ReturnType<typeof untold.take>) =>
    found.map(({ state, alert: { alert } }) => [state.spec.id, alert]);
  return { untold, keeps, tell: (...states: RunState[]) => told(untold.take(states)) };
}

it('tells what another host has written down, once', () => {
  const { tell } = windowOf();
  expect(tell(run('a', 'running', []))).toEqual([]);
  expect(tell(run('a', 'running', ['out-of-memory']))).toEqual([['a', 'out-of-memory']]);
  expect(tell(run('a', 'failed', ['out-of-memory', 'process-gone']))).toEqual([['a', 'process-gone']]);
  expect(tell(run('a', 'failed', ['out-of-memory', 'process-gone']))).toEqual([]);
});

it('does not tell again after the window was reloaded', () => {
  const before = windowOf();
  before.tell(run('a', 'running', ['loss-not-finite']));
  const after = windowOf(before.keeps.told);
  expect(after.tell(run('a', 'running', ['loss-not-finite']))).toEqual([]);
  expect(after.tell(run('a', 'running', ['loss-not-finite', 'out-of-memory']))).toEqual([['a', 'out-of-memory']]);
});

it('tells what a host wrote down that had lost its window: there was nobody to keep that it was told', () => {
  const gone = windowOf();
  const writtenDown = run('a', 'running', ['out-of-memory']);
  expect(gone.untold.takeFound(run('a', 'running', []), alert('out-of-memory'))).toHaveLength(1);
  expect(windowOf([]).tell(writtenDown)).toEqual([['a', 'out-of-memory']]);
});

it('tells what it found itself before that is in the log, and not once more when it is', () => {
  const { untold, tell } = windowOf();
  expect(untold.takeFound(run('a', 'running', []), alert('stalled'))).toHaveLength(1);
  expect(tell(run('a', 'running', ['stalled']))).toEqual([]);
});

it('tells it of each attempt', () => {
  const { tell } = windowOf();
  expect(tell(run('a', 'running', ['stalled']))).toEqual([['a', 'stalled']]);
  expect(tell(run('a', 'running', ['stalled'], 2))).toEqual([['a', 'stalled']]);
});

it('passes over what is long past in runs that had ended before, then and later', () => {
  const { tell, keeps } = windowOf([], NOW + HOUR);
  const old = Array.from({ length: 500 }, (_, number) => run(String(number), 'failed', ['process-gone']));
  expect(tell(...old)).toEqual([]);
  expect(tell(...old)).toEqual([]);
  expect(keeps.told).toEqual([]);
  expect(tell(run('7', 'failed', ['process-gone', 'disk-nearly-full']))).toEqual([['7', 'disk-nearly-full']]);
});

it('tells how a run ended a moment before the window was opened', () => {
  expect(windowOf().tell(run('a', 'failed', ['process-gone']))).toEqual([['a', 'process-gone']]);
});

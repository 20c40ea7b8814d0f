import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertWindow } from '../../../src/core/runs/alerts/alert-window.ts';
import { findMemoryLine } from '../../../src/core/runs/alerts/memory-lines.ts';
import { findAlerts, type Seen } from '../../../src/core/runs/alerts/rules.ts';
import type { AlertId, RunEvent } from '../../../src/core/runs/events.ts';
import { EMPTY_FOLD, type RunFold, type RunState } from '../../../src/core/runs/state.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';

const STEP_MS = 1000;

function stateOf(fold: Partial<RunFold> = {}, rest: Partial<RunState> = {}): RunState {
  const spec = { version: 1 as const, id: 'x', created_at: '2026-01-02T03:04:05.000Z', ...referenceDraft('/checkout') };
  return {
    spec,
    folder: '/runs/x',
    status: 'running',
    fold: { ...EMPTY_FOLD, attempt: 1, ...fold },
    failure: undefined,
    secondsPerStep: undefined,
    damagedLines: 0,
    logProblems: [],
    ...rest,
  };
}

type Values = Record<string, number>;

const metrics = (step: number, values: Values, more: object = {}): RunEvent => ({
  v: 1,
  attempt: 1,
  seq: step,
  time: new Date(Date.UTC(2026, 0, 2) + step * STEP_MS).toISOString(),
  kind: 'metrics',
  step,
  values,
  ...more,
});

/** A window after `steps` steps of a run of `total`. */
function windowOf(steps: number, values: (step: number) => Values, total?: number): AlertWindow {
  const window = new AlertWindow(1);
  for (let step = 1; step <= steps; step += 1) {
    window.take(metrics(step, values(step), total === undefined ? {} : { total_steps: total }));
  }
  return window;
}

function look(seen: Partial<Seen>) {
  return findAlerts({
    state: stateOf(),
    window: new AlertWindow(1),
    silentMs: 0,
    freeBytes: undefined,
    memoryLine: undefined,
    goneMs: 0,
    ...seen,
  });
}
const idsOf = (seen: Partial<Seen>): AlertId[] => look(seen).map(({ alert }) => alert);

/** From -1 to 1, the same each time. */
const noise = (step: number) => Math.sin(step * 12.9898);

describe('alerts of a run that goes well', () => {
  it('are none, however its curve wobbles', () => {
    const window = windowOf(500, (step) => ({
      'train/loss': 0.69 - step / 2000 + noise(step) * 0.05,
      'train/accuracy': 0.5 + step / 2000 + noise(step) * 0.1,
      'train/reward': step / 500 + noise(step) * 0.2,
      'train/kl': 0.01 + step / 5000,
      'train/dead_groups': 0.5,
      'train/parse_failures': 0.05,
    }));
    expect(look({ window, silentMs: 5000, freeBytes: 10e9 })).toEqual([]);
  });
});

describe('alerts of a curve', () => {
  it('name the first loss that is no number, with its step and the setting to lower', () => {
    const window = windowOf(3, () => ({ 'train/loss': 0.5 }));
    window.take(metrics(4, {}, { not_finite: { 'train/loss': 'nan' } }));
    window.take(metrics(5, {}, { not_finite: { 'train/loss': 'inf' } }));
    const [alert] = look({ window });
    expect(alert).toMatchObject({ alert: 'loss-not-finite', step: 4, message: 'train/loss is nan at step 4.' });
    expect(alert?.hint).toContain('learning_rate (now 0.5)');
  });

  it('do not mistake a gradient norm that mixed precision skips for a loss', () => {
    const window = windowOf(3, () => ({ 'train/loss': 0.5 }));
    window.take(metrics(4, { 'train/loss': 0.5 }, { not_finite: { 'train/grad_norm': 'inf' } }));
    expect(look({ window })).toEqual([]);
  });

  const stuck = (step: number) => ({ 'train/loss': Math.LN2 + noise(step) * 0.01, 'train/accuracy': 0.5 });
  const curves: [string, AlertId, (step: number) => Values][] = [
    ['a loss at ln 2 (and not its accuracy too)', 'loss-at-ln-2', stuck],
    ['an accuracy at chance', 'accuracy-at-chance', (step) => ({ 'train/accuracy': 0.5 + noise(step) * 0.1 })],
    ['a reward that never moves', 'reward-flat', () => ({ 'train/reward': 0.25 })],
    ['groups that are all dead', 'groups-dead', () => ({ 'train/dead_groups': 1, 'train/reward': 0 })],
    ['a KL that runs away', 'kl-runaway', (step) => ({ 'train/kl': step < 190 ? 0.02 : (step - 189) * 0.3 })],
    ['answers without a verdict', 'parse-failures', () => ({ 'train/parse_failures': 0.4 })],
  ];
  it.each(curves)('tell of %s', (_name, id, values) => {
    const alerts = look({ window: windowOf(200, values) });
    expect(alerts.map(({ alert }) => alert)).toEqual([id]);
    expect(alerts[0]?.message).toMatch(/\d/);
    expect(alerts[0]?.hint).not.toBe('');
  });

  it('wait until the warm-up is over', () => {
    expect(idsOf({ window: windowOf(99, stuck, 1000) })).toEqual([]);
    expect(idsOf({ window: windowOf(100, stuck, 1000) })).toEqual(['loss-at-ln-2']);
  });

  it('judge ln 2 and chance of Bradley-Terry models only', () => {
    const { spec } = stateOf();
    const state = stateOf({}, { spec: { ...spec, method: 'pointwise' } });
    expect(idsOf({ state, window: windowOf(200, stuck) })).toEqual([]);
  });

  it('are told once in an attempt', () => {
    const alerts = [{ alert: 'loss-at-ln-2' as const, step: 1, message: '', hint: '', time: '' }];
    expect(idsOf({ state: stateOf({ alerts }), window: windowOf(200, stuck) })).toEqual([]);
  });
});

describe('alerts of a process', () => {
  const window = windowOf(50, () => ({ 'train/loss': 0.4 }));

  it('tell of a stall after five step times, and never within a minute', () => {
    expect(idsOf({ window, silentMs: 59_000 })).toEqual([]);
    const [alert] = look({ window, silentMs: 61_000 });
    expect(alert).toMatchObject({ alert: 'stalled', step: 50, message: 'No step for 61 s; a step takes 1.00 s.' });
    expect(idsOf({ window, silentMs: 61_000, state: stateOf({}, { status: 'preparing' }) })).toEqual([]);
  });

  it('tell of no stall of a run elsewhere that is not reached', () => {
    const connection = (state: 'lost' | 'connected') => ({ state, message: '', since: '2026-01-02T03:04:05.000Z' });
    const unheard = (state: 'lost' | 'connected') =>
      idsOf({ window, silentMs: 3_600_000, state: stateOf({ connection: connection(state) }) });
    expect(unheard('lost')).toEqual([]);
    expect(unheard('connected')).toEqual(['stalled']);
  });

  it('tell of no stall once a run has finished, nor while it saves after its last step', () => {
    for (const status of ['finished', 'stopped', 'failed', 'stopping'] as const) {
      expect(idsOf({ window, silentMs: 3_600_000, state: stateOf({}, { status }) })).not.toContain('stalled');
    }
    const whole = windowOf(50, () => ({ 'train/loss': 0.4 }), 50);
    expect(idsOf({ window: whole, silentMs: 3_600_000 })).toEqual([]);
  });

  it('take the step time from a clock that jumps, back or forth', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -86_400_000, max: 86_400_000 }), { maxLength: 12 }), (jumps) => {
        const jumping = new AlertWindow(1);
        let at = Date.UTC(2026, 0, 2);
        for (let step = 1; step <= 100; step += 1) {
          at += STEP_MS + (step % 8 === 0 ? (jumps[step / 8 - 1] ?? 0) : 0);
          jumping.take({ ...metrics(step, {}), time: new Date(at).toISOString() } as RunEvent);
        }
        const [alert] = look({ window: jumping, silentMs: 61_000 });
        expect(alert?.message).toBe('No step for 61 s; a step takes 1.00 s.');
      }),
    );
  });

  it('tell how much is free on a disk that is nearly full, and where', () => {
    expect(look({ window, freeBytes: 100 * 1024 ** 2 })).toMatchObject([
      { alert: 'disk-nearly-full', message: '100 MiB are free where the run is kept (/runs/x).' },
    ]);
  });

  it('name the setting to lower when the memory ran out', () => {
    const memoryLine = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';
    const [alert] = look({ window, memoryLine });
    expect(alert).toMatchObject({ alert: 'out-of-memory', message: `The memory ran out: ${memoryLine}` });
    expect(alert?.hint).toContain('batch (now 8)');
    const [generation] = look({ window, memoryLine: 'vLLM: No available memory for the cache blocks.' });
    expect(generation?.hint).toContain('gpu_memory_utilization');
  });

  it('tell of a process that is gone, with its signal and the checkpoint to go on from', () => {
    const failure = { code: 'trainer-died' as const, message: '', where: {} };
    const fold = { exit: { code: null, signal: 'SIGKILL' }, step: 7, checkpoint: { attempt: 1, step: 5, path: 'c' } };
    const state = stateOf(fold, { status: 'failed', failure });
    expect(look({ state, goneMs: 500 })).toEqual([]);
    const [alert] = look({ state, goneMs: 2000 });
    expect(alert).toMatchObject({
      alert: 'process-gone',
      message: "The trainer's process was ended by SIGKILL at step 7, without a last word.",
    });
    expect(alert?.hint).toContain('checkpoint of step 5');
  });
});

describe('lines that tell of memory that ran out', () => {
  it.each([
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`',
    'RuntimeError: [enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: std::bad_alloc',
    'OSError: [Errno 12] Cannot allocate memory',
  ])('%s', (line) => {
    expect(findMemoryLine(['step 3', line, 'step 4'])).toBe(line);
  });

  it('are not those that only speak of memory', () => {
    expect(findMemoryLine(['memory: 10 GiB free', 'room for 3 batches', 'no error'])).toBeUndefined();
  });
});

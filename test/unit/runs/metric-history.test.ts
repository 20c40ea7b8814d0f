import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricHistory } from '../../../src/core/runs/metric-history.ts';
import { type MetricsEvent, metricsRow } from '../../../src/core/runs/metrics-row.ts';

const START = Date.parse('2026-01-02T03:04:05.000Z');

function metrics(step: number, values: Record<string, number>, attempt = 1, seconds = step): MetricsEvent {
  const time = new Date(START + seconds * 1000).toISOString();
  return { v: 1, attempt, seq: 1, time, kind: 'metrics', step, values };
}

function historyOf(events: readonly MetricsEvent[]): MetricHistory {
  const history = new MetricHistory();
  for (const event of events) history.add(metricsRow(event));
  return history;
}

function curve(history: MetricHistory, name: string): [step: number, value: number][] {
  const { index, value } = history.curves.get(name)!;
  return Array.from({ length: value.length }, (_, at) => [history.step.data[index.data[at]!]!, value.data[at]!]);
}

describe('the metrics of a run as curves', () => {
  it('are one value a step, each metric at the steps it was written at', () => {
    const history = historyOf([
      metrics(0, { 'train/loss': 0.7 }),
      metrics(1, { 'train/loss': 0.6, 'validation/loss': 0.65 }),
      metrics(2, { 'train/loss': 0.5 }),
    ]);
    expect(curve(history, 'train/loss')).toEqual([
      [0, 0.7],
      [1, 0.6],
      [2, 0.5],
    ]);
    expect(curve(history, 'validation/loss')).toEqual([[1, 0.65]]);
  });

  it('go on in a resumed attempt; what it went over again is kept beside them', () => {
    const history = historyOf([
      ...[80, 85, 90].map((step) => metrics(step, { loss: step })),
      metrics(86, { loss: 1 }, 2),
      metrics(91, { loss: 2 }, 2),
    ]);
    expect(curve(history, 'loss')).toEqual([
      [80, 80],
      [85, 85],
      [86, 1],
      [91, 2],
    ]);
    expect(history.curves.get('loss')!.superseded.map(({ value }) => [...value])).toEqual([[90]]);
    expect(history.attempts.at(-1)).toEqual({ attempt: 2, step: 86, index: 3, rerunTo: 90 });
  });

  it('lose the values of later steps with a resume, also of metrics that the new attempt has not written yet', () => {
    const history = historyOf([metrics(50, { eval: 1 }), metrics(100, { eval: 2 }), metrics(60, { loss: 1 }, 2)]);
    expect(curve(history, 'eval')).toEqual([[50, 1]]);
  });

  it('are not marked where a resume goes over nothing again', () => {
    const history = historyOf([metrics(10, { loss: 1 }), metrics(11, { loss: 2 }, 2)]);
    expect(history.attempts.at(-1)?.rerunTo).toBeUndefined();
    expect(history.curves.get('loss')!.superseded).toEqual([]);
  });

  it('take late lines of an attempt that was followed by another for nothing', () => {
    const history = historyOf([metrics(1, { loss: 1 }), metrics(2, { loss: 2 }, 2), metrics(3, { loss: 9 }, 1)]);
    expect(curve(history, 'loss')).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('replace a value that is said again for its step', () => {
    const history = historyOf([metrics(1, { loss: 1 }), metrics(1, { loss: 3 })]);
    expect(curve(history, 'loss')).toEqual([[1, 3]]);
    expect(history.curves.get('loss')!.superseded).toEqual([]);
  });

  it('hold what JSON cannot', () => {
    const history = historyOf([{ ...metrics(1, {}), not_finite: { loss: 'nan', kl: '-inf' } }]);
    expect(curve(history, 'loss')).toEqual([[1, Number.NaN]]);
    expect(curve(history, 'kl')).toEqual([[1, Number.NEGATIVE_INFINITY]]);
  });

  it('count seconds of training: pauses between attempts and clocks set back count for nothing', () => {
    const history = historyOf([
      metrics(1, { loss: 1 }, 1, 0),
      metrics(2, { loss: 1 }, 1, 10),
      metrics(3, { loss: 1 }, 1, 5),
      metrics(4, { loss: 1 }, 2, 5_000),
      metrics(5, { loss: 1 }, 2, 5_003),
    ]);
    expect([...history.seconds.data.subarray(0, 5)]).toEqual([0, 10, 10, 10, 13]);
  });

  it('ascend strictly in steps whatever a trainer writes, and lose no value', () => {
    const any = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 3 })), { maxLength: 60 });
    fc.assert(
      fc.property(any, (written) => {
        const history = historyOf(written.map(([step, attempt], value) => metrics(step, { m: value }, attempt, value)));
        if (written.length === 0) return;
        const steps = curve(history, 'm').map(([step]) => step);
        for (let at = 1; at < steps.length; at += 1) expect(steps[at]).toBeGreaterThan(steps[at - 1]!);
        const seconds = [...history.seconds.data.subarray(0, history.seconds.length)];
        expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
        // Against a plain fold over lists.
        expect(curve(history, 'm')).toEqual(plainFold(written));
      }),
    );
  });
});

function plainFold(written: readonly (readonly [step: number, attempt: number])[]): [number, number][] {
  let kept: [number, number][] = [];
  let newest = 0;
  for (const [value, [step, attempt]] of written.entries()) {
    if (attempt < newest) continue;
    newest = attempt;
    kept = [...kept.filter(([before]) => before < step), [step, value]];
  }
  return kept;
}

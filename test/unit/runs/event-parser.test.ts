import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runEventParser } from '../../../src/core/runs/event-parser.ts';
import { runEventSchema } from '../../../src/core/runs/events.ts';
import { parseTimestamp } from '../../../src/core/runs/timestamps.ts';

const METRICS = {
  v: 1,
  attempt: 1,
  seq: 7,
  time: '2026-01-02T03:04:05.678Z',
  kind: 'metrics',
  step: 12,
  total_steps: 100,
  epoch: 0.5,
  values: { 'train/loss': 0.5 },
};

const odd = fc.oneof(
  fc.constantFrom(0, 1, -1, 1.5, null, '', 'metrics', [], {}, { a: 'b' }, { a: 1 }, { a: null }, true, 1e20),
  fc.constantFrom(
    '2026-13-02T03:04:05.678Z',
    '2026-02-30T03:04:05Z',
    '2026-01-02T03:04:61Z',
    '2026-01-02T03:04:05',
    '2026-01-02T03:04:05.Z',
    '2026-01-02T03:04:05+01:00',
  ),
);

describe('events without the schema', () => {
  it('are accepted and refused as the schema does, whatever a field holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(METRICS)), odd, (field, value) => {
        const entry = { ...METRICS, [field]: value };
        expect(runEventParser.safeParse(entry).success).toBe(runEventSchema.safeParse(entry).success);
      }),
    );
  });

  it('are what the schema says', () => {
    expect(runEventParser.safeParse(METRICS)).toEqual({ success: true, data: runEventSchema.parse(METRICS) });
  });
});

describe('times of entries', () => {
  it('are those of the calendar, neighbours in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })),
        (dates) => {
          for (const date of dates) expect(parseTimestamp(date.toISOString())).toBeCloseTo(date.getTime(), 2);
        },
      ),
    );
  });
});

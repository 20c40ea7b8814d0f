import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runEventParser } from '../../../src/core/runs/event-parser.ts';
import { runEventSchema } from '../../../src/core/runs/events.ts';
import { MetricsLineReader } from '../../../src/core/runs/metrics-line.ts';
import { type MetricsEvent, metricsRow } from '../../../src/core/runs/metrics-row.ts';
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

/** What the JSON parser and the schema make of a line: its numbers, or nothing. */
function bySchema(line: string) {
  try {
    const event = runEventSchema.safeParse(JSON.parse(line)).data;
    return event?.kind === 'metrics' ? metricsRow(event) : undefined;
  } catch {
    return undefined;
  }
}

const reader = new MetricsLineReader();

function fromBytes(line: string) {
  const bytes = Buffer.from(`${line}\n`);
  return reader.read(bytes, 0, bytes.length - 1);
}

const names = fc.constantFrom('train/loss', 'train/accuracy', 'lr', 'x y', '7', '__proto__', 'é', 'a"b', '');
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 5e-324, 1.7976931348623157e308, 9007199254740994, 0.1, 1e22, 123456789012345680000),
);

describe('a line with metrics, read from its bytes', () => {
  it('is what the schema says of its JSON, for any names and numbers, one line after another', () => {
    const lines = fc.array(
      fc.record({
        values: fc.array(fc.tuple(names, numbers), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
        space: fc.boolean(),
        step: fc.nat(),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(lines, (entries) => {
        for (const { values, space, step } of entries) {
          const json = JSON.stringify({ ...METRICS, step, values });
          // As Python writes it.
          const line = space ? json.replaceAll(/([:,])(?=["{\d-])/g, '$1 ') : json;
          const read = fromBytes(line);
          if (read !== undefined) expect(read).toEqual(bySchema(line));
        }
      }),
    );
  });

  it('is read without the schema where it is plain, in any notation of its numbers', () => {
    const numbersInText = [
      '0.698414019848424',
      '1e-5',
      '9.99e-06',
      '-1E+3',
      '0',
      '-0.0',
      '0.1234567890123456789',
      '1e300',
    ];
    for (const text of numbersInText) {
      const line = JSON.stringify(METRICS).replace('{"train/loss":0.5}', `{"train/loss": ${text}, "train/accuracy":1}`);
      expect(fromBytes(line)).toEqual(bySchema(line));
      expect(fromBytes(line)?.values).toEqual([JSON.parse(text), 1]);
    }
  });

  it('has the numbers that the JSON parser reads, to the last bit', () => {
    // Sixteen digits and more, as most numbers of trainers have; with up to 21 of them.
    const texts = Array.from({ length: 2000 }, (_, at) => (Math.sin(at) * 10 ** (at % 7)).toPrecision(12 + (at % 10)));
    for (const text of texts) {
      const line = JSON.stringify(METRICS).replace('0.5}', `${text}}`);
      expect(fromBytes(line)?.values).toEqual([JSON.parse(text)]);
    }
  });

  it('is refused where the JSON parser or the schema would, whatever byte of it is another', () => {
    const line = JSON.stringify({ ...METRICS, values: { 'train/loss': 0.5, 'train/accuracy': -1.25e-7 } });
    const byte = fc.constantFrom(...'0123456789.,:-+eE{}[] "\\\t\u0000nul');
    fc.assert(
      fc.property(fc.nat(line.length - 1), byte, fc.nat(1), (at, other, cut) => {
        const damaged = line.slice(0, at) + other + line.slice(at + cut);
        const read = fromBytes(damaged);
        if (read !== undefined) expect(read).toEqual(bySchema(damaged));
      }),
      { numRuns: 5000 },
    );
  });

  it('is left to the JSON parser where a name is there twice, or a value is not finite', () => {
    const line = JSON.stringify(METRICS);
    expect(fromBytes(line)).toBeDefined();
    for (const odd of [
      line.replace('"values":{', '"values":{"train/loss":1,'),
      line.replace('0.5}', '1e999}'),
      line.replace('"epoch":0.5', '"epoch":,"epoch":0.5'),
      line.replace('"kind":"metrics"', '"kind":,"kind":"metrics"'),
      line.replace('"values"', '"more":1,"values"'),
      line.slice(0, -1),
      '',
    ]) {
      expect(fromBytes(odd), odd).toBeUndefined();
    }
  });

  it('is accepted and refused as the schema does, whatever a field holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(METRICS)), odd, (field, value) => {
        const line = JSON.stringify({ ...METRICS, [field]: value });
        const read = fromBytes(line);
        if (read !== undefined) expect(read).toEqual(bySchema(line));
      }),
    );
  });
});

describe('an entry from JSON', () => {
  it('is what the schema says, its metrics as rows of numbers', () => {
    const event: MetricsEvent = {
      ...runEventSchema.parse(METRICS),
      not_finite: { grad_norm: '-inf' },
    } as MetricsEvent;
    expect(runEventParser.safeParse(event)).toEqual({ success: true, data: metricsRow(event) });
    expect(metricsRow(event)).toMatchObject({
      names: ['train/loss', 'grad_norm'],
      values: [0.5, Number.NEGATIVE_INFINITY],
    });
    expect(runEventParser.safeParse({ ...METRICS, step: -1 }).success).toBe(false);
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

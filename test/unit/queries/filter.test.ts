import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComparisonOperator, Condition, Filter, FilterValue } from '../../../src/core/queries/questions.ts';
import { rowOrder } from '../../../src/core/queries/row-order.ts';
import type { QuerySession } from '../../../src/core/queries/session.ts';
import { gather, openSession, SAMPLE_COLUMNS, type Sample, writeSamples } from './sessions.ts';

const LETTERS = [
  'a',
  'A',
  'b',
  'k',
  '\u212a',
  'ä',
  'Ä',
  'ß',
  'ẞ',
  'σ',
  'ς',
  'Σ',
  ' ',
  '%',
  '_',
  '\\',
  '.',
  "'",
  '"',
  '\n',
  '(',
  '😀',
  '-1',
  '1',
];
const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 5 }).map((letters) => letters.join(''));
const whole = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger());
const real = fc.oneof(
  fc.constantFrom(0, 0.1, -0.5, 1, 1e300, 2 ** 60),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 4 });
const messages = fc.array(fc.record({ role: fc.constantFrom('user', 'A'), content: text }), { maxLength: 3 });
const sample: fc.Arbitrary<Sample> = fc.record({
  text: orNull(text),
  other: orNull(text),
  whole: orNull(whole),
  real: orNull(real),
  flag: orNull(fc.boolean()),
  messages: orNull(messages),
});

const TEXTS = [0, 1];
const NUMBERS = [2, 3];
const LONG = [0, 1, 5];
const operator = fc.constantFrom<ComparisonOperator>('=', '!=', '<', '<=', '>', '>=');
const caseSensitive = fc.boolean();
const number = fc.oneof(whole, real);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('compare' as const), column: fc.constantFrom(...TEXTS), operator, value: text }),
  fc.record({ kind: fc.constant('compare' as const), column: fc.constantFrom(...NUMBERS), operator, value: number }),
  fc.record({ kind: fc.constant('compare' as const), column: fc.constant(4), operator, value: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom('contains' as const, 'not-contains' as const),
    column: fc.constantFrom(...LONG),
    text,
    caseSensitive,
  }),
  fc.record({ kind: fc.constant('starts-with' as const), column: fc.constantFrom(...TEXTS), text, caseSensitive }),
  fc.record({
    kind: fc.constant('matches' as const),
    column: fc.constantFrom(...TEXTS),
    pattern: fc.constantFrom('^a', 'b.*k', '[ß-ä]+', '\\.$', '(σ|😀)'),
    caseSensitive,
  }),
  fc.record({ kind: fc.constantFrom('is-null' as const, 'is-not-null' as const), column: fc.nat(5) }),
  fc.record({ kind: fc.constantFrom('is-empty' as const, 'is-not-empty' as const), column: fc.constantFrom(...LONG) }),
  fc.record({ kind: fc.constant('in' as const), column: fc.constant(0), values: fc.array(text, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('in' as const), column: fc.constant(2), values: fc.array(whole, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('length' as const), column: fc.constantFrom(...LONG), operator, value: fc.nat(6) }),
  fc.record({ kind: fc.constant('columns' as const), column: fc.constant(0), operator, other: fc.constant(1) }),
  fc.record({ kind: fc.constant('columns' as const), column: fc.constant(2), operator, other: fc.constant(2) }),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    condition,
    fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('filter'), { maxLength: 3 }) }),
  ),
}));

/** What a filter means, in plain JavaScript. */
function fulfils(row: Sample, asked: Filter): boolean {
  if ('of' in asked) {
    return asked.kind === 'all'
      ? asked.of.every((part) => fulfils(row, part))
      : asked.of.some((part) => fulfils(row, part));
  }
  const value = row[SAMPLE_COLUMNS[asked.column]!];
  if (asked.kind === 'is-null') return value === null;
  if (value === null) return false;
  switch (asked.kind) {
    case 'is-not-null':
      return true;
    case 'compare':
      return compares(value as FilterValue, asked.operator, asked.value);
    case 'in':
      return asked.values.some((wanted) => compares(value as FilterValue, '=', wanted));
    case 'contains':
      return textsOf(value).some((part) => matcher(asked.text, asked.caseSensitive).test(part));
    case 'not-contains':
      return !textsOf(value).some((part) => matcher(asked.text, asked.caseSensitive).test(part));
    case 'starts-with':
      return matcher(asked.text, asked.caseSensitive, '^').test(value as string);
    case 'matches':
      return new RegExp(asked.pattern, asked.caseSensitive ? 'su' : 'siu').test(value as string);
    case 'is-empty':
      return lengthOf(value) === 0;
    case 'is-not-empty':
      return lengthOf(value) > 0;
    case 'length':
      return compares(lengthOf(value), asked.operator, asked.value);
    case 'columns': {
      const other = row[SAMPLE_COLUMNS[asked.other]!];
      return other !== null && compares(value as FilterValue, asked.operator, other as FilterValue);
    }
  }
}

function compares(left: FilterValue, asked: ComparisonOperator, right: FilterValue): boolean {
  const order =
    typeof left === 'string'
      ? Buffer.compare(Buffer.from(left), Buffer.from(right as string))
      : Number(left > right) - Number(left < right);
  return { '=': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
    asked
  ];
}

function matcher(part: string, exact = false, before = ''): RegExp {
  return new RegExp(before + part.replaceAll(/[\\^$.|?*+()[\]{}/]/g, '\\$&'), exact ? 'su' : 'siu');
}

const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : (value as NonNullable<Sample['messages']>).flatMap(({ role, content }) => [role, content]);
const lengthOf = (value: unknown): number =>
  typeof value === 'string' ? [...value].length : (value as unknown[]).length;

async function rowsThat(session: QuerySession, asked: unknown): Promise<number[]> {
  const gathered = gather();
  const { rows } = await rowOrder(session, { filter: asked as Filter }, gathered.answering);
  const found = gathered.rows();
  expect(found.length).toBe(rows);
  return found;
}

describe.each(['parquet', 'jsonl'] as const)('a filter over %s', (kind) => {
  it('finds the rows that a plain evaluation finds, in their order', async () => {
    const rows = fc.sample(sample, { numRuns: 230, seed: 7 });
    const session = await openSession(writeSamples(kind, rows));
    await fc.assert(
      fc.asyncProperty(filter, async (asked) => {
        const expected = rows.flatMap((row, index) => (fulfils(row, asked) ? [index] : []));
        expect(await rowsThat(session, asked)).toEqual(expected);
      }),
      { numRuns: 250, seed: 11 },
    );
  });
});

describe('a filter', () => {
  const rows: Sample[] = [
    { text: 'x', other: null, whole: 9007199254740991, real: 0.1, flag: true, messages: [] },
    { text: "'; DROP TABLE cells; --", other: '12', whole: 2, real: -1, flag: false, messages: null },
  ];

  it('takes its values as values, whatever they hold', async () => {
    const session = await openSession(writeSamples('parquet', rows));
    const hostile = "'; DROP TABLE cells; --";
    expect(await rowsThat(session, { kind: 'compare', column: 0, operator: '=', value: hostile })).toEqual([1]);
    expect(await rowsThat(session, { kind: 'all', of: [] })).toEqual([0, 1]);
  });

  it('compares large integers exactly when they are given as text', async () => {
    const session = await openSession(writeSamples('parquet', rows));
    const equal = (value: string) => rowsThat(session, { kind: 'compare', column: 2, operator: '=', value });
    expect(await equal('9007199254740991')).toEqual([0]);
    expect(await equal('9007199254740992')).toEqual([]);
    expect(await equal('2.5')).toEqual([]);
  });

  it('compares a text column with a number where its texts are numbers', async () => {
    const session = await openSession(writeSamples('jsonl', rows));
    expect(await rowsThat(session, { kind: 'compare', column: 1, operator: '<', value: 100 })).toEqual([1]);
    expect(await rowsThat(session, { kind: 'compare', column: 0, operator: '<', value: 100 })).toEqual([]);
  });

  it.each([
    [{ kind: 'compare', column: 2, operator: '=', value: 'many' }, '"many" is not a number.'],
    [{ kind: 'compare', column: 4, operator: '=', value: 'perhaps' }, '"perhaps" is not true or false.'],
    [{ kind: 'compare', column: 5, operator: '=', value: 'x' }, 'holds values inside values'],
    [{ kind: 'length', column: 3, operator: '>', value: 1 }, 'Values of column "real" have no length.'],
    [{ kind: 'columns', column: 0, operator: '=', other: 3 }, 'cannot be compared'],
    [{ kind: 'is-null', column: 6 }, 'There is no column 6; there are 6.'],
    [{ kind: 'matches', column: 0, pattern: '(' }, 'missing )'],
    [{ kind: 'compare', column: 0, operator: '= 1 OR 1', value: 'x' }, 'The filter is not valid at operator'],
    [{ kind: 'sql', text: 'true' }, 'The filter is not valid'],
  ])('%j: says what is wrong with it', async (asked, message) => {
    const session = await openSession(writeSamples('parquet', rows));
    await expect(rowsThat(session, asked)).rejects.toThrow(message);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueryColumn } from '../../../src/core/queries/questions.ts';
import { completionsAt } from '../../../webview/dataset/queries/completion.ts';
import { CHOICES, choicesFor, conditionOf, conditionText } from '../../../webview/dataset/queries/conditions.ts';
import { RowNumbers } from '../../../webview/dataset/queries/row-numbers.ts';

const columns: readonly QueryColumn[] = [
  { name: 'chosen', sqlName: 'chosen', type: 'VARCHAR', family: 'text' },
  { name: 'strength', sqlName: 'strength', type: 'TINYINT', family: 'integer' },
  { name: '', sqlName: 'column2', type: 'VARCHAR', family: 'text' },
];
const choice = (id: string) => CHOICES.find((known) => known.id === id)!;

describe('conditions of a filter', () => {
  it.each([
    ['contains', 0, 'time out', 'chosen contains "time out"'],
    ['>=', 1, '2', 'strength ≥ 2'],
    ['length >', 0, '512', 'length of chosen > 512'],
    ['column !=', 0, '2', 'chosen ≠ (no name)'],
    ['in', 1, '1, 3', 'strength is one of 1, 3'],
    ['is-null', 2, '', '(no name) is null'],
    ['matches', 0, '^Sorry', 'chosen matches /^Sorry/'],
  ])('%s is made and told in words', (id, column, value, words) => {
    const condition = conditionOf(choice(id), column, columns[column]!.family, value);
    expect(typeof condition === 'string' ? condition : conditionText(condition, columns)).toBe(words);
  });

  it('says what is missing instead of asking something else', () => {
    expect(conditionOf(choice('contains'), 0, 'text', '')).toBe('Say which text.');
    expect(conditionOf(choice('>'), 1, 'integer', 'two')).toBe('Say which number.');
    expect(conditionOf(choice('length >'), 0, 'text', '1.5')).toBe('A length is a whole number from 0.');
  });

  it('no digit of a long integer is lost', () => {
    const condition = conditionOf(choice('='), 1, 'integer', '9007199254740993');
    expect(condition).toMatchObject({ value: '9007199254740993' });
  });

  it('a column is only offered what it can fulfil', () => {
    const offered = (family: QueryColumn['family']) => choicesFor(family).map(({ id }) => id);
    expect(offered('integer')).not.toContain('contains');
    expect(offered('list')).toContain('length >');
    expect(offered('struct')).not.toContain('<');
    expect(offered('other')).toEqual(['column =', 'column !=', 'is-null', 'is-not-null']);
  });
});

describe('completion of SQL', () => {
  const words = {
    columns: ['chosen', 'odd name', 'strength'],
    functions: ['count', 'string_agg'],
    keywords: ['SELECT', 'WHERE'],
  };

  it('columns come first, then keywords and functions; what is typed is replaced', () => {
    expect(completionsAt('SELECT s', 8, words)).toEqual({ words: ['strength', 'SELECT', 'string_agg('], from: 7 });
  });

  it('quotes a name that is no plain identifier', () => {
    expect(completionsAt('SELECT o', 8, words).words).toEqual(['"odd name"']);
  });

  it('shows nothing unasked where no letter was typed', () => {
    expect(completionsAt('SELECT ', 7, words).words).toEqual([]);
    expect(completionsAt('SELECT ', 7, words, true).words).toContain('chosen');
  });
});

describe('row numbers that arrive in parts', () => {
  it('are found again, in order and out of it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000_000), { minLength: 1, maxLength: 200 }), fc.nat(50), (rows, cut) => {
        const kept = new RowNumbers(4);
        kept.append(Uint32Array.from(rows.slice(0, cut)));
        kept.append(Uint32Array.from(rows.slice(cut)));
        expect(kept.length).toBe(rows.length);
        rows.forEach((row, index) => {
          expect(kept.at(index)).toBe(row);
          expect(kept.indexOf(row)).toBe(index);
        });
        expect(kept.at(rows.length)).toBeUndefined();
        expect(kept.indexOf(1_000_001)).toBeUndefined();
      }),
    );
  });

  it('ascending ones tell how many lie before a row', () => {
    const kept = new RowNumbers();
    kept.append(Uint32Array.of(3, 7, 7_000));
    expect([0, 3, 4, 7, 8, 9_999].map((row) => kept.countBefore(row))).toEqual([0, 0, 1, 1, 2, 3]);
  });
});

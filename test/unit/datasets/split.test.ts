import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../../src/core/datasets/records.ts';
import { assignSplit, groupOf, parseSplit } from '../../../src/core/datasets/split.ts';

const groups = fc.array(fc.integer({ min: 0, max: 60 }).map(String), { minLength: 1, maxLength: 300 });
const SHARES = { train: 0.8, test: 0.2 };

describe('a split', () => {
  it('never puts one group into two parts', () => {
    fc.assert(
      fc.property(groups, fc.integer(), (rows, seed) => {
        const parts = assignSplit(rows, SHARES, seed);
        const partOf = new Map(rows.map((group, row) => [group, parts[row]]));
        expect(parts).toEqual(rows.map((group) => partOf.get(group)));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(groups, fc.integer(), (rows, seed) => {
        const forward = assignSplit(rows, SHARES, seed);
        expect(assignSplit([...rows].reverse(), SHARES, seed).reverse()).toEqual(forward);
      }),
    );
  });

  it('comes as near to the shares as whole groups allow', () => {
    fc.assert(
      fc.property(groups, fc.integer(), (rows, seed) => {
        const train = assignSplit(rows, SHARES, seed).filter((part) => part === 'train').length;
        const largest = Math.max(...rows.map((group) => rows.filter((other) => other === group).length));
        expect(Math.abs(train - 0.8 * rows.length)).toBeLessThanOrEqual(largest / 2 + 1e-9);
      }),
    );
  });

  it('is another one for another seed, and the same as the rule gives in Python', () => {
    const rows = Array.from({ length: 10 }, (_, row) => `group ${row}`);
    const testRows = (seed: number) => rows.filter((_, row) => assignSplit(rows, SHARES, seed)[row] === 'test');
    expect(testRows(42)).toEqual(['group 1', 'group 4']);
    expect(testRows(43)).not.toEqual(testRows(42));
  });

  it('groups by the prompt, whatever its blanks; a record without a prompt is its own group', () => {
    const pair = (prompt: string | undefined, text: string): TrainingRecord => ({
      kind: 'preference-pair',
      prompt: prompt === undefined ? [] : [{ role: 'user', content: prompt }],
      chosen: [{ role: 'assistant', content: text }],
      rejected: [{ role: 'assistant', content: 'other' }],
    });
    expect(groupOf(pair('a  b', 'x'))).toBe(groupOf(pair(' a b', 'y')));
    expect(groupOf(pair(undefined, 'x'))).not.toBe(groupOf(pair(undefined, 'y')));
  });
});

describe('the text of a split', () => {
  it('names parts and shares', () => {
    expect(parseSplit('train=0.8, val=0.1,test=0.1')).toEqual({ train: 0.8, val: 0.1, test: 0.1 });
  });

  it.each([
    ['train=0.8,test=0.3', /add up to 1.1/],
    ['train=0.5,train=0.5', /named twice/],
    ['train=1.5,test=-0.5', /1.5/],
    ['train,test', /name=share/],
    ['../up=1', /name=share/],
    ['', /name=share/],
    ['train=0.8,test=', /name=share/],
  ])('%s is refused', (text, message) => {
    expect(() => parseSplit(text)).toThrow(message);
  });
});

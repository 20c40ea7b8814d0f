import { describe, expect, it } from 'vitest';
import { moveOf } from '../../../webview/dataset/keys.ts';
import { restoredPlace, START } from '../../../webview/dataset/place.ts';
import { bytes, counted, isNarrow, wholeNumber } from '../../../webview/dataset/text.ts';

const press = (key: string, modifiers: { ctrlKey?: boolean; shiftKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('keys in the table', () => {
  it.each([
    ['ArrowDown', 151],
    ['ArrowUp', 149],
    ['PageDown', 250],
    ['PageUp', 50],
    ['Home', 100],
    ['End', 199],
    ['Enter', 'open'],
    ['x', undefined],
  ])('%s from row 150 of 1,000: %s', (key, move) => {
    expect(moveOf(press(key), 150, 1_000)).toBe(move);
  });

  it('End stops at the last row of a page that is not full', () => {
    expect(moveOf(press('End'), 205, 230)).toBe(229);
  });

  it('Ctrl with Home and End goes to the ends of the dataset', () => {
    expect(moveOf(press('Home', { ctrlKey: true }), 150, 1_000)).toBe(0);
    expect(moveOf(press('End', { ctrlKey: true }), 150, 1_000)).toBe(999);
  });

  it('leaves combinations that mean something else alone', () => {
    expect(moveOf(press('ArrowDown', { shiftKey: true }), 0, 10)).toBeUndefined();
    expect(moveOf(press('PageDown', { ctrlKey: true }), 0, 10)).toBeUndefined();
  });
});

describe('the place kept while the page is hidden', () => {
  it('comes back as it was saved', () => {
    const place = { row: 12, firstColumn: 100, detail: true, view: 'checks', scrollTop: 80, scrollLeft: 3 };
    expect(restoredPlace(JSON.parse(JSON.stringify(place)))).toEqual(place);
  });

  it.each([[undefined], [null], ['text'], [{ row: -1, firstColumn: 'x', detail: 'yes' }]])(
    '%j is the start',
    (saved) => {
      expect(restoredPlace(saved)).toEqual(START);
    },
  );
});

describe('numbers and types in words', () => {
  it('shows sizes with three digits at most', () => {
    expect([0, 999, 1_000, 12_345, 999_600, 1_330_000_000].map(bytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.00 kB',
      '12.3 kB',
      '1.00 MB',
      '1.33 GB',
    ]);
  });

  it('counts in the singular and the plural', () => {
    expect([counted(1, 'row'), counted(2_308, 'row')]).toEqual(['1 row', '2,308 rows']);
  });

  it('reads row numbers as people type them', () => {
    expect(['312487', ' 312,487 ', '312 487', '0'].map(wholeNumber)).toEqual([312_487, 312_487, 312_487, 0]);
    expect(['', '-1', 'ten', '1e3'].map(wholeNumber)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('gives numbers and booleans a narrow column', () => {
    expect(['int64', 'uint8', 'double', 'decimal(10, 2)', 'boolean'].every(isNarrow)).toBe(true);
    expect(['string', 'list<int64>', 'integers'].some(isNarrow)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { type Place, restoredPlace, START } from '../../../webview/dataset/place.ts';
import { bytes, counted, isNarrow, wholeNumber } from '../../../webview/dataset/text.ts';

describe('the place kept while the page is hidden', () => {
  it('comes back as it was saved', () => {
    const place: Place = {
      row: 12,
      column: 3,
      top: 480.5,
      detail: true,
      view: 'statistics',
      columns: { order: [1, 0], widths: { 1: 300 }, hidden: [], pinned: [0] },
      reading: { mode: 'inline', diff: false, markdown: true },
      conditions: [{ kind: 'contains', column: 1, text: 'timeout' }],
      sort: { column: 2, descending: true },
      sql: 'SELECT 1',
      schema: '["a"]',
    };
    expect(restoredPlace(JSON.parse(JSON.stringify(place)))).toEqual(place);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{ row: -1, column: 'x', detail: 'yes', reading: 'no', sort: { column: 'y' }, conditions: 'all' }],
  ])('%j is the start', (saved) => {
    expect(restoredPlace(saved)).toEqual(START);
  });
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

import { describe, expect, it } from 'vitest';
import { cellAsText, columnAsText, rowAsText } from '../../../src/core/datasets/copy-cells.ts';

describe('cells for the clipboard', () => {
  it('whole and exact, whatever they hold', () => {
    const long = 2n ** 62n + 1n;
    expect(cellAsText(long, 'text')).toBe('4611686018427387905');
    expect(cellAsText([{ role: 'user', content: 'Hi, "you"' }], 'json')).toBe(
      '[{"role": "user", "content": "Hi, \\"you\\""}]',
    );
    expect(cellAsText('a "quoted", text', 'csv')).toBe('"a ""quoted"", text"');
    expect(cellAsText('plain\ntext', 'json')).toBe('"plain\\ntext"');
  });

  it('tells null from an empty text where the format can', () => {
    expect([null, ''].map((value) => cellAsText(value, 'json'))).toEqual(['null', '""']);
    expect([null, ''].map((value) => cellAsText(value, 'text'))).toEqual(['', '']);
  });

  const columns = ['id', 'text', 'text'].map((name) => ({ name, type: 'string' }));

  it('a row as one line of a table, an object with every column, or CSV with its header', () => {
    const cells = [7, 'two\nlines', null];
    expect(rowAsText(cells, columns, 'text')).toBe('7\ttwo lines\t');
    expect(JSON.parse(rowAsText(cells, columns, 'json'))).toEqual({ id: 7, text: 'two\nlines', 'text (2)': null });
    expect(rowAsText(cells, columns, 'csv')).toBe('id,text,text\r\n7,"two\nlines",');
  });

  it('a column as lines, as a JSON list, or as CSV', () => {
    expect(columnAsText(['a', null, 'b'], 'x', 'text')).toBe('a\n\nb');
    expect(JSON.parse(columnAsText(['a', null, 2], 'x', 'json'))).toEqual(['a', null, 2]);
    expect(columnAsText(['a', 'b,c'], 'x', 'csv')).toBe('x\r\na\r\n"b,c"');
  });
});

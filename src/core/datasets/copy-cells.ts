/** Cells as text for the clipboard: as they are shown, as JSON, or as CSV (RFC 4180). */

import type { CopyFormat } from './copy-format.ts';
import type { Column } from './dataset.ts';
import { formatCell } from './format-cell.ts';

/** One cell. As text a null is nothing, as JSON it is `null`. */
export function cellAsText(value: unknown, format: CopyFormat): string {
  switch (format) {
    case 'text':
      return isMissing(value) ? '' : formatCell(value);
    case 'json':
      return typeof value === 'string' ? JSON.stringify(value) : formatCell(value);
    case 'csv':
      return isMissing(value) ? '' : quoted(formatCell(value));
  }
}

/** Cells of one row, with the names of their columns: tab-separated, an object, or a header and a line. */
export function rowAsText(cells: readonly unknown[], columns: readonly Column[], format: CopyFormat): string {
  const texts = cells.map((cell) => cellAsText(cell, format));
  switch (format) {
    case 'text':
      return texts.map((text) => text.replaceAll(/[\t\r\n]+/g, ' ')).join('\t');
    case 'json': {
      const names = uniqueNames(columns);
      return `{${texts.map((text, index) => `${JSON.stringify(names[index] ?? '')}: ${text}`).join(', ')}}`;
    }
    case 'csv':
      return `${columns.map(({ name }) => quoted(name)).join(',')}\r\n${texts.join(',')}`;
  }
}

/** Cells of one column: a line each, a list, or a header and a line each. */
export function columnAsText(cells: readonly unknown[], name: string, format: CopyFormat): string {
  const texts = cells.map((cell) => cellAsText(cell, format));
  switch (format) {
    case 'text':
      return texts.join('\n');
    case 'json':
      return `[\n${texts.join(',\n')}\n]`;
    case 'csv':
      return [quoted(name), ...texts].join('\r\n');
  }
}

const isMissing = (value: unknown): boolean => value === null || value === undefined;

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** In JSON two keys of one name would be one: repeated ones are numbered. */
function uniqueNames(columns: readonly Column[]): string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

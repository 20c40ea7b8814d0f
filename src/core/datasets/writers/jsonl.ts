/** Writes records as JSONL, with the same columns as Parquet; a value that a record does not have is left out. */

import type { Layout } from './dialects/dialect.ts';
import type { OutputFile } from './output-file.ts';
import type { RecordWriter } from './writer.ts';

const FLUSH_CHARS = 2 ** 20;

export function jsonlRecordWriter(file: OutputFile, layout: Layout, part: string): RecordWriter {
  const { columns } = layout;
  let text = '';
  let index = 0;

  async function flush(): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    text = '';
    await file.write(bytes);
  }

  return {
    async write(record) {
      const cells = layout.cells(record, { part, index: index++ });
      const entries = cells.map((cell, column) => [columns[column]!.name, cell] as const);
      text += `${JSON.stringify(Object.fromEntries(entries.filter(([, cell]) => cell !== null)))}\n`;
      if (text.length >= FLUSH_CHARS) await flush();
    },
    finish: flush,
  };
}

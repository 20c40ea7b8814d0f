/** Writes records as JSONL, with the same columns as Parquet; a value that a record does not have is left out. */

import type { MethodId } from '../../methods/method.ts';
import type { OutputFile } from './output-file.ts';
import { OUTPUT_COLUMNS, outputRow } from './output-row.ts';
import type { RecordWriter } from './record-writer.ts';

const FLUSH_CHARS = 2 ** 20;

export function jsonlRecordWriter(file: OutputFile, method: MethodId): RecordWriter {
  const columns = OUTPUT_COLUMNS[method];
  let text = '';

  async function flush(): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    text = '';
    await file.write(bytes);
  }

  return {
    async write(record) {
      const cells = outputRow(record).map((cell, index) => [columns[index]!.name, cell] as const);
      text += `${JSON.stringify(Object.fromEntries(cells.filter(([, cell]) => cell !== null)))}\n`;
      if (text.length >= FLUSH_CHARS) await flush();
    },
    finish: flush,
  };
}

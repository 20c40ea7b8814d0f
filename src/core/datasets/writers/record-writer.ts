/** Chooses the writer of an output format. */

import type { MethodId } from '../../methods/method.ts';
import { arrowRecordWriter } from './arrow.ts';
import type { Layout } from './dialects/dialect.ts';
import { own } from './dialects/own.ts';
import { jsonlRecordWriter } from './jsonl.ts';
import type { OutputFile } from './output-file.ts';
import { parquetRecordWriter } from './parquet.ts';
import type { RecordWriter } from './writer.ts';

export const OUTPUT_FORMATS = ['parquet', 'jsonl', 'arrow'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

const WRITERS: Readonly<Record<OutputFormat, (file: OutputFile, layout: Layout, part: string) => RecordWriter>> = {
  parquet: parquetRecordWriter,
  jsonl: jsonlRecordWriter,
  arrow: arrowRecordWriter,
};

/**
 * @param layout of a dialect for the method; our own when absent
 * @param part name of the part that the file is, for dialects whose rows say it
 */
export function recordWriter(
  file: OutputFile,
  format: OutputFormat,
  method: MethodId,
  layout: Layout = own.layouts[method] as Layout,
  part = 'data',
): RecordWriter {
  return WRITERS[format](file, layout, part);
}

/** A Parquet file for a server to send: texts that do not compress to nothing. */

import { createHash } from 'node:crypto';
import { parquetWriteBuffer } from 'hyparquet-writer';

export const pairRow = (row: number): [prompt: string, chosen: string, rejected: string] => {
  const noise = createHash('sha512').update(String(row)).digest('base64');
  return [`Question ${row}?`, `It is ${noise}.`, `Perhaps ${noise.slice(0, 40)}.`];
};

export function pairsParquet(rows: number): Uint8Array {
  const all = Array.from({ length: rows }, (_, row) => pairRow(row));
  const columnData = ['prompt', 'chosen', 'rejected'].map((name, column) => ({
    name,
    data: all.map((row) => row[column]),
    type: 'STRING' as const,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 5_000 }));
}

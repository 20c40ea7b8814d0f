/** Parquet files for the tests of the dataset viewer: preference pairs as texts. */

import { parquetWriteFile } from 'hyparquet-writer';

export interface Pair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

const COLUMNS = ['prompt', 'chosen', 'rejected'] as const;

export function writePairs(file: string, pairs: readonly Pair[]): void {
  parquetWriteFile({
    filename: file,
    columnData: COLUMNS.map((name) => ({ name, data: pairs.map((pair) => pair[name]), type: 'STRING' as const })),
    rowGroupSize: 10_000,
  });
}

/** Pairs that differ from each other; `topic` keeps two files apart. */
export function pairs(count: number, topic: string): Pair[] {
  return Array.from({ length: count }, (_, index) => ({
    prompt: `${topic} ${index}: where is it?`,
    chosen: `${index % 2 === 0 ? 'It' : 'The parcel for you'} left store ${index} this morning and arrives on day ${index + 2}.`,
    rejected: `Nobody here can say anything about number ${index}${index % 3 === 0 ? ', so please write again next week' : ''}.`,
  }));
}

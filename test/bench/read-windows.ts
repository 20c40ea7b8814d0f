/**
 * Reads windows of 100 rows of a Parquet file, as a process of its own: `read-windows FILE ROW,ROW,...`, or `random:COUNT` in
 * place of the rows. Prints the CPU seconds of each window and of the whole process, and its peak memory in MB.
 */

import { openParquet } from '../../src/core/datasets/readers/parquet.ts';
import { randomIntegers } from '../../src/core/engines/embedded/random.ts';
import { cpuSeconds, peakMemory } from './process-figures.ts';

const WINDOW = 100;

const [, , file = '', where = '0'] = process.argv;
const reader = await openParquet(file);
const random = randomIntegers(1);
const starts = where.startsWith('random:')
  ? Array.from({ length: Number(where.slice(7)) }, () => random() % (reader.rowCount - WINDOW))
  : where.split(',').map(Number);
const windows: number[] = [];
const memory: number[] = [];
let first: unknown;
for (const start of starts) {
  const before = cpuSeconds();
  for await (const { rows } of reader.read({ start, end: start + WINDOW })) first ??= rows[0]?.[0];
  windows.push(cpuSeconds() - before);
  if (windows.length % 100 === 0) memory.push(process.memoryUsage.rss() / 1e6);
}
await reader.close();
console.log(JSON.stringify({ first, windows, memory, cpu: cpuSeconds(), peak: peakMemory() }));

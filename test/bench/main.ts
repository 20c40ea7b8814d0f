/** The bench: every figure with its target, in one table. Exit code 1 where a target is missed. */

import os from 'node:os';
import { checkSpeedBench } from './check-speed.ts';
import { convertSpeedBench } from './convert-speed.ts';
import { type BenchRow, embeddedAccuracyBench } from './embedded-accuracy.ts';
import { endpointOverheadBench } from './endpoint-overhead.ts';
import { gradeSpeedBench } from './grade-speed.ts';
import { hoverSpeedBench } from './hover-speed.ts';
import { largeFileBench } from './large-file.ts';
import { parquetWindowsBench } from './parquet-windows.ts';
import { querySpeedBench } from './query-speed.ts';
import { runsIdleBench } from './runs-idle.ts';
import { runsSpeedBench } from './runs-speed.ts';
import { scrollSpeedBench } from './scroll-speed.ts';
import { trainingTimeBench } from './training-time.ts';

const root = process.cwd();
console.log(
  `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, ${process.platform}-${process.arch}\n`,
);
const PARTS = {
  accuracy: embeddedAccuracyBench,
  training: trainingTimeBench,
  check: checkSpeedBench,
  convert: convertSpeedBench,
  grade: gradeSpeedBench,
  hover: hoverSpeedBench,
  scroll: scrollSpeedBench,
  parquet: async (folder: string) => [...(await parquetWindowsBench(folder)), ...(await largeFileBench(folder))],
  endpoint: endpointOverheadBench,
  queries: querySpeedBench,
  runs: runsSpeedBench,
  'runs-idle': runsIdleBench,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')} of the bench; there are: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench(root)));
}
const verdict = ({ met }: BenchRow) => (met === undefined ? '' : met ? 'met' : 'MISSED');
const table = [['what', 'value', 'target', ''], ...rows.map((row) => [row.what, row.value, row.target, verdict(row)])];
const widths = [0, 1, 2].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
for (const cells of table) {
  console.log(
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
process.exitCode = rows.some((row) => row.met === false) ? 1 : 0;

/** The bench: every figure with its target, in one table. Exit code 1 where a target is missed. */

import os from 'node:os';
import { type BenchRow, embeddedAccuracyBench } from './embedded-accuracy.ts';
import { trainingTimeBench } from './training-time.ts';

const root = process.cwd();
console.log(
  `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, ${process.platform}-${process.arch}\n`,
);
const rows = [...(await embeddedAccuracyBench(root)), ...(await trainingTimeBench(root))];
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

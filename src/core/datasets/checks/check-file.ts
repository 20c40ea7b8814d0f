/**
 * Checks a file by name. A large JSONL file is read once only: threads find the rows and check them on the way, by the shape
 * that a few lines of the file speak for. When all rows are known the shape is recognised as everywhere; in the rare case
 * that it is another one, the rows are read again by that one.
 */

import { stat } from 'node:fs/promises';
import type { MethodId } from '../../methods/method.ts';
import type { Column } from '../dataset.ts';
import type { BoundFormat } from '../formats/bound-format.ts';
import { openDataset, reopenDataset } from '../open.ts';
import { ROWS_IN_DEPTH } from '../readers/json-types.ts';
import { JsonlGatherer } from '../readers/jsonl-index.ts';
import { chooseFormat, recognise } from '../recognise.ts';
import { findShards, kindOf } from '../shards.ts';
import type { CheckDeclaration } from './check.ts';
import { type CheckOptions, runChecks, THREADS_FROM_BYTES } from './check-dataset.ts';
import { guessFormat } from './guess-format.ts';
import { Pace } from './pace.ts';
import { rangeWorker, readRanges } from './range-threads.ts';
import { planChecks } from './registry.ts';
import { type CheckRun, reportOf } from './report.ts';
import { RowPass } from './row-pass.ts';
import { canBeJoined, lineRanges } from './row-ranges.ts';

/**
 * @param name a file, a folder or a glob of shards
 * @throws StudioError as `openDataset` and `runChecks`
 */
export async function checkFile(name: string, method: MethodId, options: CheckOptions = {}): Promise<CheckRun> {
  const run = await checkWhileOpening(name, method, options);
  if (run) return run;
  const dataset = await openDataset(name, options.signal);
  try {
    return await runChecks(dataset, method, options);
  } finally {
    await dataset.close();
  }
}

/** Undefined where the file is not of the kind for it. */
async function checkWhileOpening(name: string, method: MethodId, options: CheckOptions): Promise<CheckRun | undefined> {
  const { signal, map, textChecks = [], threadsFromBytes = THREADS_FROM_BYTES } = options;
  const plan = planChecks(method, options, textChecks);
  const worker = canBeJoined(plan.run) ? rangeWorker(options.workersFolder) : undefined;
  const [file, ...others] = await findShards(name);
  if (worker === undefined || file === undefined || others.length > 0 || !isPlainJsonl(file)) return undefined;
  const { size } = await stat(file);
  if (size < threadsFromBytes) return undefined;
  const guess = await guessFormat(file, method, map, signal);
  if (!guess) return undefined;

  const pass = await RowPass.start(plan.run, { ...options, method }, guess.format, guess.columns);
  const { shape, binding } = guess.format;
  const how = { method, checks: plan.run.map(({ id }) => id), shape: shape.id, binding, columns: guess.columns };
  const pace = new Pace('checking rows', 0, options);
  const gatherer = new JsonlGatherer(file);
  let firstRows: number | undefined;
  await readRanges(
    worker,
    lineRanges(file, size).map((range) => ({ pass: how, range })),
    ({ pass: part, gathered }) => {
      pass.append(part);
      gatherer.append(gathered!);
      firstRows ??= gathered!.rows;
    },
    // How many rows there are is only known at the end.
    {
      signal,
      onRead: (rows, bytes) => pace.tell(rows, Math.max(rows, Math.round((rows * size) / Math.max(1, bytes)))),
    },
  );
  const index = gatherer.index();
  // The types of columns come from the first rows of the file: where rows are huge, the first range may hold too few.
  if ((firstRows ?? 0) < Math.min(index.rowCount, ROWS_IN_DEPTH)) return undefined;
  const dataset = await reopenDataset(name, [{ kind: 'jsonl', path: file, index }]);
  try {
    const format = chooseFormat(await recognise(dataset, { method, map, signal }), method);
    const asGuessed = readingOf(format, dataset.columns, plan.run) === readingOf(guess.format, guess.columns, plan.run);
    if (!asGuessed) return await runChecks(dataset, method, options);
    pace.end(index.rowCount);
    return reportOf(dataset, method, format, plan, pass);
  } finally {
    await dataset.close();
  }
}

function isPlainJsonl(file: string): boolean {
  return kindOf(file) === 'jsonl' && !file.toLowerCase().endsWith('.gz');
}

/** Two of these are equal where rows are read alike. */
function readingOf(
  { shape, binding }: BoundFormat,
  columns: readonly Column[],
  checks: readonly CheckDeclaration[],
): string {
  const nameOf = (column: number) => columns[column]?.name;
  const fields = Object.entries(binding).map(([field, column]) => [field, nameOf(column)]);
  return JSON.stringify([shape.id, fields, checks.flatMap((check) => (check.columns?.(columns) ?? []).map(nameOf))]);
}

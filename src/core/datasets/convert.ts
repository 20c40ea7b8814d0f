/** Converts any recognised dataset into the training file of a method, with a datasheet beside it. */

import path from 'node:path';
import { StudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import type { Dataset } from './dataset.ts';
import { DERIVED_FROM, deriveRecord } from './derive.ts';
import { DroppedRowCounter, type DroppedRows } from './dropped-rows.ts';
import { fingerprintDataset } from './fingerprint.ts';
import type { ColumnMap } from './formats/binding.ts';
import type { BoundFormat } from './formats/bound-format.ts';
import { openDataset } from './open.ts';
import { readRecords } from './read-records.ts';
import { recognise } from './recognise.ts';
import { chooseFormat, unrecognised } from './recognition-errors.ts';
import type { TrainingRecord } from './records.ts';
import { assignSplit, checkSplit, groupOf, type SplitShares } from './split.ts';
import { OutputFile, refuseExisting } from './writers/output-file.ts';
import { type OutputFormat, type RecordWriter, recordWriter } from './writers/record-writer.ts';

export const DATASHEET_NAME = 'dataset.json';

export interface ConvertOptions {
  /** A file, a folder or a glob of shards. */
  readonly input: string;
  readonly method: MethodId;
  readonly outputDir: string;
  readonly format?: OutputFormat | undefined;
  /** Without one, all records go into one file `data`. */
  readonly split?: SplitShares | undefined;
  readonly seed?: number | undefined;
  readonly map?: ColumnMap | undefined;
  /** Replace files that are already there. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
}

export interface ConvertProgress {
  readonly phase: 'reading' | 'writing';
  readonly rows: number;
  readonly totalRows: number;
}

export interface ConvertReport {
  readonly method: MethodId;
  readonly files: readonly { readonly path: string; readonly rows: number; readonly part?: string }[];
  readonly datasheet: string;
  /** Rows of the source; `records` are what was made of them, and written. */
  readonly rows: number;
  readonly records: number;
  readonly dropped: readonly DroppedRows[];
  readonly format: { readonly id: string; readonly title: string };
  /** The method whose records the rows held, where it is another one. */
  readonly derivedFrom?: MethodId;
  readonly fingerprint: string;
}

const DEFAULT_SEED = 42;

/**
 * Reads the source twice: once to decide on the split, once to write. Nothing appears under a final name before
 * everything is written; on any error, and when cancelled, the temporary files are removed.
 * @throws StudioError of openDataset and recognise; 'no-rows', 'too-few-rows', 'already-exists', 'disk-full', 'usage'
 */
export async function convert(options: ConvertOptions): Promise<ConvertReport> {
  const split = options.split && checkSplit(options.split);
  const targets = targetsOf(options, split);
  const datasheet = path.join(options.outputDir, DATASHEET_NAME);
  if (options.force !== true)
    for (const file of [...targets.map((target) => target.path), datasheet]) await refuseExisting(file);
  const dataset = await openDataset(options.input, options.signal);
  try {
    const source = await recogniseSource(dataset, options);
    const plan = await planSplit(dataset, source.format, options, split);
    const fingerprint = await fingerprintDataset(dataset, options.signal);
    const counts = new Map<string, number>();
    for (const part of plan.parts) counts.set(part, (counts.get(part) ?? 0) + 1);
    const report: ConvertReport = {
      method: options.method,
      files: targets.map(({ part, path: file }) => ({
        path: file,
        rows: counts.get(part) ?? 0,
        ...(split === undefined ? {} : { part }),
      })),
      datasheet,
      rows: dataset.rowCount,
      records: plan.parts.length,
      dropped: plan.dropped,
      format: { id: source.format.shape.id, title: source.format.shape.title },
      ...(source.method === options.method ? {} : { derivedFrom: source.method }),
      fingerprint,
    };
    refuseEmptyParts(report, options.input);
    await writeAll(dataset, source.format, plan.parts, targets, report, options);
    return report;
  } finally {
    await dataset.close();
  }
}

interface Target {
  readonly part: string;
  readonly path: string;
}

function targetsOf(options: ConvertOptions, split: SplitShares | undefined): Target[] {
  const parts = split === undefined ? ['data'] : Object.keys(split);
  return parts.map((part) => ({ part, path: path.join(options.outputDir, `${part}.${options.format ?? 'parquet'}`) }));
}

/** The shape of the method itself, else one of a method that its records can be made from. */
async function recogniseSource(dataset: Dataset, { method, map, signal }: ConvertOptions) {
  const recognition = await recognise(dataset, { map, signal });
  const source = [method, ...DERIVED_FROM[method]].find((candidate) =>
    recognition.candidates.some((found) => found.method === candidate && found.fits),
  );
  if (!source) throw unrecognised(recognition, method);
  return { method: source, format: chooseFormat(recognition, source) };
}

async function planSplit(
  dataset: Dataset,
  format: BoundFormat,
  options: ConvertOptions,
  split: SplitShares | undefined,
): Promise<{ parts: readonly string[]; dropped: readonly DroppedRows[] }> {
  const counter = new DroppedRowCounter(dataset.malformed);
  const groups: string[] = [];
  for await (const item of readDerived(dataset, format, options, 'reading')) {
    if (item.dropped !== undefined) counter.add(item.dropped, item.row);
    else groups.push(split === undefined ? '' : groupOf(item.record));
  }
  const dropped = counter.list();
  if (groups.length === 0) {
    throw new StudioError('no-rows', `None of the ${dataset.rowCount} rows gives a record.`, {
      where: { file: dataset.name },
      hint: dropped.map(({ reason, count }) => `${count} rows: ${reason}`).join('; ') || 'The dataset has no rows.',
    });
  }
  const parts =
    split === undefined ? groups.map(() => 'data') : assignSplit(groups, split, options.seed ?? DEFAULT_SEED);
  return { parts, dropped };
}

type DerivedRow =
  | { readonly row: number; readonly record: TrainingRecord; readonly dropped?: never }
  | { readonly row: number; readonly dropped: string; readonly record?: never };

async function* readDerived(
  dataset: Dataset,
  format: BoundFormat,
  { method, seed, signal, onProgress }: ConvertOptions,
  phase: ConvertProgress['phase'],
): AsyncGenerator<DerivedRow> {
  let reported = 0;
  for await (const { row, record, problem } of readRecords(dataset, format, { signal })) {
    if (row >= reported) {
      onProgress?.({ phase, rows: row, totalRows: dataset.rowCount });
      reported = row + 1_000;
    }
    if (problem) yield { row, dropped: problem.code };
    else yield { row, ...deriveRecord(record, method, seed ?? DEFAULT_SEED) };
  }
  onProgress?.({ phase, rows: dataset.rowCount, totalRows: dataset.rowCount });
}

function refuseEmptyParts(report: ConvertReport, input: string): void {
  const empty = report.files.find((file) => file.rows === 0);
  if (!empty) return;
  throw new StudioError('too-few-rows', `The part "${empty.part}" would get none of the ${report.records} records.`, {
    where: { file: input },
    hint: 'All rows of one prompt stay together: give the part a larger share, or leave the split out.',
  });
}

async function writeAll(
  dataset: Dataset,
  format: BoundFormat,
  parts: readonly string[],
  targets: readonly Target[],
  report: ConvertReport,
  options: ConvertOptions,
): Promise<void> {
  const force = options.force === true;
  const files: OutputFile[] = [];
  try {
    const writers = new Map<string, RecordWriter>();
    for (const { part, path: target } of targets) {
      const file = await OutputFile.create(target, force);
      files.push(file);
      writers.set(part, recordWriter(file, options.format ?? 'parquet', options.method));
    }
    let next = 0;
    for await (const { record } of readDerived(dataset, format, options, 'writing')) {
      if (record) await writers.get(parts[next++]!)!.write(record);
    }
    for (const writer of writers.values()) await writer.finish();
    const sheet = await OutputFile.create(report.datasheet, force);
    files.push(sheet);
    await sheet.write(Buffer.from(`${JSON.stringify(datasheetOf(dataset, report, options), null, 2)}\n`));
    for (const file of files) await file.finish();
    options.signal?.throwIfAborted();
    for (const file of files) await file.commit();
  } finally {
    for (const file of files) await file.discard();
  }
}

/** What is needed to make the same files again, and to know what is not in them. It holds no time: same input, same bytes. */
function datasheetOf(dataset: Dataset, report: ConvertReport, options: ConvertOptions) {
  return {
    source: {
      name: dataset.name,
      files: dataset.files.map(({ path: file, bytes, rowCount }) => ({
        name: path.basename(file),
        bytes,
        rows: rowCount,
      })),
      fingerprint: report.fingerprint,
    },
    recognised: report.format,
    method: report.method,
    ...(report.derivedFrom === undefined ? {} : { derived_from: report.derivedFrom }),
    ...(options.map === undefined ? {} : { map: options.map }),
    ...(options.split === undefined ? {} : { split: options.split }),
    seed: options.seed ?? DEFAULT_SEED,
    rows: report.rows,
    records: report.records,
    dropped: report.dropped,
    files: report.files.map((file) => ({ ...file, path: path.basename(file.path) })),
  };
}

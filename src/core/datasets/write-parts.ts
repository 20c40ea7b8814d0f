/** Writes records into the files of their parts, all of which appear at once when everything is written. */

import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import type { ConvertOptions } from './convert-options.ts';
import { swapped } from './derive.ts';
import { derivedRows, type RecordSource } from './derived-rows.ts';
import { DroppedRowCounter, type DroppedRows } from './dropped-rows.ts';
import type { PartPlan } from './plan-parts.ts';
import type { TrainingRecord } from './records.ts';
import type { Dialect, Register } from './writers/dialects/dialect.ts';
import { type OutputFile, refuseExisting } from './writers/output-file.ts';
import { recordWriter } from './writers/record-writer.ts';
import type { RecordWriter } from './writers/writer.ts';

export interface Target {
  readonly part: string;
  readonly path: string;
}

/** What was written; `labels` has the rows of each label by part, `lost` how many records had what their rows do not say. */
export interface Written {
  readonly rows: ReadonlyMap<string, number>;
  readonly labels: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly lost: Readonly<Record<string, number>>;
  readonly dropped: readonly DroppedRows[];
}

/** @param plan absent where every record goes into the one target */
export async function writeRecords(
  source: RecordSource,
  plan: PartPlan | undefined,
  files: ReadonlyMap<string, OutputFile>,
  options: ConvertOptions,
  onRow: (row: number) => void,
): Promise<Written> {
  const format = options.format ?? 'parquet';
  const writers = new Map<string, RecordWriter>();
  for (const [part, file] of files) writers.set(part, recordWriter(file, format, source.method, source.layout, part));
  const counter = new DroppedRowCounter(source.dataset.malformed);
  const tally = new WrittenTally(source.layout.loses ?? []);
  let index = 0;
  for await (const { row, record, dropped } of derivedRows(source, options.signal, onRow)) {
    if (!record) {
      counter.add(dropped, row);
      continue;
    }
    const part = plan ? plan.partOf(index++) : 'data';
    if (part === undefined) continue;
    const both = options.bothOrders === true && record.kind === 'compared-responses';
    for (const written of both ? [record, swapped(record)] : [record]) {
      await writers.get(part)!.write(written);
      tally.add(part, written);
    }
  }
  for (const writer of writers.values()) await writer.finish();
  return { ...tally.result(), dropped: plan?.dropped ?? counter.list() };
}

class WrittenTally {
  readonly #rows = new Map<string, number>();
  readonly #labels: Record<string, Record<string, number>> = {};
  readonly #lost: Record<string, number> = {};
  readonly #loses: readonly ('margin' | 'strength')[];

  constructor(loses: readonly ('margin' | 'strength')[]) {
    this.#loses = loses;
  }

  add(part: string, record: TrainingRecord): void {
    this.#rows.set(part, (this.#rows.get(part) ?? 0) + 1);
    const label = labelOf(record);
    if (label !== undefined) {
      this.#labels[part] ??= {};
      this.#labels[part][label] = (this.#labels[part][label] ?? 0) + 1;
    }
    for (const field of this.#loses) {
      if ((record as { readonly [name in typeof field]?: number })[field] === undefined) continue;
      this.#lost[field] = (this.#lost[field] ?? 0) + 1;
    }
  }

  result(): Omit<Written, 'dropped'> {
    const labels: Record<string, Record<string, number>> = {};
    for (const [part, counts] of Object.entries(this.#labels)) {
      labels[part] = Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return { rows: this.#rows, labels, lost: this.#lost };
  }
}

function labelOf(record: TrainingRecord): string | undefined {
  if (record.kind === 'scored-response') return String(record.score);
  return record.kind === 'compared-responses' ? record.preferred : undefined;
}

/** The file in which a trainer looks data up, with our entries added: what others it had stays. */
export async function registerContent(
  register: Register,
  folder: string,
  targets: readonly Target[],
  options: ConvertOptions,
): Promise<string> {
  const name = path.basename(path.resolve(folder)).replace(/[^\w-]+/g, '_');
  const files = targets.map(({ part, path: file }) => ({
    file: path.basename(file),
    entry: targets.length === 1 && part === 'data' ? name : `${name}_${part}`,
  }));
  const before = await parsedFile(path.join(folder, register.name));
  return `${JSON.stringify(register.content(before, options.method, files), null, 2)}\n`;
}

async function parsedFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new StudioError('damaged-file', 'The file that is there is not valid JSON.', {
      where: { file },
      hint: 'Repair it or choose another folder.',
      cause,
    });
  }
}

/** @throws StudioError 'already-exists' */
export async function refuseExistingFiles(files: readonly string[]): Promise<void> {
  for (const file of files) await refuseExisting(file);
}

export function targetsOf(options: ConvertOptions): Target[] {
  const parts = options.split === undefined ? ['data'] : Object.keys(options.split);
  return parts.map((part) => ({ part, path: path.join(options.outputDir, `${part}.${options.format ?? 'parquet'}`) }));
}

export function registerPath(dialect: Dialect, folder: string): string[] {
  return dialect.register === undefined ? [] : [path.join(folder, dialect.register.name)];
}

/**
 * Gives complete files their final names, the datasheet last: where there is one, the files beside it are the ones it
 * describes. That is why an old one goes first.
 */
export async function commitAll(
  files: readonly OutputFile[],
  datasheet: OutputFile,
  { force, signal }: { readonly force: boolean; readonly signal: AbortSignal | undefined },
): Promise<void> {
  for (const file of [...files, datasheet]) await file.finish();
  signal?.throwIfAborted();
  if (force) await rm(datasheet.path, { force: true });
  for (const file of [...files, datasheet]) await file.commit();
}

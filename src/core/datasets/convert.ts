/** Converts any recognised dataset into the training file of a method, with a datasheet beside it. */

import path from 'node:path';
import type { MethodId } from '../methods/method.ts';
import {
  type ConvertOptions,
  type ConvertProgress,
  checkOptions,
  checkSource,
  DEFAULT_MIN_MARGIN,
  DEFAULT_SEED,
  DEFAULT_TIE_BELOW,
  noScoresInPairs,
} from './convert-options.ts';
import type { ConvertReport } from './convert-report.ts';
import type { Dataset } from './dataset.ts';
import { DATASHEET_NAME, datasheetOf } from './datasheet.ts';
import { DERIVED_FROM, SCORED_BY_SIDE } from './derive.ts';
import type { RecordSource } from './derived-rows.ts';
import type { DroppedRows } from './dropped-rows.ts';
import { fingerprintDataset } from './fingerprint.ts';
import { openDataset } from './open.ts';
import { needsPlan, planParts, refuseEmptyParts } from './plan-parts.ts';
import { recognise } from './recognise.ts';
import { chooseFormat, unrecognised } from './recognition-errors.ts';
import { countPrompts } from './score-pairs.ts';
import { checkSplit } from './split.ts';
import {
  commitAll,
  refuseExistingFiles,
  registerContent,
  registerPath,
  type Target,
  targetsOf,
  writeRecords,
} from './write-parts.ts';
import type { Dialect, Layout } from './writers/dialects/dialect.ts';
import { DEFAULT_DIALECT, findDialect, layoutOf } from './writers/dialects/dialects.ts';
import { OutputFile } from './writers/output-file.ts';

export type { ConvertOptions, ConvertProgress } from './convert-options.ts';
export type { ConvertReport } from './convert-report.ts';
export { DATASHEET_NAME } from './datasheet.ts';

/**
 * Reads the source once to write it; once more before that to decide on a split or on repeats, and once more to pair
 * scores. Nothing appears under a final name before everything is written; on any error, and when cancelled, the
 * temporary files are removed.
 * @throws StudioError of openDataset and recognise; 'no-rows', 'too-few-rows', 'already-exists', 'disk-full', 'usage'
 */
export async function convert(options: ConvertOptions): Promise<ConvertReport> {
  checkOptions(options);
  if (options.split) checkSplit(options.split);
  const dialect = findDialect(options.dialect ?? DEFAULT_DIALECT);
  const layout = layoutOf(dialect, options.method);
  const targets = targetsOf(options);
  const outputs = [
    ...targets.map((target) => target.path),
    ...registerPath(dialect, options.outputDir),
    path.join(options.outputDir, DATASHEET_NAME),
  ];
  if (options.force !== true) await refuseExistingFiles(outputs);
  const dataset = await openDataset(options.input, options.signal);
  try {
    const source = await sourceOf(dataset, layout, options);
    return await writeAll(source, dialect, targets, options);
  } finally {
    await dataset.close();
  }
}

/** A source and the method whose records its rows hold. */
type ConvertSource = RecordSource & { readonly from: MethodId };

/** The shape of the method itself, else one of a method that its records can be made from. */
async function sourceOf(dataset: Dataset, layout: Layout, options: ConvertOptions): Promise<ConvertSource> {
  const { method, map, signal, pairScores } = options;
  const recognition = await recognise(dataset, { map, signal });
  const fits = (candidate: MethodId) =>
    recognition.candidates.some((found) => found.method === candidate && found.fits);
  const comparing = SCORED_BY_SIDE.filter(fits);
  const from = [method, ...DERIVED_FROM[method], ...(pairScores === undefined ? [] : comparing)].find(fits);
  if (from === undefined) {
    throw method === 'pointwise' && comparing.length > 0
      ? noScoresInPairs(dataset.name)
      : unrecognised(recognition, method);
  }
  checkSource(options, from);
  const format = chooseFormat(recognition, from);
  const base = { dataset, format, method, layout, seed: options.seed ?? DEFAULT_SEED, pairScores, from };
  if (from !== 'pointwise' || method === 'pointwise') return base;
  const { minMargin = DEFAULT_MIN_MARGIN, tieBelow = DEFAULT_TIE_BELOW } = options;
  return { ...base, scores: { sizes: await countPrompts(dataset, format, signal), minMargin, tieBelow } };
}

async function writeAll(
  source: ConvertSource,
  dialect: Dialect,
  targets: readonly Target[],
  options: ConvertOptions,
): Promise<ConvertReport> {
  const { dataset, format } = source;
  const { force = false, signal, input, outputDir } = options;
  const progress = (phase: ConvertProgress['phase']) => (rows: number) =>
    options.onProgress?.({ phase, rows, totalRows: dataset.rowCount });
  const refuseEmpty = (rows: ReadonlyMap<string, number>, dropped: readonly DroppedRows[]) =>
    refuseEmptyParts(
      input,
      dataset.rowCount,
      targets.map(({ part }) => ({ part, rows: rows.get(part) ?? 0 })),
      dropped,
    );
  const plan = needsPlan(options) ? await planParts(source, options, progress('reading')) : undefined;
  if (plan) refuseEmpty(plan.sizes, plan.dropped);
  const files: OutputFile[] = [];
  const create = async (file: string) => {
    const output = await OutputFile.create(file, force);
    files.push(output);
    return output;
  };
  try {
    const parts = new Map<string, OutputFile>();
    for (const { part, path: file } of targets) parts.set(part, await create(file));
    const written = await writeRecords(source, plan, parts, options, progress('writing'));
    signal?.throwIfAborted();
    refuseEmpty(written.rows, written.dropped);
    const registers = registerPath(dialect, outputDir);
    for (const file of registers) {
      await (await create(file)).write(
        Buffer.from(await registerContent(dialect.register!, outputDir, targets, options)),
      );
    }
    const report: ConvertReport = {
      method: options.method,
      dialect: dialect.id,
      files: targets.map(({ part, path: file }) => ({
        path: file,
        rows: written.rows.get(part) ?? 0,
        ...(options.split === undefined ? {} : { part }),
      })),
      registers,
      datasheet: path.join(outputDir, DATASHEET_NAME),
      rows: dataset.rowCount,
      records: [...written.rows.values()].reduce((sum, rows) => sum + rows, 0),
      dropped: written.dropped,
      lost: written.lost,
      labels: written.labels,
      format: { id: format.shape.id, title: format.shape.title },
      ...(source.from === options.method ? {} : { derivedFrom: source.from }),
      fingerprint: await fingerprintDataset(dataset, signal),
    };
    const data = [...files];
    const sheet = await create(report.datasheet);
    await sheet.write(
      Buffer.from(`${JSON.stringify(datasheetOf(dataset, source.layout, report, options), null, 2)}\n`),
    );
    await commitAll(data, sheet, { force, signal });
    return report;
  } finally {
    for (const file of files) await file.discard();
  }
}

/** The datasheet beside converted files: what is needed to make them again, and to know what is not in them. */

import path from 'node:path';
import { type ConvertOptions, DEFAULT_MIN_MARGIN, DEFAULT_SEED, DEFAULT_TIE_BELOW } from './convert-options.ts';
import type { ConvertReport } from './convert-report.ts';
import type { Dataset } from './dataset.ts';
import { describeOutputType } from './writers/columns.ts';
import type { Layout } from './writers/dialects/dialect.ts';

export const DATASHEET_NAME = 'dataset.json';

/** It holds no time: same input, same bytes. */
export function datasheetOf(dataset: Dataset, layout: Layout, report: ConvertReport, options: ConvertOptions): object {
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
    dialect: report.dialect,
    steps: stepsOf(report, options),
    seed: options.seed ?? DEFAULT_SEED,
    rows: report.rows,
    records: report.records,
    dropped: report.dropped,
    lost: report.lost,
    labels: report.labels,
    schema: layout.columns.map(({ name, type }) => ({ name, type: describeOutputType(type) })),
    files: report.files.map((file) => ({ ...file, path: path.basename(file.path) })),
  };
}

/** What was done, in this order. */
function stepsOf(report: ConvertReport, options: ConvertOptions): object[] {
  const { derivedFrom, method } = report;
  const scores = derivedFrom === 'pointwise';
  return [
    { do: 'read', shape: report.format.id, ...(options.map === undefined ? {} : { map: options.map }) },
    ...(derivedFrom === undefined
      ? []
      : [
          {
            do: 'derive',
            from: derivedFrom,
            ...(scores && method === 'bradley-terry' ? { min_margin: options.minMargin ?? DEFAULT_MIN_MARGIN } : {}),
            ...(scores && method === 'pairwise' ? { tie_below: options.tieBelow ?? DEFAULT_TIE_BELOW } : {}),
            ...(options.pairScores === undefined ? {} : { pair_scores: options.pairScores }),
          },
        ]),
    ...(options.dropContradictions ? [{ do: 'drop-contradictions' }] : []),
    ...(options.dropDuplicates ? [{ do: 'drop-duplicates' }] : []),
    ...(options.split === undefined
      ? []
      : [{ do: 'split', shares: options.split, by: 'prompt', stratified: options.stratify === true }]),
    ...(options.bothOrders ? [{ do: 'both-orders' }] : []),
    { do: 'write', dialect: report.dialect, format: options.format ?? 'parquet' },
  ];
}

/** Answers the viewer's questions about one dataset. */

import path from 'node:path';
import { checkDataset } from '../../core/datasets/checks/check-dataset.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { openDataset } from '../../core/datasets/open.ts';
import { adviseMethods, recognise } from '../../core/datasets/recognise.ts';
import { StudioError } from '../../core/errors.ts';
import { findMethod, METHODS } from '../../core/methods/method.ts';
import {
  type CheckOutcome,
  type CheckRequest,
  type DatasetAdvice,
  type DatasetSummary,
  type RecordRequest,
  type RowRecord,
  type RowsPage,
  type RowsRequest,
  TEXT_CHARS,
  type TextRequest,
} from '../../protocol/dataset-viewer.ts';
import { fieldValue, pieceOf, tableCell, tableCellChars, wholeText } from './present.ts';

const NAME_CHARS = 300;
const TYPE_CHARS = 2_000;

export class DatasetReading {
  readonly #path: string;
  #dataset: Promise<Dataset> | undefined;
  /** The cell asked for last: a long text is loaded in many pieces, and decoding it again for each would be slow. */
  #held: { readonly row: number; readonly column: number; readonly value: unknown } | undefined;

  constructor(datasetPath: string) {
    this.#path = datasetPath;
  }

  async open(): Promise<DatasetSummary> {
    const { kind, files, rowCount, columns } = await this.#opened();
    return {
      name: path.basename(this.#path).slice(0, NAME_CHARS),
      kind,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      files: files.length,
      rowCount,
      columns: columns.map(({ name, type }) => ({ name: name.slice(0, NAME_CHARS), type: type.slice(0, TYPE_CHARS) })),
    };
  }

  async advise(signal: AbortSignal): Promise<DatasetAdvice> {
    const recognition = await recognise(await this.#opened(), { signal });
    const advice = adviseMethods(recognition);
    const fitting = advice.filter((entry) => entry.fits);
    return {
      shape: recognition.candidates.find((candidate) => candidate.fits)?.title ?? null,
      fits: fitting.map(({ method }) => METHODS[method].title),
      reasons: advice.map(({ method, reason }) => `${METHODS[method].title}: ${reason}`),
      checkable: fitting.map(({ method }) => ({ id: method, title: METHODS[method].title })),
    };
  }

  async rows({ start, end, firstColumn, columns: count }: RowsRequest, signal: AbortSignal): Promise<RowsPage> {
    const dataset = await this.#opened();
    const range = { start, end: Math.min(end, dataset.rowCount), columns: window(dataset, firstColumn, count) };
    const limit = tableCellChars((range.end - range.start) * range.columns.length);
    const rows: RowsPage['rows'][number][] = [];
    for await (const batch of dataset.read(range, signal)) {
      for (const row of batch.rows) rows.push(row.map((value) => tableCell(value, limit)));
    }
    return { start, firstColumn, rows };
  }

  async record({ row, firstColumn, columns: count }: RecordRequest, signal: AbortSignal): Promise<RowRecord> {
    const dataset = await this.#opened();
    const values = await readRow(dataset, row, window(dataset, firstColumn, count), signal);
    return { row, firstColumn, fields: values.map(fieldValue) };
  }

  async text({ row, column, turn, from }: TextRequest, signal: AbortSignal): Promise<string> {
    if (this.#held?.row !== row || this.#held.column !== column) {
      const [value] = await readRow(await this.#opened(), row, [column], signal);
      this.#held = { row, column, value };
    }
    return pieceOf(wholeText(this.#held.value, turn), from, TEXT_CHARS);
  }

  async check({ method: name }: CheckRequest, signal: AbortSignal): Promise<CheckOutcome> {
    const method = findMethod(name);
    if (!method) throw new StudioError('usage', `There is no method "${name}".`);
    const { totals, ok, findings } = await checkDataset(await this.#opened(), method.id, { signal });
    return {
      ...totals,
      ok,
      findings: findings.map(({ id, severity, message, hint, count, rows, fix }) => ({
        id,
        severity,
        message,
        ...(hint === undefined ? {} : { hint }),
        count,
        rows,
        ...(fix === undefined ? {} : { fix: { count: fix.count, description: fix.description } }),
      })),
    };
  }

  /** Not cancellable: every question waits for one and the same opening. */
  #opened(): Promise<Dataset> {
    this.#dataset ??= openDataset(this.#path).catch((error: unknown) => {
      this.#dataset = undefined;
      throw error;
    });
    return this.#dataset;
  }
}

function window(dataset: Dataset, firstColumn: number, count: number): number[] {
  const shown = Math.max(0, Math.min(count, dataset.columns.length - firstColumn));
  return Array.from({ length: shown }, (_, index) => firstColumn + index);
}

async function readRow(dataset: Dataset, row: number, columns: readonly number[], signal: AbortSignal) {
  for await (const batch of dataset.read({ start: row, end: row + 1, columns }, signal)) {
    const [values] = batch.rows;
    if (values) return values;
  }
  return [];
}

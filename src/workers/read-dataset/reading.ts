/** Answers the viewer's questions about one dataset. */

import type { Dataset } from '../../core/datasets/dataset.ts';
import { needsCopy } from '../../core/datasets/remote/needs-copy.ts';
import { SharedValue } from '../../core/shared-task.ts';
import type { CheckOutcome, CheckRequest, FindingRows, FindingRowsRequest } from '../../protocol/dataset-checks.ts';
import type { CopiedText, CopyRequest } from '../../protocol/dataset-copy.ts';
import type { DatasetDetails } from '../../protocol/dataset-details.ts';
import type { AnswerTexts } from '../../protocol/dataset-grades.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading } from '../../protocol/dataset-reading.ts';
import {
  type DatasetAdvice,
  type DatasetSummary,
  type RecordRequest,
  type RowRecord,
  type RowsAtRequest,
  type RowsPage,
  type RowsRequest,
  TEXT_CHARS,
  type TextRequest,
} from '../../protocol/dataset-viewer.ts';
import type { OnProgress } from '../../protocol/tickets.ts';
import { copyCells } from './copy.ts';
import type { DatasetSource } from './dataset-source.ts';
import { detailsOf } from './details.ts';
import { fieldValue, pieceOf, tableCell, tableCellChars, wholeText } from './present.ts';
import { runsOf } from './row-runs.ts';
import type { Understanding } from './understanding.ts';

const NAME_CHARS = 300;
const TYPE_CHARS = 2_000;

export class DatasetReading {
  readonly #source: DatasetSource;
  readonly #dataset: SharedValue<Dataset>;
  #understanding: Promise<Understanding> | undefined;
  /** The cell asked for last: a long text is loaded in many pieces, and decoding it again for each would be slow. */
  #held: { readonly row: number; readonly column: number; readonly value: unknown } | undefined;

  constructor(source: DatasetSource) {
    this.#source = source;
    this.#dataset = new SharedValue((signal) => source.open(signal));
  }

  async open(signal: AbortSignal): Promise<DatasetSummary> {
    const { kind, files, rowCount, columns, malformed } = await this.#opened(signal);
    const [first] = malformed.first;
    return {
      name: this.#source.name.slice(0, NAME_CHARS),
      kind,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      files: files.length,
      rowCount,
      columns: columns.map(({ name, type }) => ({ name: name.slice(0, NAME_CHARS), type: type.slice(0, TYPE_CHARS) })),
      ...(first && { malformed: { count: malformed.count, first } }),
    };
  }

  async advise(signal: AbortSignal): Promise<DatasetAdvice> {
    return (await this.#understood()).advise(signal);
  }

  async rows({ start, end, firstColumn, columns: count }: RowsRequest, signal: AbortSignal): Promise<RowsPage> {
    const dataset = await this.#opened(signal);
    const range = { start, end: Math.min(end, dataset.rowCount), columns: window(dataset, firstColumn, count) };
    const limit = tableCellChars((range.end - range.start) * range.columns.length);
    const rows: RowsPage['rows'][number][] = [];
    for await (const batch of dataset.read(range, signal)) {
      for (const row of batch.rows) rows.push(row.map((value) => tableCell(value, limit)));
    }
    return { start, firstColumn, rows };
  }

  /** Neighbours are read together: a page of a file holds many rows. */
  async rowsAt({ rows: wanted, firstColumn, columns: count }: RowsAtRequest, signal: AbortSignal): Promise<RowsPage> {
    const dataset = await this.#opened(signal);
    const columns = window(dataset, firstColumn, count);
    const limit = tableCellChars(wanted.length * columns.length);
    const found = new Map<number, RowsPage['rows'][number]>();
    const asked = new Set(wanted);
    for (const { start, end } of runsOf(wanted)) {
      for await (const batch of dataset.read({ start, end, columns }, signal)) {
        for (const [offset, row] of batch.rows.entries()) {
          const number = batch.start + offset;
          if (asked.has(number))
            found.set(
              number,
              row.map((value) => tableCell(value, limit)),
            );
        }
      }
    }
    return { start: 0, firstColumn, rows: wanted.map((row) => found.get(row) ?? []) };
  }

  async reading(request: ReadingRequest, signal: AbortSignal): Promise<RowReading | null> {
    return (await this.#understood()).reading(request, signal);
  }

  async answerTexts(request: ReadingRequest, signal: AbortSignal): Promise<AnswerTexts | null> {
    return (await this.#understood()).answerTexts(request, signal);
  }

  async readingText(request: ReadingTextRequest, signal: AbortSignal): Promise<string> {
    return (await this.#understood()).readingText(request, signal);
  }

  async copy(request: CopyRequest, signal: AbortSignal): Promise<CopiedText> {
    if (this.#source.remote && request.what === 'column') throw needsCopy();
    return copyCells(await this.#opened(signal), request, signal);
  }

  async details(signal: AbortSignal): Promise<DatasetDetails> {
    return detailsOf(await this.#opened(signal));
  }

  async record({ row, firstColumn, columns: count }: RecordRequest, signal: AbortSignal): Promise<RowRecord> {
    const dataset = await this.#opened(signal);
    const values = await readRow(dataset, row, window(dataset, firstColumn, count), signal);
    return { row, firstColumn, fields: values.map(fieldValue) };
  }

  async text({ row, column, turn, from }: TextRequest, signal: AbortSignal): Promise<string> {
    if (this.#held?.row !== row || this.#held.column !== column) {
      const [value] = await readRow(await this.#opened(signal), row, [column], signal);
      this.#held = { row, column, value };
    }
    return pieceOf(wholeText(this.#held.value, turn), from, TEXT_CHARS);
  }

  async check(request: CheckRequest, signal: AbortSignal, onProgress: OnProgress): Promise<CheckOutcome> {
    if (this.#source.remote) throw needsCopy();
    return (await this.#understood()).check(request, signal, onProgress);
  }

  async findingRows(request: FindingRowsRequest): Promise<FindingRows> {
    return (await this.#understood()).findingRows(request);
  }

  /** Loaded after the first rows: a dataset is shown before anybody knows what it means. */
  #understood(): Promise<Understanding> {
    this.#understanding ??= import('./understanding.ts').then(
      ({ Understanding }) => new Understanding((signal) => this.#opened(signal), this.#source.remote),
    );
    return this.#understanding;
  }

  /** A file on this machine is opened to the end, whoever still waits: a page that is hidden and shown again asks anew. */
  #opened(signal: AbortSignal): Promise<Dataset> {
    return this.#dataset.get(this.#source.remote ? signal : undefined);
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

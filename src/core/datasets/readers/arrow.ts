/** Reads Arrow files and streams lazily: where the batches are once, then the bytes of the rows asked for. */

import type { DataType, Schema } from 'apache-arrow';
import { Type } from 'apache-arrow/enum';
import { StudioError, toStudioError } from '../../errors.ts';
import { type Column, type FileReader, NO_MALFORMED_LINES, type RowBatch, type RowRange } from '../dataset.ts';
import { ArrowBuffers } from './arrow-buffers.ts';
import { type ArrowBytes, openArrowBytes } from './arrow-bytes.ts';
import { columnExtents, loadColumn, type Values } from './arrow-columns.ts';
import { ArrowDictionaries } from './arrow-dictionaries.ts';
import { type ArrowIndex, indexMessages, readBatch } from './arrow-messages.ts';
import { arrowTypeName } from './arrow-types.ts';
import { reasonOf } from './damage.ts';

/** Bytes that one window of rows may take, where the file lets us read so few. */
const WINDOW_BYTES = 32 * 2 ** 20;
const WINDOW_ROWS = 5_000;

/**
 * Opens an Arrow IPC file (Feather version 2) or stream.
 * @throws StudioError for a file that is missing, not Arrow, cut off, damaged, or has columns that cannot be read
 */
export async function openArrow(file: string, signal?: AbortSignal): Promise<FileReader> {
  const { bytes, format } = await openArrowBytes(file);
  try {
    const index = await readable(file, 'The metadata cannot be read', signal, () =>
      indexMessages(bytes, format, signal),
    );
    const columns = arrowColumns(file, index.schema);
    const rowCount = index.batches.reduce((sum, batch) => sum + batch.rows, 0);
    const source = new ArrowSource(bytes, index);
    return {
      kind: 'arrow',
      columns,
      rowCount,
      malformed: NO_MALFORMED_LINES,
      file: { path: file, bytes: bytes.size, rowCount },
      read: (range, abort) => readRange(file, source, range, abort),
      close: () => bytes.close(),
    };
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

function arrowColumns(file: string, schema: Schema): Column[] {
  if (schema.fields.length === 0) {
    throw new StudioError('unsupported-file', 'The Arrow file has no columns.', {
      where: { file },
      hint: 'Write it again with its columns.',
    });
  }
  // The library leaves an empty name out when it writes, and gives null for it when it reads.
  return schema.fields.map(({ name: given, type: dataType }) => {
    const name = given ?? '';
    const type = arrowTypeName(dataType);
    if (type !== undefined) return { name, type };
    throw unreadableType(file, `Column "${name}" has the type ${Type[dataType.typeId]}, which cannot be read.`);
  });
}

function unreadableType(file: string, message: string): StudioError {
  return new StudioError('unsupported-file', message, {
    where: { file },
    hint: 'Write the file again without the column, or cast it to a plain or list type.',
  });
}

/** The file with what is kept between reads: the batch read last, and the dictionaries. */
class ArrowSource {
  readonly types: readonly DataType[];
  readonly batches: ArrowIndex['batches'];
  readonly #bytes: ArrowBytes;
  readonly #dictionaries: ArrowDictionaries;
  #last: { batch: number; buffers: ArrowBuffers } | undefined;

  constructor(bytes: ArrowBytes, { schema, batches, dictionaries }: ArrowIndex) {
    this.#bytes = bytes;
    this.types = schema.fields.map((field) => field.type as DataType);
    this.batches = batches;
    this.#dictionaries = new ArrowDictionaries(bytes, dictionaries);
  }

  async open(batch: number, signal: AbortSignal | undefined) {
    if (this.#last?.batch !== batch) {
      const buffers = new ArrowBuffers(this.#bytes, await readBatch(this.#bytes, this.batches[batch]!.at, signal));
      this.#last = { batch, buffers };
    }
    const { buffers } = this.#last;
    const extents = columnExtents(this.types, buffers.header.variadicBufferCounts);
    const { nodes, variadicBufferCounts } = buffers.header;
    if (nodes.length !== extents.at(-1)!.nodes) throw new Error('it has other columns than the schema');
    if (variadicBufferCounts.some((count) => count < 0)) throw new Error('it has a negative number of buffers');
    const rows = this.batches[batch]!.rows;
    if (extents.slice(0, -1).some((extent) => nodes[extent.nodes]!.length !== rows)) {
      throw new Error('its columns have different numbers of rows');
    }
    const source = {
      buffers,
      signal,
      dictionary: (id: number, type: DataType) => this.#dictionaries.valuesAt(id, type, batch, signal),
    };
    const load = (column: number, from: number, to: number) =>
      loadColumn(source, this.types[column]!, extents[column]!, from, to);
    return { load, bodyLength: buffers.bodyLength };
  }
}

async function* readRange(
  file: string,
  source: ArrowSource,
  range: RowRange,
  signal?: AbortSignal,
): AsyncGenerator<RowBatch> {
  const columns = range.columns ?? source.types.map((_, index) => index);
  let batchStart = 0;
  for (const [batch, { rows }] of source.batches.entries()) {
    const start = Math.max(0, range.start - batchStart);
    const end = Math.min(rows, range.end - batchStart);
    for (let from = start, to: number; from < end; from = to) {
      signal?.throwIfAborted();
      const what = `Rows ${batchStart + from} to ${batchStart + end - 1} cannot be read`;
      const window = await readable(file, what, signal, async () => {
        const { load, bodyLength } = await source.open(batch, signal);
        const fitting = Math.floor(WINDOW_BYTES / Math.max(1, bodyLength / rows));
        const until = Math.min(end, from + Math.max(100, Math.min(WINDOW_ROWS, fitting)));
        const values: Values[] = [];
        for (const column of columns) values.push(await load(column, from, until));
        return { until, cells: Array.from({ length: until - from }, (_, row) => values.map((value) => value(row))) };
      });
      yield { start: batchStart + from, rows: window.cells };
      to = window.until;
    }
    batchStart += rows;
    if (batchStart >= range.end) return;
  }
}

/** Whatever goes wrong while metadata or values are decoded is damage, or a feature that is not known. */
async function readable<T>(
  file: string,
  what: string,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    const known = toStudioError(error);
    if (known) throw known;
    const reason = reasonOf(error);
    const type = /^Unrecognized type: "(?!undefined)(\w+)"/.exec(reason)?.[1];
    if (type) throw unreadableType(file, `A column has the type ${type}, which cannot be read.`);
    const code = /cut off/.test(reason) ? 'truncated-file' : 'damaged-file';
    throw new StudioError(code, `${what} (${reason}).`, {
      where: { file },
      hint: 'The file is damaged or uses a feature that is not supported: copy it again, or write it with another program.',
      cause: error,
    });
  }
}

/**
 * Parquet files with columns added to them. What they have is copied as it is stored, with its types, its compression and
 * its pages, and is neither decoded nor held: a row group gets the chunks of the added columns behind its own.
 */

import type { FileHandle } from 'node:fs/promises';
import { type ColumnChunk, parquetMetadataAsync, type RowGroup, readOffsetIndex, type SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { StudioError } from '../../errors.ts';
import { openParquetBytes, type ParquetBytes } from '../readers/parquet-bytes.ts';
import type { OutputCell, OutputColumn } from './columns.ts';
import type { OutputFile } from './output-file.ts';
import { PARQUET_CREATOR } from './parquet.ts';
import { parquetSchema } from './parquet-schema.ts';

export interface AddedColumns {
  /** None of them has the name of a column of the files. */
  readonly columns: readonly OutputColumn[];
  /** As many as the files have, in their order. Those of one row group are held. */
  readonly rows: AsyncIterable<readonly OutputCell[]>;
}

export interface Extending {
  readonly signal?: AbortSignal | undefined;
  /** How many rows are written. */
  readonly onRows?: ((rows: number) => void) | undefined;
}

const COPIED_BYTES = 2 ** 20;

/**
 * Statistics and Bloom filters of the files, which readers may do without, and what their footers say of the columns as
 * a whole are left out.
 * @param files whose columns are the same, as those of a dataset are
 * @param output its owner finishes and commits it
 * @throws StudioError 'disk-full', 'damaged-file', 'unsupported-file' where files differ in how they store, the signal's reason; a plain error where there are too few rows
 */
export async function extendParquet(
  files: readonly string[],
  added: AddedColumns,
  output: OutputFile,
  { signal, onRows }: Extending = {},
): Promise<void> {
  const cells = added.rows[Symbol.asyncIterator]();
  let extended: ExtendedFile | undefined;
  for (const file of files) {
    const { handle, bytes } = await openParquetBytes(file);
    try {
      const { schema, row_groups: groups } = await parquetMetadataAsync(bytes, { geoparquet: false });
      extended ??= new ExtendedFile(output, schema, added.columns);
      extended.refuseOther(schema, file);
      for (const group of groups) {
        if (group.num_rows === 0n) continue;
        await extended.copy(handle, bytes, group, signal);
        await extended.add(await take(cells, Number(group.num_rows)));
        onRows?.(extended.rows);
      }
    } finally {
      await handle.close();
    }
  }
  await extended?.finish();
}

async function take(cells: AsyncIterator<readonly OutputCell[]>, count: number): Promise<(readonly OutputCell[])[]> {
  const rows: (readonly OutputCell[])[] = [];
  while (rows.length < count) {
    const next = await cells.next();
    if (next.done) throw new Error(`there are cells for ${rows.length} rows of a row group of ${count}`);
    rows.push(next.value);
  }
  return rows;
}

class ExtendedFile {
  readonly #output: OutputFile;
  readonly #columns: readonly OutputColumn[];
  readonly #storage: string;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #buffer = Buffer.allocUnsafe(COPIED_BYTES);
  /** Of the row group that is being written, what the file itself has. */
  #copied: ColumnChunk[] = [];

  constructor(output: OutputFile, schema: readonly SchemaElement[], columns: readonly OutputColumn[]) {
    this.#output = output;
    this.#columns = columns;
    this.#storage = storageOf(schema);
    const [root, ...own] = schema;
    const [, ...others] = parquetSchema(columns);
    const extended = [{ ...root!, num_children: root!.num_children! + columns.length }, ...own, ...others];
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: extended, createdBy: PARQUET_CREATOR });
  }

  /** What is copied as it is stored has to be stored in one way: the same physical types, in every file. */
  refuseOther(schema: readonly SchemaElement[], file: string): void {
    if (storageOf(schema) === this.#storage) return;
    throw new StudioError('unsupported-file', 'Its columns are stored otherwise than those of the files before it.', {
      where: { file },
      hint: 'Name an output that ends with .jsonl, or convert the files to one first and grade that.',
    });
  }

  get rows(): number {
    return Number(this.#writer.num_rows);
  }

  async copy(handle: FileHandle, bytes: ParquetBytes, group: RowGroup, signal?: AbortSignal): Promise<void> {
    await this.#drain();
    for (const chunk of group.columns) this.#copied.push(await this.#copyChunk(handle, bytes, chunk, signal));
  }

  /** The cells of the group that was copied last, which is whole with them. */
  async add(rows: readonly (readonly OutputCell[])[]): Promise<void> {
    const columnData = this.#columns.map(({ name }, column) => ({ name, data: rows.map((row) => row[column]) }));
    await this.#writer.write({ columnData, rowGroupSize: rows.length });
    const group = this.#writer.row_groups.at(-1)!;
    for (const { meta_data: meta } of this.#copied) {
      group.total_byte_size += meta!.total_uncompressed_size;
      group.total_compressed_size! += meta!.total_compressed_size;
    }
    group.columns.unshift(...this.#copied);
    this.#copied = [];
    await this.#drain();
  }

  async finish(): Promise<void> {
    await this.#writer.finish();
    await this.#drain();
  }

  async #copyChunk(
    handle: FileHandle,
    bytes: ParquetBytes,
    chunk: ColumnChunk,
    signal: AbortSignal | undefined,
  ): Promise<ColumnChunk> {
    const { meta_data: meta } = chunk;
    if (!meta) throw new Error('a column chunk says nothing of itself');
    const dictionary = meta.dictionary_page_offset ?? 0n;
    // Some writers say that the dictionary begins at 0 where there is none.
    const hasDictionary = dictionary > 0n && dictionary < meta.data_page_offset;
    const start = hasDictionary ? dictionary : meta.data_page_offset;
    const moved = BigInt(this.#bytes.offset) - start;
    await this.#copyBytes(handle, bytes, Number(start), Number(start + meta.total_compressed_size), signal);
    const { type, encodings, path_in_schema, codec, num_values, total_uncompressed_size, total_compressed_size } = meta;
    const copied: ColumnChunk = {
      file_offset: start + moved,
      meta_data: {
        ...{ type, encodings, path_in_schema, codec, num_values, total_uncompressed_size, total_compressed_size },
        data_page_offset: meta.data_page_offset + moved,
        ...(hasDictionary ? { dictionary_page_offset: dictionary + moved } : {}),
      },
    };
    await this.#moveOffsetIndex(bytes, chunk, copied, moved);
    return copied;
  }

  /** Where the pages are, so that a few rows can be read without the whole chunk. */
  async #moveOffsetIndex(bytes: ParquetBytes, from: ColumnChunk, to: ColumnChunk, moved: bigint): Promise<void> {
    if (from.offset_index_offset === undefined || !from.offset_index_length) return;
    const start = Number(from.offset_index_offset);
    const view = new DataView(await bytes.slice(start, start + from.offset_index_length));
    const pages = readOffsetIndex({ view, offset: 0 }).page_locations;
    const locations = pages.map((page) => ({ ...page, offset: page.offset + moved }));
    this.#writer.pendingIndexes.push({ chunk: to, offsetIndex: { page_locations: locations } });
  }

  /** By one buffer: those of many reads pile up until they are collected. */
  async #copyBytes(
    handle: FileHandle,
    { byteLength }: ParquetBytes,
    start: number,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (let at = start; at < end; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(this.#buffer, 0, Math.min(COPIED_BYTES, end - at), at);
      if (bytesRead === 0) throw new Error(`bytes ${at} to ${end} are not among the ${byteLength} of the file`);
      await this.#output.write(this.#buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    this.#bytes.offset += end - start;
  }

  async #drain(): Promise<void> {
    await this.#output.write(this.#bytes.getBytes());
    this.#bytes.index = 0;
  }
}

/** The root has a name of its own with every writer. */
const storageOf = ([, ...columns]: readonly SchemaElement[]): string =>
  JSON.stringify(
    columns.map(({ name, type, type_length, repetition_type, num_children, converted_type, logical_type }) => [
      ...[name, type, type_length, repetition_type, num_children, converted_type, logical_type],
    ]),
  );

/** Reads a Parquet file lazily: the footer once, then the bytes of the rows asked for. */

import { type FileMetaData, parquetMetadataAsync, type RowGroup } from 'hyparquet';
import { StudioError, toStudioError } from '../../errors.ts';
import { type FileReader, NO_MALFORMED_LINES, type ParquetLayout } from '../dataset.ts';
import { reasonOf } from './damage.ts';
import { Codecs } from './parquet/codecs.ts';
import { KeptPages } from './parquet/kept-pages.ts';
import { leafSchema } from './parquet/leaves.ts';
import { RowReader } from './parquet/row-reader.ts';
import { checkMagic, openParquetBytes, type ParquetBytes } from './parquet-bytes.ts';
import { parquetColumns } from './parquet-schema.ts';
import { PARSERS } from './parquet-values.ts';

const SMALL_CHUNK_BYTES = 2 * 2 ** 20;
/** A longer footer takes a second read. */
const USUAL_FOOTER_BYTES = 65_536;

export interface ParquetOptions {
  /** Where the page locations of files without an index are kept from one opening to the next; nowhere when absent. */
  readonly indexFolder?: string;
}

/** @throws StudioError for a file that is missing, not Parquet, cut off, encrypted or damaged */
export async function openParquet(file: string, { indexFolder }: ParquetOptions = {}): Promise<FileReader> {
  const { handle, bytes } = await openParquetBytes(file);
  try {
    const { opened, source, reader } = await open(file, bytes);
    const kept = indexFolder === undefined ? undefined : await KeptPages.restore(indexFolder, source, reader);
    return {
      ...opened,
      async *read(range, signal) {
        for await (const batch of reader.read(range, signal)) {
          kept?.keep();
          yield batch;
        }
      },
      close: async () => {
        await kept?.settled();
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The same for bytes that are not those of a file on this machine.
 * @param signal ends the opening
 */
export async function openParquetAt(name: string, bytes: ParquetBytes, signal?: AbortSignal): Promise<FileReader> {
  const opening: ParquetBytes = {
    byteLength: bytes.byteLength,
    slice: (start, end) => bytes.slice(start, end, signal),
  };
  await checkMagic(name, opening);
  const { opened, reader } = await open(name, bytes, opening);
  return { ...opened, read: (range, reading) => reader.read(range, reading), close: async () => {} };
}

async function open(file: string, bytes: ParquetBytes, opening = bytes) {
  const { columns, rowCount, layout, metadata, schema } = await readFooter(file, opening);
  const source = { file, bytes, metadata, schema, codecs: new Codecs(file) };
  const opened = {
    kind: 'parquet' as const,
    columns,
    rowCount,
    malformed: NO_MALFORMED_LINES,
    file: { path: file, bytes: bytes.byteLength, rowCount, parquet: layout },
  };
  return { opened, source, reader: new RowReader(source) };
}

/** A damaged footer may parse into anything, so that every use of it counts as reading it. */
async function readFooter(file: string, bytes: ParquetBytes) {
  try {
    const metadata = await parquetMetadataAsync(bytes, {
      parsers: PARSERS,
      geoparquet: false,
      initialFetchSize: USUAL_FOOTER_BYTES,
    });
    refuseEncryptedColumns(file, metadata);
    const counted = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
    if (counted !== metadata.num_rows) throw new Error(`it says ${metadata.num_rows} rows, its row groups ${counted}`);
    const impossible = metadata.row_groups.find(({ num_rows: rows }) => rows < 0n || rows > Number.MAX_SAFE_INTEGER);
    if (impossible) throw new Error(`it says that a row group holds ${impossible.num_rows} rows`);
    const columns = parquetColumns(metadata);
    if (columns.length === 0) throw withoutColumns(file);
    return {
      columns,
      rowCount: Number(metadata.num_rows),
      layout: layoutOf(metadata),
      metadata,
      schema: leafSchema(metadata),
    };
  } catch (error) {
    throw toStudioError(error) ?? damaged(file, `The footer cannot be read (${reasonOf(error)}).`, error);
  }
}

function refuseEncryptedColumns(file: string, metadata: FileMetaData): void {
  const chunks = metadata.row_groups.flatMap((group) => group.columns);
  if (!chunks.some((chunk) => chunk.crypto_metadata || chunk.encrypted_column_metadata)) return;
  throw new StudioError('encrypted-file', 'Columns of the Parquet file are encrypted.', {
    where: { file },
    hint: 'Write it again without encryption: keys are not supported.',
  });
}

function withoutColumns(file: string): StudioError {
  return new StudioError('unsupported-file', 'The Parquet file has no columns.', {
    where: { file },
    hint: 'Write it again with its columns.',
  });
}

function layoutOf(metadata: FileMetaData): ParquetLayout {
  const chunks = metadata.row_groups.flatMap((group) => group.columns);
  const codecs = new Set(chunks.flatMap((chunk) => (chunk.meta_data ? [chunk.meta_data.codec] : [])));
  return {
    rowGroups: metadata.row_groups.length,
    largestRowGroup: metadata.row_groups.reduce((most, group) => Math.max(most, Number(group.num_rows)), 0),
    codecs: [...codecs].sort(),
    pageIndex: chunks.some(hasOffsetIndex) && chunks.every(readsInParts),
    ...(metadata.created_by === undefined ? {} : { createdBy: metadata.created_by }),
    ...(metadata.key_value_metadata?.length ? { metadata: keyValues(metadata.key_value_metadata) } : {}),
  };
}

/** Without a prototype: a key may be `__proto__`. */
function keyValues(pairs: NonNullable<FileMetaData['key_value_metadata']>): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  for (const { key, value } of pairs) metadata[key] = value ?? '';
  return metadata;
}

/** A small chunk is cheap to read whole; writers leave out the index of a chunk that is a single page. */
function readsInParts(chunk: RowGroup['columns'][number]): boolean {
  return hasOffsetIndex(chunk) || Number(chunk.meta_data?.total_uncompressed_size ?? 0) <= SMALL_CHUNK_BYTES;
}

function hasOffsetIndex(chunk: RowGroup['columns'][number]): boolean {
  return Boolean(chunk.offset_index_offset && chunk.offset_index_length);
}

function damaged(file: string, message: string, cause?: unknown): StudioError {
  return new StudioError('damaged-file', message, {
    where: { file },
    hint: 'The file is damaged or uses a feature that is not supported: copy it again, or write it with another program.',
    cause,
  });
}

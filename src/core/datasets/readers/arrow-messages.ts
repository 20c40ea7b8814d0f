/** The messages of an Arrow file: where its record batches and dictionaries are, without reading what is in them. */

// Imported by their files: the package as a whole would add all it can do to every bundle.
import type { Schema } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { Message } from 'apache-arrow/ipc/metadata/message';
import type { ArrowBytes, ArrowFormat } from './arrow-bytes.ts';
import { verifyFooter, verifyMessage } from './arrow-verify.ts';

/** What a record batch, or the values of a dictionary, say of their buffers. */
export interface BatchHeader {
  readonly length: number;
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  /** Offsets count from the begin of the body. */
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
  readonly compression: { readonly type: number; readonly method: number } | null;
  readonly variadicBufferCounts: readonly number[];
}

export interface BatchMessage {
  readonly header: BatchHeader;
  readonly bodyOffset: number;
  readonly bodyLength: number;
}

export interface BatchPlace {
  /** The byte at which its message begins. */
  readonly at: number;
  readonly rows: number;
}

export interface DictionaryPlace {
  readonly at: number;
  readonly id: number;
  /** Adds to the values before it rather than replacing them. */
  readonly isDelta: boolean;
  /** It holds from this batch on. */
  readonly fromBatch: number;
}

export interface ArrowIndex {
  readonly schema: Schema;
  readonly batches: readonly BatchPlace[];
  readonly dictionaries: readonly DictionaryPlace[];
}

/** Most messages are smaller than this, so that one read gives a whole one. */
const USUAL_MESSAGE_BYTES = 4_096;
const FOOTER_TAIL = 4 + 6;
/** Metadata of version 3 and before lay out buffers in another way (Arrow 0.7, 2017). */
const OLDEST_VERSION = 3;

/** @throws Error or StudioError: the metadata are damaged */
export function indexMessages(bytes: ArrowBytes, format: ArrowFormat, signal?: AbortSignal): Promise<ArrowIndex> {
  return format === 'file' ? indexFile(bytes, signal) : indexStream(bytes, signal);
}

async function indexFile(bytes: ArrowBytes, signal?: AbortSignal): Promise<ArrowIndex> {
  const length = (await bytes.read(bytes.size - FOOTER_TAIL, 4, signal)).readInt32LE(0);
  const encoded = await bytes.read(bytes.size - FOOTER_TAIL - length, length, signal);
  verifyFooter(encoded);
  const footer = Footer.decode(encoded);
  const batches: BatchPlace[] = [];
  for (const { offset } of footer.recordBatches()) {
    const message = await readMessage(bytes, offset, signal);
    batches.push({ at: offset, rows: batchOf(message).header.length });
  }
  const dictionaries: DictionaryPlace[] = [];
  for (const { offset } of footer.dictionaryBatches()) {
    const message = (await readMessage(bytes, offset, signal))?.message;
    if (!message?.isDictionaryBatch()) throw new Error(`there is no dictionary at byte ${offset}`);
    const { id, isDelta } = message.header();
    dictionaries.push({ at: offset, id, isDelta, fromBatch: 0 });
  }
  return { schema: footer.schema, batches, dictionaries };
}

async function indexStream(bytes: ArrowBytes, signal?: AbortSignal): Promise<ArrowIndex> {
  const first = await readMessage(bytes, 0, signal);
  if (!first?.message.isSchema()) throw new Error('it does not begin with a schema');
  const schema = first.message.header() as Schema;
  const batches: BatchPlace[] = [];
  const dictionaries: DictionaryPlace[] = [];
  let at = first.end;
  for (;;) {
    const found = await readMessage(bytes, at, signal);
    if (!found) return { schema, batches, dictionaries };
    if (found.message.isDictionaryBatch()) {
      const { id, isDelta } = found.message.header();
      dictionaries.push({ at, id, isDelta, fromBatch: batches.length });
    } else batches.push({ at, rows: batchOf(found).header.length });
    at = found.end;
  }
}

/** @throws Error where no record batch, or where no dictionary with an id of the schema, begins at this byte */
export async function readBatch(bytes: ArrowBytes, at: number, signal?: AbortSignal): Promise<BatchMessage> {
  return batchOf(await readMessage(bytes, at, signal));
}

interface FoundMessage {
  readonly message: Message;
  readonly bodyOffset: number;
  readonly end: number;
}

function batchOf(found: FoundMessage | undefined): BatchMessage {
  const { message, bodyOffset } = found ?? {};
  if (!message || bodyOffset === undefined) throw new Error('a record batch is missing');
  if (message.isDictionaryBatch()) return withHeader(message.header().data, message, bodyOffset);
  if (message.isRecordBatch()) return withHeader(message.header(), message, bodyOffset);
  throw new Error('a second schema stands where rows should be');
}

function withHeader(header: BatchHeader, { bodyLength }: Message, bodyOffset: number): BatchMessage {
  const { length, nodes } = header;
  if (length < 0 || nodes.some((node) => node.length < 0)) throw new Error('it has a negative number of rows');
  return { header, bodyOffset, bodyLength };
}

/** Undefined at the end of a stream: eight bytes that say so, or the end of the file. */
async function readMessage(bytes: ArrowBytes, at: number, signal?: AbortSignal): Promise<FoundMessage | undefined> {
  if (at === bytes.size) return undefined;
  const start = await bytes.read(at, Math.min(USUAL_MESSAGE_BYTES, bytes.size - at), signal);
  if (start.length < 4) throw new Error(`it is cut off at byte ${bytes.size}`);
  const marked = start.readInt32LE(0) === -1;
  const prefix = marked ? 8 : 4;
  if (start.length < prefix) throw new Error(`it is cut off at byte ${bytes.size}`);
  const length = start.readInt32LE(prefix - 4);
  if (length === 0) return refuseTrailing(bytes, start.subarray(prefix), at + prefix);
  if (length < 0) throw new Error(`the message at byte ${at} has a negative length`);
  if (at + prefix + length > bytes.size) throw new Error(`it is cut off in the message at byte ${at}`);
  const encoded =
    prefix + length <= start.length
      ? start.subarray(prefix, prefix + length)
      : await bytes.read(at + prefix, length, signal);
  verifyMessage(encoded);
  const message = Message.decode(encoded);
  if (message.version < OLDEST_VERSION) throw new Error('it has the layout of Arrow 0.7 or older');
  const bodyOffset = at + prefix + length;
  const end = bodyOffset + message.bodyLength;
  if (message.bodyLength < 0 || end > bytes.size) {
    throw new Error(`it is cut off: a message should end at byte ${end} of ${bytes.size}`);
  }
  return { message, bodyOffset, end };
}

/** After its end a stream may be padded, but rows after it would be lost without a word. */
function refuseTrailing(bytes: ArrowBytes, rest: Buffer, at: number): undefined {
  if (rest.every((byte) => byte === 0)) return undefined;
  throw new Error(`${bytes.size - at} bytes follow the end of the stream`);
}

/** The trainer's log in pieces of whole lines, from any place of a file of any size. */

import { open } from 'node:fs/promises';
import type { LogPiece, LogRequest, LogSearchAnswer, LogSearchRequest } from '../../protocol/run-panel.ts';
import { sizeOf } from './followed-run.ts';

const PIECE_BYTES = 128 * 1024;
/** Looked through before the asker is asked whether to go on. */
const SEARCH_BYTES = 16 * 1024 * 1024;
const SEARCH_CHUNK_BYTES = 1024 * 1024;

export async function logPiece(file: string, request: LogRequest): Promise<LogPiece> {
  const bytes = await sizeOf(file);
  const wanted =
    'after' in request
      ? { start: Math.min(request.after, bytes), end: Math.min(request.after + PIECE_BYTES, bytes) }
      : pieceBefore(Math.min(request.before ?? bytes, bytes));
  const found = await readBytes(file, wanted.start, wanted.end);
  let from = 0;
  let to = found.length;
  if ('after' in request) {
    // The end of the log is shown as it is; further up a line is not torn apart.
    if (wanted.end < bytes) to = found.lastIndexOf(10) + 1 || found.length;
  } else if (wanted.start > 0) {
    const feed = found.indexOf(10);
    if (feed >= 0 && feed + 1 < found.length) from = feed + 1;
  }
  return {
    text: found.toString('utf8', from, to),
    start: wanted.start + from,
    end: wanted.start + to,
    bytes,
  };
}

const pieceBefore = (end: number) => ({ start: Math.max(0, end - PIECE_BYTES), end });

/** Compared as lower case of ASCII letters, byte by byte otherwise: what a log of gigabytes can be looked through for. */
export async function searchLog(file: string, { text, from, direction }: LogSearchRequest): Promise<LogSearchAnswer> {
  const bytes = await sizeOf(file);
  const needle = Buffer.from(lowered(Buffer.from(text)));
  if (needle.length === 0) return { line: null, searched: from, ended: true };
  const down = direction === 'down';
  let place = Math.max(0, Math.min(from, bytes));
  for (let done = 0; done < SEARCH_BYTES; done += SEARCH_CHUNK_BYTES) {
    const start = down ? place : Math.max(0, place - SEARCH_CHUNK_BYTES);
    const end = down ? Math.min(bytes, place + SEARCH_CHUNK_BYTES) : place;
    if (start === end) return { line: null, searched: place, ended: true };
    // Over the edge, so that a hit that two chunks share is seen.
    const edge = Math.min(bytes, end + needle.length - 1);
    const chunk = lowered(await readBytes(file, start, edge));
    const hit = down ? chunk.indexOf(needle) : chunk.lastIndexOf(needle, end - start - 1);
    if (hit >= 0) return { line: await lineStart(file, start + hit), searched: start + hit, ended: false };
    place = down ? end : start;
  }
  return { line: null, searched: place, ended: false };
}

async function lineStart(file: string, place: number): Promise<number> {
  const start = Math.max(0, place - PIECE_BYTES);
  const before = await readBytes(file, start, place);
  return start + before.lastIndexOf(10) + 1;
}

function lowered(bytes: Buffer): Buffer {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte >= 65 && byte <= 90) bytes[at] = byte + 32;
  }
  return bytes;
}

async function readBytes(file: string, start: number, end: number): Promise<Buffer> {
  if (end <= start) return Buffer.alloc(0);
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What a run elsewhere has written, as far as it is here: the same two files that a trainer on this machine would write. */

import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { StudioError } from '../../errors.ts';
import type { Followed, RemoteSink } from '../../targets/remote/remote-target.ts';
import type { RunFolder } from '../store.ts';

const TAIL_BYTES = 64 * 1024;

export interface LocalCopyOptions {
  readonly folder: RunFolder;
  readonly attempt: number;
  /** Where the log of this attempt begins, in bytes. */
  readonly logStart: number;
  /** Called with the model's folder, relative to the run's, before the event that names it is written here. */
  readonly fetchModel: (model: string) => Promise<void>;
  /** The way there is open. */
  readonly onConnected: () => Promise<void>;
}

export class LocalCopy implements RemoteSink {
  readonly #options: LocalCopyOptions;

  constructor(options: LocalCopyOptions) {
    this.#options = options;
  }

  /** What is here already. Half a line, of a copy that was ended in the middle of it, is taken away first. */
  async followed(): Promise<Followed> {
    const { folder, attempt, logStart } = this.#options;
    const logBytes = await sizeOf(folder.logFile);
    return {
      eventBytes: await cutHalfLine(folder.eventsFile),
      seq: await newestSeq(folder.eventsFile, attempt),
      logBytes,
      attemptLogBytes: Math.max(0, logBytes - logStart),
    };
  }

  connected(): Promise<void> {
    return this.#options.onConnected();
  }

  async event(line: string): Promise<void> {
    const model = modelOf(line);
    if (model !== undefined) await this.#options.fetchModel(inside(this.#options.folder, model));
    await append(this.#options.folder.eventsFile, Buffer.from(`${line}\n`));
  }

  log(chunk: Uint8Array): Promise<void> {
    return append(this.#options.folder.logFile, chunk);
  }
}

async function append(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'a');
  try {
    await handle.appendFile(bytes);
  } finally {
    await handle.close();
  }
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );

/** Where its whole lines end, which is then where the file ends. */
async function cutHalfLine(file: string): Promise<number> {
  if ((await sizeOf(file)) === 0) return 0;
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const end = await endOfWholeLines(handle, size);
    if (end < size) await handle.truncate(end);
    return end;
  } finally {
    await handle.close();
  }
}

async function endOfWholeLines(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    const feed = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (feed !== -1) return start + feed + 1;
    end = start;
  }
  return 0;
}

async function newestSeq(file: string, attempt: number): Promise<number> {
  if ((await sizeOf(file)) === 0) return 0;
  let newest = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const entry = entryOf(line);
    if (entry?.attempt === attempt && typeof entry.seq === 'number') newest = Math.max(newest, entry.seq);
  }
  return newest;
}

interface Entry {
  readonly attempt?: unknown;
  readonly seq?: unknown;
  readonly kind?: unknown;
  readonly model?: unknown;
}

/** A damaged line is copied like any other: who reads the events passes it over. */
function entryOf(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function modelOf(line: string): string | undefined {
  if (!line.includes('"result"')) return undefined;
  const entry = entryOf(line);
  return entry?.kind === 'result' && typeof entry.model === 'string' ? entry.model : undefined;
}

/** The path is what a trainer wrote: it may not lead out of the run's folder. */
function inside(folder: RunFolder, model: string): string {
  const file = path.resolve(folder.path, model);
  if (file.startsWith(folder.path + path.sep)) return path.relative(folder.path, file).split(path.sep).join('/');
  throw new StudioError('invalid-model', "The model of this run is not in the run's folder.", {
    where: { file: model },
    hint: 'Its trainer has to write a path below that folder.',
  });
}

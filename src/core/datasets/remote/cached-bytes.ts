/**
 * The bytes of a remote file in blocks: each is fetched once, blocks that are wanted at the same time and lie close
 * together in one request, and those used last are kept.
 */

import { StudioError } from '../../errors.ts';
import type { ParquetBytes } from '../readers/parquet-bytes.ts';
import { SharedTask } from './shared-task.ts';

export const BLOCK_BYTES = 65_536;
const KEPT_BLOCKS = 1_024;
/** Fetching so many blocks too many costs less than another request. */
const GAP_BLOCKS = 2;
/** Small steps forward are read ahead of, by as much as was read before, up to so many blocks. */
const MOST_BLOCKS_AHEAD = 8;

/** Where blocks come from; `end` is exclusive. */
export interface RangeSource {
  readonly name: string;
  readonly bytes: number;
  read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array>;
}

type Blocks = ReadonlyMap<number, Uint8Array>;

export class CachedBytes implements ParquetBytes {
  readonly byteLength: number;
  readonly #source: RangeSource;
  /** The one used last comes last. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #underWay = new Map<number, SharedTask<Blocks>>();
  readonly #wanted = new Set<number>();
  #gathering: Promise<void> | undefined;

  /** @param start the first bytes of the file, where they are known already */
  constructor(source: RangeSource, start: Uint8Array = new Uint8Array()) {
    this.#source = source;
    this.byteLength = source.bytes;
    const whole = start.byteLength >= source.bytes;
    for (const [block, bytes] of inBlocks(0, start)) {
      if (whole || bytes.byteLength === BLOCK_BYTES) this.#keep(block, bytes);
    }
  }

  async slice(start: number, end = this.byteLength, signal?: AbortSignal): Promise<ArrayBuffer> {
    if (!(start >= 0 && end >= start && end <= this.byteLength)) {
      throw new StudioError('damaged-file', `It refers to bytes ${start} to ${end}, but has only ${this.byteLength}.`, {
        where: { file: this.#source.name },
      });
    }
    const result = new Uint8Array(end - start);
    if (end === start) return result.buffer;
    for (const [block, bytes] of await this.#blocks(
      Math.floor(start / BLOCK_BYTES),
      blocksUpTo(end),
      end - start,
      signal,
    )) {
      const at = block * BLOCK_BYTES - start;
      const from = Math.max(0, -at);
      result.set(bytes.subarray(from, Math.max(from, end - block * BLOCK_BYTES)), Math.max(0, at));
    }
    return result.buffer;
  }

  async #blocks(first: number, end: number, bytes: number, signal?: AbortSignal): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    const joined: Promise<Blocks>[] = [];
    const missing: number[] = [];
    for (let block = first; block < end; block++) {
      const known = this.#kept.get(block);
      const task = this.#underWay.get(block);
      if (known) found.set(block, this.#keep(block, known));
      else if (task) joined.push(task.join(signal));
      else missing.push(block);
    }
    if (missing.length > 0) {
      for (const block of missing) this.#wanted.add(block);
      if (bytes < BLOCK_BYTES) this.#wantAhead(missing.at(-1)!);
      await this.#gathered();
      for (const task of new Set(missing.map((block) => this.#underWay.get(block)!))) joined.push(task.join(signal));
    }
    for (const blocks of await Promise.all(joined)) {
      for (const [block, content] of blocks) if (block >= first && block < end) found.set(block, content);
    }
    return found;
  }

  #wantAhead(last: number): void {
    let before = 0;
    while (before < MOST_BLOCKS_AHEAD && this.#kept.has(last - 1 - before)) before++;
    for (let block = last + 1; block <= last + before && block < blocksUpTo(this.byteLength); block++) {
      if (!this.#kept.has(block) && !this.#underWay.has(block)) this.#wanted.add(block);
    }
  }

  /** All that is wanted in one turn of the event loop is fetched together. */
  #gathered(): Promise<void> {
    this.#gathering ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#gathering = undefined;
        this.#fetchWanted();
        resolve();
      });
    });
    return this.#gathering;
  }

  #fetchWanted(): void {
    const wanted = [...this.#wanted].sort((a, b) => a - b);
    this.#wanted.clear();
    let first = wanted[0]!;
    for (const [index, block] of wanted.entries()) {
      const next = wanted[index + 1];
      if (next !== undefined && next - block <= GAP_BLOCKS + 1) continue;
      this.#fetch(first, block + 1);
      if (next !== undefined) first = next;
    }
  }

  #fetch(first: number, end: number): void {
    const task = new SharedTask<Blocks>(async (signal) => {
      const forget = () => this.#forget(first, end, task);
      signal.addEventListener('abort', forget, { once: true });
      try {
        const from = first * BLOCK_BYTES;
        const blocks = inBlocks(
          first,
          await this.#source.read(from, Math.min(end * BLOCK_BYTES, this.byteLength), signal),
        );
        for (const [block, bytes] of blocks) this.#keep(block, bytes);
        return blocks;
      } finally {
        forget();
      }
    });
    for (let block = first; block < end; block++) this.#underWay.set(block, task);
  }

  #forget(first: number, end: number, task: SharedTask<Blocks>): void {
    for (let block = first; block < end; block++) {
      if (this.#underWay.get(block) === task) this.#underWay.delete(block);
    }
  }

  #keep(block: number, bytes: Uint8Array): Uint8Array {
    this.#kept.delete(block);
    this.#kept.set(block, bytes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_BLOCKS && oldest !== undefined) this.#kept.delete(oldest);
    return bytes;
  }
}

const blocksUpTo = (end: number): number => Math.ceil(end / BLOCK_BYTES);

/** Copies, so that one that is kept does not keep its neighbours. */
function inBlocks(first: number, bytes: Uint8Array): Map<number, Uint8Array> {
  const blocks = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.byteLength; at += BLOCK_BYTES) {
    blocks.set(first + at / BLOCK_BYTES, bytes.slice(at, at + BLOCK_BYTES));
  }
  return blocks;
}

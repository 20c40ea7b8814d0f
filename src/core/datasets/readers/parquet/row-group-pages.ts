/** The pages of one row group, leaf by leaf, found when they are first asked for. */

import type { FileMetaData, RowGroup } from 'hyparquet';
import { StudioError } from '../../../errors.ts';
import { reasonOf } from '../damage.ts';
import type { ParquetBytes } from '../parquet-bytes.ts';
import { type Chunk, ChunkWalk } from './chunk-walk.ts';
import type { Codecs } from './codecs.ts';
import { ForwardBytes } from './forward-bytes.ts';
import type { Leaf, LeafSchema } from './leaves.ts';
import { locationsOfOffsetIndex, type PageLocations } from './page-locations.ts';

/** Row starts are bits of a bitmap that is addressed with 32 bits. */
const MOST_SHARED_VALUES = 2 ** 31 - 1;
/** Reading from a local file does not wait, so that a long walk has to make room for other work. */
const PAGES_BETWEEN_PAUSES = 128;

export interface PageSource {
  readonly file: string;
  readonly bytes: ParquetBytes;
  readonly metadata: FileMetaData;
  readonly schema: LeafSchema;
  readonly codecs: Codecs;
}

export class RowGroupPages {
  readonly rows: number;
  readonly #source: PageSource;
  readonly #index: number;
  readonly #group: RowGroup;
  readonly #complete = new Map<number, PageLocations>();
  readonly #walks = new Map<number, ChunkWalk>();
  /** The leaves of each innermost list that share one walk, the reference first. */
  readonly #siblings = new Map<string, readonly Leaf[]>();
  /** Leaves whose locations came from a cache. */
  readonly #restored = new Set<number>();
  /** Leaves whose index, in the file or in a cache, turned out to be wrong. */
  readonly #distrusted = new Set<number>();
  /** One walk at a time: they share references, and the file. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Page headers read so far; what a cache is worth keeping for. */
  pagesWalked = 0;

  constructor(source: PageSource, index: number) {
    this.#source = source;
    this.#index = index;
    this.#group = source.metadata.row_groups[index]!;
    this.rows = Number(this.#group.num_rows);
  }

  chunk(leaf: Leaf): Chunk {
    const meta = this.#group.columns[leaf.index]!.meta_data!;
    const dictionary = Number(meta.dictionary_page_offset ?? 0n);
    const data = Number(meta.data_page_offset);
    const start = dictionary > 0 && dictionary < data ? dictionary : data;
    const end = start + Number(meta.total_compressed_size);
    if (!(start > 0 && end > start && end <= this.#source.bytes.byteLength)) {
      throw new Error(`the footer places it at bytes ${start} to ${end}`);
    }
    return { leaf, codec: meta.codec, start, end, values: Number(meta.num_values), rows: this.rows };
  }

  /**
   * The pages of a leaf, all that hold rows before `endRow`. A walk that stops early is only trusted within the first
   * run: what lies behind is numbered by counts that nothing but the whole walk can prove.
   * @throws StudioError 'damaged-file'; the signal's reason
   */
  locate(leaf: Leaf, endRow: number, signal?: AbortSignal): Promise<PageLocations> {
    const known = this.#complete.get(leaf.index);
    if (known) return Promise.resolve(known);
    const found = this.#queue.then(() => this.#locate(leaf, endRow, signal));
    this.#queue = found.catch(() => {});
    return found;
  }

  /** @returns whether the pages came from an index, in the file or in a cache; they are then found again, by a walk */
  distrustIndex(leaf: Leaf): boolean {
    const { offset_index_offset: offset } = this.#group.columns[leaf.index]!;
    if (this.#distrusted.has(leaf.index) || !(offset || this.#restored.has(leaf.index))) return false;
    this.#distrusted.add(leaf.index);
    this.#complete.delete(leaf.index);
    return true;
  }

  async #locate(leaf: Leaf, endRow: number, signal?: AbortSignal): Promise<PageLocations> {
    const known = this.#complete.get(leaf.index);
    if (known) return known;
    const { file, codecs, bytes } = this.#source;
    try {
      const chunk = this.chunk(leaf);
      const { offset_index_offset: offset, offset_index_length: length } = this.#group.columns[leaf.index]!;
      if (offset && length && !this.#distrusted.has(leaf.index)) {
        const index = await bytes.slice(Number(offset), Number(offset) + length, signal);
        const locations = locationsOfOffsetIndex(index, chunk.start, chunk.end, this.rows);
        if (locations) this.#complete.set(leaf.index, locations);
        if (locations) return locations;
      }
      await codecs.prepare(chunk.codec);
      return await this.#walk(this.#walkOf(leaf), endRow, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw damagedColumn(file, leaf, this.#index, error);
    }
  }

  async #walk(walk: ChunkWalk, endRow: number, signal?: AbortSignal): Promise<PageLocations> {
    const { leaf } = walk.chunk;
    const enough = () => walk.locations.runs > 1 && endRow <= walk.locations.run(0, this.rows).endRow;
    for (let pages = 1; !walk.done && !enough(); pages++) {
      await walk.step(signal);
      this.pagesWalked++;
      if (pages % PAGES_BETWEEN_PAUSES === 0) await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    if (walk.done) this.#keep(leaf, walk.locations);
    return walk.locations;
  }

  #keep(leaf: Leaf, locations: PageLocations): void {
    this.#complete.set(leaf.index, locations);
    const siblings = this.#siblings.get(leaf.list) ?? [leaf];
    if (!siblings.every(({ index }) => this.#complete.has(index))) return; // the row starts are still needed
    for (const { index } of siblings) this.#walks.delete(index);
  }

  /** The walk of a leaf; of leaves that share their repetition levels, the one with the fewest bytes is the reference. */
  #walkOf(leaf: Leaf): ChunkWalk {
    const known = this.#walks.get(leaf.index);
    if (known) return known;
    const [reference = leaf] = leaf.list === '' ? [] : this.#sharing(leaf);
    const shared = this.#siblings.has(leaf.list);
    const chunk = this.chunk(leaf);
    const decompress = this.#source.codecs.decompress(chunk.codec);
    const bytes = new ForwardBytes(this.#source.bytes);
    const walk =
      reference === leaf
        ? new ChunkWalk(chunk, bytes, decompress, undefined, shared)
        : new ChunkWalk(chunk, bytes, decompress, this.#walkOf(reference));
    this.#walks.set(leaf.index, walk);
    return walk;
  }

  #sharing(leaf: Leaf): readonly Leaf[] {
    const known = this.#siblings.get(leaf.list);
    if (known) return known;
    const { values } = this.chunk(leaf);
    const leaves = this.#source.schema.leaves.filter(({ list, index }) => {
      const { meta_data: meta } = this.#group.columns[index]!;
      return list === leaf.list && Number(meta!.num_values) === values && values <= MOST_SHARED_VALUES;
    });
    if (leaves.length < 2 || !leaves.includes(leaf)) return [];
    const bytesOf = ({ index }: Leaf) => Number(this.#group.columns[index]!.meta_data!.total_compressed_size);
    leaves.sort((a, b) => bytesOf(a) - bytesOf(b));
    this.#siblings.set(leaf.list, leaves);
    return leaves;
  }

  /** What a cache keeps: the complete locations of chunks without an index of their own. */
  walked(): ReadonlyMap<number, PageLocations> {
    const without = [...this.#complete].filter(
      ([index]) => this.#distrusted.has(index) || !this.#group.columns[index]!.offset_index_offset,
    );
    return new Map(without);
  }

  /** Takes over locations from a cache where they lie within the chunk. What a read then finds is checked against them. */
  restore(leaf: Leaf, locations: PageLocations): void {
    const { start, end } = this.chunk(leaf);
    if (!locations.liesWithin(start, end, this.rows)) return;
    this.#complete.set(leaf.index, locations);
    this.#restored.add(leaf.index);
  }
}

/** Says which column of which row group, and what is wrong with it. */
export function damagedColumn(file: string, leaf: Leaf, group: number, error: unknown): unknown {
  if (error instanceof StudioError) return error;
  return new StudioError('damaged-file', `Row group ${group} is damaged in this column: ${reasonOf(error)}.`, {
    where: { file, field: leaf.name },
    hint: 'Copy or download the file again, or write it again from its source.',
    cause: error,
  });
}

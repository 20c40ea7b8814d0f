/** The dictionaries of an Arrow file: the values that dictionary-encoded columns refer to. */

import type { DataType } from 'apache-arrow';
import { ArrowBuffers } from './arrow-buffers.ts';
import type { ArrowBytes } from './arrow-bytes.ts';
import { columnExtents, type DictionaryValues, loadColumn, type Values } from './arrow-columns.ts';
import { type DictionaryPlace, readBatch } from './arrow-messages.ts';

export class ArrowDictionaries {
  readonly #bytes: ArrowBytes;
  readonly #places: readonly DictionaryPlace[];
  /** By id, the values that were wanted last and the pieces that they are made of. */
  readonly #known = new Map<number, { pieces: string; values: DictionaryValues }>();
  readonly #loading = new Set<number>();

  constructor(bytes: ArrowBytes, places: readonly DictionaryPlace[]) {
    this.#bytes = bytes;
    this.#places = places;
  }

  /** The values as they hold for a batch: in a stream they may change from one batch to the next. */
  async valuesAt(
    id: number,
    type: DataType,
    batch: number,
    signal: AbortSignal | undefined,
  ): Promise<DictionaryValues> {
    const before = this.#places.filter((place) => place.id === id && place.fromBatch <= batch);
    const first = Math.max(
      0,
      before.findLastIndex((place) => !place.isDelta),
    );
    const places = before.slice(first);
    if (places.length === 0) throw new Error(`dictionary ${id} is missing`);
    const pieces = places.map(({ at }) => at).join();
    const known = this.#known.get(id);
    if (known?.pieces === pieces) return known.values;
    if (this.#loading.has(id)) throw new Error(`dictionary ${id} refers to itself`);
    this.#loading.add(id);
    try {
      const values = await this.#load(places, type, batch, signal);
      this.#known.set(id, { pieces, values });
      return values;
    } finally {
      this.#loading.delete(id);
    }
  }

  async #load(
    places: readonly DictionaryPlace[],
    type: DataType,
    batch: number,
    signal: AbortSignal | undefined,
  ): Promise<DictionaryValues> {
    const ends: number[] = [];
    const parts: Values[] = [];
    for (const { at } of places) {
      const buffers = new ArrowBuffers(this.#bytes, await readBatch(this.#bytes, at, signal));
      const [extent] = columnExtents([type], buffers.header.variadicBufferCounts);
      const dictionary = (id: number, inner: DataType) => this.valuesAt(id, inner, batch, signal);
      parts.push(await loadColumn({ buffers, signal, dictionary }, type, extent!, 0, buffers.header.length));
      ends.push((ends.at(-1) ?? 0) + buffers.header.length);
    }
    const value: Values = (index) => {
      const part = ends.findIndex((end) => index < end);
      return parts[part]!(index - (ends[part - 1] ?? 0));
    };
    return { length: ends.at(-1)!, value };
  }
}

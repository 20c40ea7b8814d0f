/**
 * Decodes a window of rows of one column: of each buffer only the bytes that these rows need. Every offset and length is
 * checked on the way, because a damaged one would otherwise show other rows' bytes.
 * Layouts: "Arrow Columnar Format", Physical Memory Layout.
 */

import type { DataType, Dictionary, Field, FixedSizeList } from 'apache-arrow';
import { Type } from 'apache-arrow/enum';
import type { ArrowBuffers } from './arrow-buffers.ts';
import { scalarDecoder } from './arrow-scalars.ts';
import { addExtent, type Extent, widthOf } from './arrow-types.ts';

/** The value of a row of the window, counted from its first one. */
export type Values = (index: number) => unknown;

/** All values of a dictionary as they hold for the batch that is read. */
export interface DictionaryValues {
  readonly length: number;
  readonly value: Values;
}

export interface ColumnSource {
  readonly buffers: ArrowBuffers;
  readonly signal: AbortSignal | undefined;
  dictionary(id: number, type: DataType): Promise<DictionaryValues>;
}

/** Loads the rows of one column; `extent` says where its nodes and buffers begin. */
export function loadColumn(source: ColumnSource, type: DataType, extent: Extent, from: number, to: number) {
  return new ColumnLoader(source, { ...extent }).load(type, from, to);
}

class ColumnLoader {
  readonly #source: ColumnSource;
  readonly #next: Extent;

  constructor(source: ColumnSource, next: Extent) {
    this.#source = source;
    this.#next = next;
  }

  async load(type: DataType, from: number, to: number): Promise<Values> {
    const node = this.#source.buffers.header.nodes[this.#next.nodes++];
    if (!node) throw new Error('a column is missing');
    if (from < 0 || to > node.length) throw new Error(`a column has ${node.length} values where ${to} are needed`);
    if (type.typeId === Type.Null) return () => null;
    const valid = await this.#bits(this.#next.buffers++, node.nullCount === 0, from, to);
    const values = await this.#values(type, from, to);
    return valid ? (index) => (valid(index) ? values(index) : null) : values;
  }

  #values(type: DataType, from: number, to: number): Promise<Values> {
    switch (type.typeId as Type) {
      case Type.Bool:
        return this.#bits(this.#next.buffers++, false, from, to) as Promise<Values>;
      case Type.Utf8:
      case Type.Binary:
        return this.#bytes(from, to, 4, type.typeId === Type.Utf8);
      case Type.LargeUtf8:
      case Type.LargeBinary:
        return this.#bytes(from, to, 8, type.typeId === Type.LargeUtf8);
      case Type.Utf8View:
      case Type.BinaryView:
        return this.#views(from, to, type.typeId === Type.Utf8View);
      case Type.List:
      case Type.Map:
        return this.#list(childType(type, 0), from, to, 4);
      case Type.LargeList:
        return this.#list(childType(type, 0), from, to, 8);
      case Type.FixedSizeList:
        return this.#fixedList(childType(type, 0), (type as FixedSizeList).listSize, from, to);
      case Type.Struct:
        return this.#struct(type.children as Field[], from, to);
      case Type.Dictionary:
        return this.#dictionary(type as Dictionary, from, to);
      default:
        return this.#fixed(type, from, to);
    }
  }

  #slice(buffer: number, start: number, end: number): Promise<Buffer> {
    return this.#source.buffers.slice(buffer, start, end, this.#source.signal);
  }

  /** Undefined where the buffer does not matter, because all rows are valid. */
  async #bits(buffer: number, all: boolean, from: number, to: number) {
    if (all) return undefined;
    const first = from >> 3;
    const bytes = await this.#slice(buffer, first, from === to ? first : ((to - 1) >> 3) + 1);
    const skipped = from - 8 * first;
    return (index: number): boolean => {
      const bit = skipped + index;
      return ((bytes[bit >> 3]! >> (bit & 7)) & 1) === 1;
    };
  }

  async #fixed(type: DataType, from: number, to: number): Promise<Values> {
    const width = widthOf(type)!;
    const bytes = await this.#slice(this.#next.buffers++, from * width, to * width);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const decode = scalarDecoder(type, width);
    return (index) => decode(view, index * width);
  }

  /** Where the values of each row begin and end. */
  async #offsets(from: number, to: number, width: number): Promise<number[]> {
    const buffer = this.#next.buffers++;
    // Without rows there may be no offsets at all.
    if (from === to) return [0];
    const bytes = await this.#slice(buffer, from * width, (to + 1) * width);
    const offsets = Array.from({ length: to - from + 1 }, (_, index) =>
      width === 4 ? bytes.readInt32LE(4 * index) : Number(bytes.readBigInt64LE(8 * index)),
    );
    let least = 0;
    for (const offset of offsets) {
      if (offset < least) throw new Error('its offsets go backwards');
      least = offset;
    }
    return offsets;
  }

  async #bytes(from: number, to: number, width: number, text: boolean): Promise<Values> {
    const offsets = await this.#offsets(from, to, width);
    const first = offsets[0]!;
    const data = await this.#slice(this.#next.buffers++, first, offsets.at(-1)!);
    return (index) => cellOf(data, offsets[index]! - first, offsets[index + 1]! - first, text);
  }

  /** Views: the length and either up to 12 bytes, or the first four, a buffer and the place in it. */
  async #views(from: number, to: number, text: boolean): Promise<Values> {
    const views = await this.#slice(this.#next.buffers++, 16 * from, 16 * to);
    const { variadicBufferCounts } = this.#source.buffers.header;
    const count = variadicBufferCounts[this.#next.views++] ?? 0;
    const firstBuffer = this.#next.buffers;
    this.#next.buffers += count;
    const ranges = new Map<number, { start: number; end: number; data?: Buffer }>();
    for (let at = 0; at < views.length; at += 16) {
      const length = views.readInt32LE(at);
      if (length <= 12) continue;
      const buffer = views.readInt32LE(at + 8);
      const start = views.readInt32LE(at + 12);
      const range = ranges.get(buffer) ?? { start, end: start };
      if (buffer < 0 || buffer >= count || start < 0) throw new Error('a value lies outside its buffers');
      ranges.set(buffer, { start: Math.min(range.start, start), end: Math.max(range.end, start + length) });
    }
    for (const [buffer, range] of ranges) range.data = await this.#slice(firstBuffer + buffer, range.start, range.end);
    return (index) => {
      const at = 16 * index;
      const length = views.readInt32LE(at);
      if (length < 0) throw new Error('a value has a negative length');
      if (length <= 12) return cellOf(views, at + 4, at + 4 + length, text);
      const { start, data } = ranges.get(views.readInt32LE(at + 8))!;
      const begin = views.readInt32LE(at + 12) - start;
      return cellOf(data!, begin, begin + length, text);
    };
  }

  async #list(item: DataType, from: number, to: number, width: number): Promise<Values> {
    const offsets = await this.#offsets(from, to, width);
    const first = offsets[0]!;
    const values = await this.load(item, first, offsets.at(-1)!);
    return (index) => itemsOf(values, offsets[index]! - first, offsets[index + 1]! - first);
  }

  async #fixedList(item: DataType, size: number, from: number, to: number): Promise<Values> {
    const values = await this.load(item, from * size, to * size);
    return (index) => itemsOf(values, index * size, (index + 1) * size);
  }

  async #struct(fields: readonly Field[], from: number, to: number): Promise<Values> {
    const columns: (readonly [string, Values])[] = [];
    for (const { name, type } of fields) columns.push([name ?? '', await this.load(type, from, to)]);
    return (index) => {
      const struct: Record<string, unknown> = {};
      for (const [name, values] of columns) {
        const value = values(index);
        if (name !== '__proto__') struct[name] = value;
        // Assigning it would set the prototype and lose the field.
        else Object.defineProperty(struct, name, { value, enumerable: true, configurable: true, writable: true });
      }
      return struct;
    };
  }

  async #dictionary(type: Dictionary, from: number, to: number): Promise<Values> {
    const places = await this.#fixed(type.indices, from, to);
    const { length, value } = await this.#source.dictionary(type.id, type.dictionary);
    return (index) => {
      const place = Number(places(index));
      if (!(place >= 0 && place < length)) throw new Error(`a dictionary of ${length} values has none at ${place}`);
      return value(place);
    };
  }
}

function childType(type: DataType, index: number): DataType {
  return (type.children as Field[])[index]!.type;
}

function itemsOf(values: Values, from: number, to: number): unknown[] {
  return Array.from({ length: to - from }, (_, index) => values(from + index));
}

/** Bytes are copied, so that one cell does not keep the others in memory. */
function cellOf(data: Buffer, from: number, to: number, text: boolean): string | Uint8Array {
  return text ? data.toString('utf8', from, to) : new Uint8Array(data.subarray(from, to));
}

/** Where each column's nodes and buffers begin, and after the last one where they end. */
export function columnExtents(types: readonly DataType[], variadic: readonly number[]): Extent[] {
  const extent: Extent = { nodes: 0, buffers: 0, views: 0 };
  const extents = [{ ...extent }];
  for (const type of types) {
    addExtent(extent, type, variadic);
    extents.push({ ...extent });
  }
  return extents;
}

/**
 * Checks that the metadata of an Arrow file (FlatBuffers) points nowhere but into itself. The generated decoders trust
 * every offset and count: a single wrong bit makes them loop four thousand million times or return zeros.
 * Layout of the tables: Schema.fbs, Message.fbs and File.fbs of the Arrow format.
 */

type Part =
  | { readonly scalar: number; readonly zero?: string }
  /** A vector of scalars or of structs, of so many bytes each. */
  | { readonly items: number }
  | { readonly text: true }
  | { readonly table: () => Table }
  | { readonly tables: () => Table }
  /** A union: the number before this field says which of the tables it is. */
  | { readonly union: Readonly<Record<number, Table>> };

type Table = readonly Part[];

const BYTE: Part = { scalar: 1 };
const SHORT: Part = { scalar: 2 };
const INT: Part = { scalar: 4 };
const LONG: Part = { scalar: 8 };
const TEXT: Part = { text: true };

const KEY_VALUE: Table = [TEXT, TEXT];
const METADATA: Part = { tables: () => KEY_VALUE };
const INT_TYPE: Table = [INT, BYTE];
/** By number of the union `Type`; what is absent has no fields. */
const TYPES: Readonly<Record<number, Table>> = {
  2: INT_TYPE,
  3: [SHORT],
  7: [INT, INT, INT],
  8: [SHORT],
  9: [SHORT, INT],
  10: [SHORT, TEXT],
  11: [SHORT],
  14: [SHORT, { items: 4 }],
  15: [INT],
  16: [INT],
  17: [BYTE],
  18: [SHORT],
};
const DICTIONARY_ENCODING: Table = [LONG, { table: () => INT_TYPE }, BYTE, SHORT];
const FIELD: Table = [
  TEXT,
  BYTE,
  BYTE,
  { union: TYPES },
  { table: () => DICTIONARY_ENCODING },
  { tables: () => FIELD },
  METADATA,
];
const BYTE_ORDER: Part = { scalar: 2, zero: 'its numbers are big-endian, which is not supported' };
const SCHEMA: Table = [BYTE_ORDER, { tables: () => FIELD }, METADATA, { items: 8 }];
const RECORD_BATCH: Table = [LONG, { items: 16 }, { items: 16 }, { table: () => [BYTE, BYTE] }, { items: 8 }];
const DICTIONARY_BATCH: Table = [LONG, { table: () => RECORD_BATCH }, BYTE];
const MESSAGE: Table = [SHORT, BYTE, { union: { 1: SCHEMA, 2: DICTIONARY_BATCH, 3: RECORD_BATCH } }, LONG, METADATA];
const FOOTER: Table = [SHORT, { table: () => SCHEMA }, { items: 24 }, { items: 24 }, METADATA];

const DEPTH = 64;

/** @throws Error saying what is wrong */
export function verifyMessage(bytes: Uint8Array): void {
  new Verifier(bytes).root(MESSAGE);
}

/** @throws Error saying what is wrong */
export function verifyFooter(bytes: Uint8Array): void {
  new Verifier(bytes).root(FOOTER);
}

class Verifier {
  readonly #view: DataView;
  /** Tables and texts may be shared; what they are worth together is bounded, so that no file takes forever. */
  #budget: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = 16 * bytes.byteLength + 1_024;
  }

  root(table: Table): void {
    this.#table(this.#target(0), table, 0);
  }

  #table(at: number, parts: Table, depth: number): void {
    if (depth > DEPTH) throw new Error(`its types are nested more than ${DEPTH} deep`);
    this.#spend(4);
    this.#within(at, 4);
    const layout = at - this.#view.getInt32(at, true);
    this.#within(layout, 4);
    const layoutSize = this.#view.getUint16(layout, true);
    this.#within(layout, layoutSize);
    const size = this.#view.getUint16(layout + 2, true);
    this.#within(at, size);
    const place = (index: number): number => {
      const entry = 4 + 2 * index;
      return entry + 2 <= layoutSize ? this.#view.getUint16(layout + entry, true) : 0;
    };
    parts.forEach((part, index) => {
      const offset = place(index);
      if (offset === 0) return;
      const width = 'scalar' in part ? part.scalar : 4;
      if (offset < 4 || offset + width > size) throw new Error('a field lies outside its table');
      if ('scalar' in part) {
        if (part.zero && this.#view.getInt16(at + offset, true) !== 0) throw new Error(part.zero);
        return;
      }
      const before = 'union' in part ? place(index - 1) : 0;
      const which = before === 0 ? 0 : this.#view.getUint8(at + before);
      this.#part(at + offset, part, which, depth);
    });
  }

  #part(at: number, part: Exclude<Part, { scalar: number }>, which: number, depth: number): void {
    const target = this.#target(at);
    if ('table' in part) this.#table(target, part.table(), depth + 1);
    else if ('union' in part) this.#table(target, part.union[which] ?? [], depth + 1);
    else this.#vector(target, part, depth);
  }

  #vector(
    at: number,
    part: Exclude<Part, { scalar: number } | { table: unknown } | { union: unknown }>,
    depth: number,
  ) {
    this.#within(at, 4);
    const count = this.#view.getUint32(at, true);
    const width = 'text' in part ? 1 : 'items' in part ? part.items : 4;
    this.#within(at + 4, count * width);
    this.#spend(count * width);
    if (!('tables' in part)) return;
    for (let item = at + 4; item < at + 4 + 4 * count; item += 4) {
      this.#table(this.#target(item), part.tables(), depth + 1);
    }
  }

  #target(at: number): number {
    this.#within(at, 4);
    return at + this.#view.getUint32(at, true);
  }

  #within(at: number, length: number): void {
    if (at < 0 || at + length > this.#view.byteLength) throw new Error('it points outside itself');
  }

  #spend(bytes: number): void {
    this.#budget -= bytes;
    if (this.#budget < 0) throw new Error('it repeats itself without end');
  }
}

/**
 * What a check has seen of the rows, as parts that can be sent to another thread and joined there: rows are counted from the
 * first of the range that was read, and ranges are joined in the order of the rows, so that the whole is what one thread
 * would have seen.
 */

export interface Mergeable<Packed = unknown> {
  /** As plain data: structured cloning drops methods and private fields. */
  pack(): Packed;
  /** Takes over what was seen of the rows that follow. @param firstRow their first row, as counted here */
  merge(packed: Packed, firstRow: number): void;
}

/** Numbers are sums. */
// biome-ignore lint/suspicious/noExplicitAny: every part packs into a form of its own, and gets the same back
export type Seen = { readonly [name: string]: number | Mergeable<any> };

export type PackedSeen = Readonly<Record<string, unknown>>;

export function packSeen(seen: Seen): PackedSeen {
  return Object.fromEntries(
    Object.entries(seen).map(([name, part]) => [name, typeof part === 'number' ? part : part.pack()]),
  );
}

export function mergeSeen(seen: Seen, packed: PackedSeen, firstRow: number): void {
  for (const [name, part] of Object.entries(seen)) {
    if (typeof part === 'number') (seen as Record<string, number>)[name] = part + (packed[name] as number);
    else part.merge(packed[name], firstRow);
  }
}

/** How often each of some names came up, in the order in which they did. */
export class Counts implements Mergeable<ReadonlyMap<string, number>>, Iterable<[string, number]> {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  has(name: string): boolean {
    return this.#counts.has(name);
  }

  get size(): number {
    return this.#counts.size;
  }

  [Symbol.iterator](): Iterator<[string, number]> {
    return this.#counts[Symbol.iterator]();
  }

  pack(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  merge(packed: ReadonlyMap<string, number>): void {
    for (const [name, count] of packed) this.add(name, count);
  }
}

interface Example {
  readonly row: number;
  readonly text: string;
}

/** What was said about the first row of its kind. */
export class FirstExample implements Mergeable<Example | undefined> {
  #first: Example | undefined;

  set(row: number, text: string): void {
    this.#first ??= { row, text };
  }

  /** `row 7: two user messages follow each other` */
  toString(): string {
    return this.#first === undefined ? '' : `row ${this.#first.row}: ${this.#first.text}`;
  }

  pack(): Example | undefined {
    return this.#first;
  }

  merge(packed: Example | undefined, firstRow: number): void {
    if (packed) this.set(firstRow + packed.row, packed.text);
  }
}

/** Numbers in typed arrays that grow: a million of them take megabytes, not objects. */

type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

const FIRST_CAPACITY = 64;

export class GrowingColumn<T extends Numbers> {
  readonly #make: (capacity: number) => T;
  #data: T;
  #length = 0;

  constructor(make: (capacity: number) => T) {
    this.#make = make;
    this.#data = make(FIRST_CAPACITY);
  }

  get length(): number {
    return this.#length;
  }

  /** The numbers so far and room behind them: read it below `length`, and anew after a push. */
  get data(): T {
    return this.#data;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = this.#make(this.#data.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
  }

  /** Cuts the numbers from `length` on off and returns them. */
  cut(length: number): T {
    const tail = this.#make(this.#length - length);
    tail.set(this.#data.subarray(length, this.#length));
    this.#length = length;
    return tail;
  }
}

export type FloatColumn = GrowingColumn<Float64Array<ArrayBuffer>>;
export type IndexColumn = GrowingColumn<Uint32Array<ArrayBuffer>>;

export const floatColumn = (): FloatColumn => new GrowingColumn((capacity) => new Float64Array(capacity));
export const indexColumn = (): IndexColumn => new GrowingColumn((capacity) => new Uint32Array(capacity));
export const smallColumn = (): GrowingColumn<Uint16Array<ArrayBuffer>> =>
  new GrowingColumn((capacity) => new Uint16Array(capacity));

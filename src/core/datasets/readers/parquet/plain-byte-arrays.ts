/** Byte strings, each behind its length: where they stand, without an object for each. */
export class PlainByteArrays {
  readonly length: number;
  readonly #bytes: Buffer;
  /** Where each string begins behind its length, and where the last ends. */
  readonly #starts: Uint32Array;

  /** @throws Error where the strings do not fill the bytes exactly */
  constructor(bytes: Uint8Array, count: number) {
    this.length = count;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (count * 4 > bytes.length) throw new Error('a page is shorter than its header says');
    this.#starts = new Uint32Array(count + 1);
    let at = 0;
    for (let index = 0; index < count; index++) {
      if (at + 4 > bytes.length) throw new Error('a value runs past the end of its page');
      const length = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
      this.#starts[index] = at + 4;
      at += 4 + length;
    }
    if (at !== bytes.length) throw new Error('the values of a page do not fill it');
    this.#starts[count] = at + 4;
  }

  /** Decoded at once, without a view in between; undefined where the bytes may be other than UTF-8. */
  textAt(index: number): string | undefined {
    const text = this.#bytes.toString('utf8', this.#starts[index]!, this.#starts[index + 1]! - 4);
    return text.includes('\uFFFD') ? undefined : text;
  }

  /** From `first` to before `end`, each behind its length. */
  slice(first: number, end: number): Buffer {
    return this.#bytes.subarray(this.#starts[first]! - 4, this.#starts[end]! - 4);
  }

  at(index: number): Buffer {
    return this.#bytes.subarray(this.#starts[index]!, this.#starts[index + 1]! - 4);
  }
}

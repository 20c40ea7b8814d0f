/** Follows a text log of any size by offset: of what came since the last look, at most the end is read. */

import { open, stat } from 'node:fs/promises';

const MOST_BYTES = 256 * 1024;

export class LogFollower {
  readonly #file: string;
  #offset: number;
  #unended = '';

  /** @param start where the part that counts begins */
  constructor(file: string, start: number) {
    this.#file = file;
    this.#offset = start;
  }

  /** The lines that came since; one that has no line feed yet is given with the next look too. */
  async read(): Promise<string[]> {
    const size = await stat(this.#file).then(
      (found) => found.size,
      () => 0,
    );
    if (size <= this.#offset) return [];
    const from = Math.max(this.#offset, size - MOST_BYTES);
    const handle = await open(this.#file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      const text = (from === this.#offset ? this.#unended : '') + buffer.toString('utf8', 0, bytesRead);
      this.#offset = from + bytesRead;
      const lines = text.split(/[\r\n]+/);
      this.#unended = (lines.at(-1) ?? '').slice(-MOST_BYTES);
      return lines;
    } finally {
      await handle.close();
    }
  }
}

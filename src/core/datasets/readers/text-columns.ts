/** Columns of texts in bytes, looked through for what can be known of each text without cutting it out. */

import type { TextBatch } from '../dataset.ts';
import { KnownTexts } from '../known-texts.ts';
import { NUMBER_BYTES, TextScan } from './text-scan.ts';

export class TextColumns {
  readonly #scan = new TextScan();
  readonly #known = new KnownTexts();
  #rows = 0;
  #columns = 0;

  constructor() {
    this.#known.attach(this.#scan.bytes, this.#scan.numbers);
  }

  load({ rows, columns }: TextBatch): void {
    this.#rows = rows;
    this.#columns = columns.length;
    // The numbers of all texts, column by column, and then the texts.
    let at = rows * columns.length * NUMBER_BYTES;
    const bytes = columns.flat().reduce((sum, piece) => sum + piece.bytes.length, 0);
    if (this.#scan.makeRoom(at + bytes)) this.#known.attach(this.#scan.bytes, this.#scan.numbers);
    let out = 0;
    for (const piece of columns.flat()) {
      this.#scan.bytes.set(piece.bytes, at);
      this.#scan.texts(at, piece.count, out);
      at += piece.bytes.length;
      out += piece.count * NUMBER_BYTES;
    }
  }

  /** The texts of one of the rows, in the order of the columns; valid until the next call. */
  row(row: number): KnownTexts {
    this.#known.moveTo(row, this.#rows, this.#columns);
    return this.#known;
  }
}

/**
 * Which rows a scroll position shows. Browsers limit the height of an element, so that millions of rows are scrolled on a
 * shorter scale: a small move scrolls by its own pixels, a large one (the thumb dragged) goes to that share of the rows,
 * and when scrolling has come to rest the thumb is put where the rows shown belong.
 */

/** Well below the height at which Chromium and Firefox stop laying out exactly. */
const MOST_HEIGHT = 8_000_000;
/** A move of more than this many viewports was a drag of the thumb. */
const LOCAL_VIEWPORTS = 3;

export class RowScale {
  readonly rowHeight: number;
  #rows = 0;
  #viewport = 0;
  /** Pixels of rows above the upper edge: exact, whatever the scale. */
  #top = 0;
  #scrollTop = 0;

  constructor(rowHeight: number) {
    this.rowHeight = rowHeight;
  }

  /** @param viewport height in pixels in which rows are seen */
  resize(rows: number, viewport: number): void {
    this.#rows = rows;
    this.#viewport = viewport;
    this.#setTop(this.#top);
  }

  /** Height of the scrolled element. */
  get height(): number {
    return Math.min(this.#contentHeight, MOST_HEIGHT);
  }

  get top(): number {
    return this.#top;
  }

  get firstRow(): number {
    return Math.floor(this.#top / this.rowHeight);
  }

  /** One past the last row of which anything is seen. */
  get endRow(): number {
    return Math.min(this.#rows, Math.ceil((this.#top + this.#viewport) / this.rowHeight));
  }

  /** Rows that fit whole. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#viewport / this.rowHeight));
  }

  /** Where in the scrolled element the rows lie: that of row `r` begins at `r * rowHeight + offset`. */
  get offset(): number {
    return this.#scrollTop - this.#top;
  }

  /** The element was scrolled to here. */
  scrolled(scrollTop: number): void {
    const moved = scrollTop - this.#scrollTop;
    this.#scrollTop = scrollTop;
    if (this.#isExact) this.#setTop(scrollTop);
    else if (Math.abs(moved) <= LOCAL_VIEWPORTS * this.#viewport) this.#setTop(this.#top + moved);
    else this.#setTop((scrollTop / Math.max(1, this.height - this.#viewport)) * this.#mostTop);
  }

  /** Puts this many pixels of rows above the edge; returns the scroll position that belongs to it. */
  moveTo(top: number): number {
    this.#setTop(top);
    this.#scrollTop = this.restingPlace;
    return this.#scrollTop;
  }

  /** The scroll position of the rows shown, once scrolling has come to rest. */
  get restingPlace(): number {
    if (this.#isExact) return this.#top;
    return this.#mostTop === 0 ? 0 : (this.#top / this.#mostTop) * (this.height - this.#viewport);
  }

  /** The least move that shows a row whole. */
  topToReveal(row: number): number {
    const from = row * this.rowHeight;
    if (from < this.#top) return from;
    return Math.max(this.#top, from + this.rowHeight - this.#viewport);
  }

  get #contentHeight(): number {
    return this.#rows * this.rowHeight;
  }

  get #mostTop(): number {
    return Math.max(0, this.#contentHeight - this.#viewport);
  }

  /** One pixel scrolled is one pixel of rows. */
  get #isExact(): boolean {
    return this.#contentHeight <= MOST_HEIGHT;
  }

  #setTop(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#mostTop));
  }
}

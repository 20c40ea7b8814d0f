/** The cells near the place shown, in blocks that are asked for as they come into view and forgotten when far away. */

import type { Problem, TableCell } from '../../../src/protocol/dataset-viewer.ts';
import type { GridSource } from './grid-source.ts';

export const BLOCK_ROWS = 50;
export const BLOCK_COLUMNS = 50;
/** Blocks kept: about a million characters of text in common datasets. */
const KEPT_BLOCKS = 60;

type Block = readonly (readonly TableCell[])[];

export interface CellStoreEvents {
  readonly onCells: () => void;
  readonly onProblem: (problem: Problem) => void;
  /** How many blocks are being waited for changed. */
  readonly onWaiting: (blocks: number) => void;
}

export class CellStore {
  readonly #source: GridSource;
  readonly #events: CellStoreEvents;
  /** In the order of their last use. */
  readonly #blocks = new Map<string, Block>();
  readonly #asking = new Map<string, AbortController>();
  /** Blocks that could not be read: asked for again only on request. */
  readonly #failed = new Set<string>();

  constructor(source: GridSource, events: CellStoreEvents) {
    this.#source = source;
    this.#events = events;
  }

  /** The cell, or undefined while it is not there. */
  cell(position: number, column: number): TableCell | undefined {
    const block = this.#blocks.get(keyOf(position, column));
    return block?.[position % BLOCK_ROWS]?.[column % BLOCK_COLUMNS];
  }

  /** Whether a cell that is not there could not be read. */
  failed(position: number, column: number): boolean {
    return this.#failed.has(keyOf(position, column));
  }

  /**
   * Asks for what is missing of these rows and columns, and no longer for what is not among them.
   * @param columns indexes of columns in the dataset
   */
  want(start: number, end: number, columns: Iterable<number>): void {
    const wanted = new Map<string, { row: number; column: number }>();
    const columnBlocks = new Set(Array.from(columns, (column) => blockStart(column, BLOCK_COLUMNS)));
    for (let row = blockStart(start, BLOCK_ROWS); row < end; row += BLOCK_ROWS) {
      for (const column of columnBlocks) wanted.set(keyOf(row, column), { row, column });
    }
    for (const [key, asking] of this.#asking) if (!wanted.has(key)) asking.abort();
    for (const [key, place] of wanted) {
      const block = this.#blocks.get(key);
      if (block) {
        this.#blocks.delete(key);
        this.#blocks.set(key, block);
      } else if (!this.#asking.has(key) && !this.#failed.has(key)) void this.#ask(key, place);
    }
  }

  retry(): void {
    this.#failed.clear();
  }

  dispose(): void {
    for (const asking of this.#asking.values()) asking.abort();
  }

  async #ask(key: string, { row, column }: { row: number; column: number }): Promise<void> {
    const asking = new AbortController();
    this.#asking.set(key, asking);
    this.#events.onWaiting(this.#asking.size);
    const request = {
      start: row,
      end: Math.min(row + BLOCK_ROWS, this.#source.rowCount),
      firstColumn: column,
      columns: Math.min(BLOCK_COLUMNS, this.#source.columns.length - column),
    };
    const page = await this.#source.cells(request, asking.signal);
    if (this.#asking.get(key) === asking) this.#asking.delete(key);
    this.#events.onWaiting(this.#asking.size);
    if (asking.signal.aborted) return;
    if (!page.ok) {
      if (page.fault.cancelled) return;
      this.#failed.add(key);
      this.#events.onProblem(page.fault);
      return;
    }
    this.#blocks.set(key, page.value.rows);
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT_BLOCKS) break;
      this.#blocks.delete(old);
    }
    this.#events.onCells();
  }
}

const blockStart = (index: number, size: number): number => index - (index % size);
const keyOf = (position: number, column: number): string =>
  `${blockStart(position, BLOCK_ROWS)}:${blockStart(column, BLOCK_COLUMNS)}`;

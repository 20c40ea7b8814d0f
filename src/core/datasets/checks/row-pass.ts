/** One pass of checks over rows: of a whole dataset, or of a range of rows by a thread of its own. */

import type { Column } from '../dataset.ts';
import type { BoundFormat } from '../formats/bound-format.ts';
import type { KnownTexts } from '../known-texts.ts';
import type { Check, CheckContext, CheckDeclaration } from './check.ts';
import { ObservedPair } from './observed-pair.ts';
import { ObservedRecord } from './observed-record.ts';
import { mergeSeen, type PackedSeen, packSeen } from './seen.ts';

/** What a pass over a range has seen, in a form that can be sent to another thread. */
export interface PackedPass {
  readonly rows: number;
  readonly usable: number;
  readonly dropped: number;
  readonly several: boolean;
  readonly seen: readonly PackedSeen[];
}

export class RowPass {
  /** The columns to read, as indexes of the dataset, in the order in which `see` takes their cells. */
  readonly columns: readonly number[];
  /** Records that can be trained on. */
  usable = 0;
  /** Rows, and records of a row that holds several, that give none. */
  dropped = 0;
  /** Whether any row holds several records. */
  several = false;
  readonly #format: BoundFormat;
  readonly #checks: readonly Check[];
  /** Checks that read cells, and the places of these among `columns`. */
  readonly #readers: readonly { readonly check: Check; readonly places: readonly number[] }[];
  #rows = 0;
  #pairTexts: KnownTexts | undefined;
  #pairCells: readonly number[] | undefined;
  #pair: ObservedPair | undefined;

  static async start(
    declarations: readonly CheckDeclaration[],
    context: CheckContext,
    format: BoundFormat,
    columns: readonly Column[],
  ): Promise<RowPass> {
    const checks: Check[] = [];
    for (const declaration of declarations) checks.push(await declaration.start(context));
    return new RowPass(declarations, checks, format, columns);
  }

  private constructor(
    declarations: readonly CheckDeclaration[],
    checks: readonly Check[],
    format: BoundFormat,
    columns: readonly Column[],
  ) {
    this.#checks = checks;
    this.#format = format;
    const wanted = declarations.map((declaration) => declaration.columns?.(columns) ?? []);
    this.columns = [...new Set([...format.columns, ...wanted.flat()])];
    this.#readers = checks.flatMap((check, index) => {
      const places = wanted[index]!.map((column) => this.columns.indexOf(column));
      return places.length > 0 ? [{ check, places }] : [];
    });
  }

  /** Whether there is any use in `seeTexts`: a check that reads cells wants them as they are. */
  get takesTexts(): boolean {
    return this.#format.wholeTexts !== undefined && this.#readers.length === 0;
  }

  get checks(): readonly Check[] {
    return this.#checks;
  }

  /**
   * @param row zero-based, after all rows seen before; ranges count from their own first row
   * @param known what the reader found out about the texts
   */
  see(row: number, cells: readonly unknown[], known?: KnownTexts): void {
    this.#rows++;
    this.#cells(row, cells);
    const results = this.#format.interpret(cells);
    if (results.length > 1) this.several = true;
    for (const result of results) {
      if ('record' in result) {
        this.usable++;
        const item = { row, observed: new ObservedRecord(result.record, known) };
        for (let index = 0; index < this.#checks.length; index++) this.#checks[index]!.observe(item);
      } else {
        this.dropped++;
        const item = { row, problem: result.problem };
        for (const check of this.#checks) check.observe(item);
      }
    }
  }

  /**
   * The same for a row whose cells are texts that are known, where nothing has to be interpreted in them.
   * @param cells the place of each cell among the texts, -1 for one that is not there; the same list for rows that are alike
   * @returns false where the row has to be seen by its cells
   */
  seeTexts(row: number, texts: KnownTexts, cells: readonly number[]): boolean {
    if (cells !== this.#pairCells || texts !== this.#pairTexts) this.#observePairs(texts, cells);
    const pair = this.#pair;
    if (!pair?.read()) return false;
    this.#rows++;
    this.usable++;
    const item = { row, observed: pair };
    for (let index = 0; index < this.#checks.length; index++) this.#checks[index]!.observe(item);
    return true;
  }

  #observePairs(texts: KnownTexts, cells: readonly number[]): void {
    this.#pairTexts = texts;
    this.#pairCells = cells;
    this.#pair = undefined;
    const { wholeTexts } = this.#format;
    if (!wholeTexts || !this.takesTexts) return;
    const { prompt, chosen, rejected } = wholeTexts;
    const places = {
      prompt: prompt === undefined ? undefined : cells[prompt]!,
      chosen: cells[chosen]!,
      rejected: cells[rejected]!,
    };
    if (Object.values(places).every((place) => place !== -1)) this.#pair = new ObservedPair(texts, places);
  }

  #cells(row: number, cells: readonly unknown[]): void {
    for (const { check, places } of this.#readers) {
      check.observeCells?.(
        row,
        places.map((place) => cells[place]),
      );
    }
  }

  pack(): PackedPass {
    const { usable, dropped, several } = this;
    return { rows: this.#rows, usable, dropped, several, seen: this.#checks.map(({ seen }) => packSeen(seen ?? {})) };
  }

  /** Takes over what was seen of the rows that follow. */
  append(part: PackedPass): void {
    for (const [index, { seen }] of this.#checks.entries()) if (seen) mergeSeen(seen, part.seen[index]!, this.#rows);
    this.#rows += part.rows;
    this.usable += part.usable;
    this.dropped += part.dropped;
    this.several ||= part.several;
  }
}

/** Where the rows of a JSONL file are, and what they are made of: gathered line by line, also of a part of the file. */

import { StudioError } from '../../errors.ts';
import {
  type JsonlIndex,
  MALFORMED_LINES_KEPT,
  type MalformedLine,
  type MalformedLines,
  type RowMark,
} from '../dataset.ts';
import { JsonColumns, type ObservedColumns } from './json-types.ts';
import type { ParsedLine } from './jsonl-lines.ts';

/** A row whose place is remembered comes every so many rows: a read parses at most as many rows too many. */
const INDEX_STEP = 512;

/** What was gathered of a part, in a form that can be sent to another thread. */
export interface GatheredPart {
  readonly columns: ObservedColumns;
  readonly marks: readonly RowMark[];
  readonly rows: number;
  readonly lines: number;
  readonly malformed: MalformedLines;
}

export class JsonlGatherer {
  readonly #file: string;
  readonly #columns: JsonColumns;
  readonly #marks: RowMark[] = [];
  readonly #malformed: MalformedLine[] = [];
  #malformedCount = 0;
  #rows = 0;
  #lines = 0;
  #like: object | undefined;

  /** @param first whether the part begins the file: the first rows of a file are looked into in depth */
  constructor(file: string, first = true) {
    this.#file = file;
    this.#columns = new JsonColumns(first);
  }

  see(line: ParsedLine): void {
    this.#lines++;
    const { offset, like } = line;
    // Of a row with text alone, under the same keys as the row before, there is nothing else to see.
    const known = like !== undefined && like === this.#like;
    const row = known ? undefined : line.row;
    if (known || row) {
      if (this.#rows % INDEX_STEP === 0) this.#marks.push({ row: this.#rows, offset });
      this.#rows++;
      if (row) this.#columns.observe(row);
      else this.#columns.observeLike();
      this.#like = like;
    } else if (line.problem !== undefined) {
      this.#malformedCount++;
      if (this.#malformed.length < MALFORMED_LINES_KEPT) {
        this.#malformed.push({ file: this.#file, line: this.#lines, message: line.problem });
      }
    }
  }

  /** Takes over what was gathered of the part that follows. */
  append(part: GatheredPart): void {
    for (const { row, offset } of part.marks) this.#marks.push({ row: this.#rows + row, offset });
    for (const malformed of part.malformed.first) {
      if (this.#malformed.length === MALFORMED_LINES_KEPT) break;
      this.#malformed.push({ ...malformed, line: this.#lines + malformed.line });
    }
    this.#malformedCount += part.malformed.count;
    this.#rows += part.rows;
    this.#lines += part.lines;
    this.#columns.append(part.columns);
  }

  part(): GatheredPart {
    return {
      columns: this.#columns.observed(),
      marks: this.#marks,
      rows: this.#rows,
      lines: this.#lines,
      malformed: { count: this.#malformedCount, first: this.#malformed },
    };
  }

  /** @throws StudioError where no line is a row: this is something else */
  index(): JsonlIndex {
    if (this.#rows === 0) throw this.#withoutRows();
    return {
      columns: this.#columns.columns(),
      marks: this.#marks,
      rowCount: this.#rows,
      malformed: { count: this.#malformedCount, first: this.#malformed },
    };
  }

  #withoutRows(): StudioError {
    const where = { file: this.#file };
    const [first] = this.#malformed;
    if (!first)
      return new StudioError('no-rows', 'It holds nothing but blank lines.', { where, hint: 'Write it again.' });
    const lines =
      this.#malformedCount === 1 ? 'Its only line is no row' : `None of its ${this.#malformedCount} lines is a row`;
    return new StudioError('damaged-file', `${lines}: line ${first.line} is ${first.message}.`, {
      where,
      hint: 'JSON Lines has one JSON object on each line; a list over many lines has the ending .json.',
    });
  }
}

/** The last mark at or before a row. */
export function markBefore(marks: readonly RowMark[], row: number): RowMark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (marks[middle]!.row <= row) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}

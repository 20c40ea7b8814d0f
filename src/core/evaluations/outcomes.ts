/**
 * What came of every record of a file, in the order of the file, so that two evaluations of it can be compared record by
 * record: one character a record, and for scores of 0 to 4 four bytes more (as base64: five and a third).
 */

import { ranked } from '../methods/metrics.ts';
import type { Verdict } from './judge-record.ts';
import type { Outcomes } from './report.ts';

/** Of more records none are kept: the report would no longer be a small file. */
export const MOST_OUTCOMES = 2_000_000;

/** Right, wrong, one half (equal scores), and no grade. */
const RIGHT = '1';
const WRONG = '0';
const HALF = '=';
const NONE = '-';
const CREDIT: Readonly<Record<string, number>> = { [RIGHT]: 1, [WRONG]: 0, [HALF]: 0.5 };

/** Collects them: a place is taken as a record is read, and filled when it has been graded. */
export class OutcomesTally {
  readonly #right: string[] = [];
  readonly #errors: number[] = [];
  readonly #perRow: number[] = [];

  /** @returns the record's place */
  take(row: number): number {
    while (this.#perRow.length <= row) this.#perRow.push(0);
    this.#perRow[row]!++;
    if (this.#right.length < MOST_OUTCOMES) this.#right.push(NONE);
    else this.#tooMany = true;
    return this.#right.length - 1;
  }

  #tooMany = false;

  fill(place: number, { judged }: Verdict): void {
    if (this.#tooMany) return;
    const credit =
      judged.kind === 'preference-pair'
        ? ranked(judged.margin, 0)
        : judged.kind === 'scored-response'
          ? Number(judged.answer === judged.label)
          : Number(judged.verdict === judged.preferred);
    this.#right[place] = credit === 1 ? RIGHT : credit === 0 ? WRONG : HALF;
    if (judged.kind === 'scored-response') this.#errors[place] = judged.score - judged.label;
  }

  /** @param rows of the file */
  outcomes(rows: number): Outcomes | null {
    if (this.#tooMany) return null;
    const one = this.#perRow.length === rows && this.#perRow.every((records) => records === 1);
    return {
      right: this.#right.join(''),
      errors: this.#errors.length === 0 ? null : encodeFloats(this.#errors, this.#right.length),
      records_per_row: one ? null : this.#perRow,
    };
  }
}

/** 1, 0 or one half of each record; undefined where it has no grade. */
export const creditsOf = ({ right }: Outcomes): (number | undefined)[] => [...right].map((said) => CREDIT[said]);

/** Score minus label of each record, NaN where it has no grade; undefined where labels are no scores. */
export function errorsOf({ errors }: Outcomes): Float32Array | undefined {
  if (errors === null) return undefined;
  const bytes = new Uint8Array(Buffer.from(errors, 'base64'));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length >> 2 }, (_, at) => view.getFloat32(at * 4, true));
}

/** The row of each record. */
export function rowsOf({ records_per_row: perRow, right }: Outcomes): number[] {
  if (perRow === null) return Array.from(right, (_, at) => at);
  return perRow.flatMap((records, row) => Array<number>(records).fill(row));
}

function encodeFloats(values: readonly (number | undefined)[], length: number): string {
  const view = new DataView(new ArrayBuffer(length * 4));
  for (let at = 0; at < length; at++) view.setFloat32(at * 4, values[at] ?? Number.NaN, true);
  return Buffer.from(view.buffer).toString('base64');
}

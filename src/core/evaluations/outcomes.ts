/**
 * What came of every record of a file, in the order of the file, so that two evaluations of it can be compared record by
 * record: one character a record, and for scores of 0 to 4 four bytes more (as base64: five and a third).
 */

import { ranked } from '../methods/metrics.ts';
import { type FloatColumn, floatColumn, indexColumn, smallColumn } from '../runs/growing-columns.ts';
import type { LabelledRecord, Verdict } from './judge-record.ts';
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
  readonly #rows = indexColumn();
  /** Character codes. */
  readonly #right = smallColumn();
  readonly #errors: FloatColumn | undefined;
  #tooMany = false;

  constructor(kind: LabelledRecord['kind']) {
    this.#errors = kind === 'scored-response' ? floatColumn() : undefined;
  }

  /** @returns the record's place */
  take(row: number): number {
    if (this.#rows.length === MOST_OUTCOMES) {
      this.#tooMany = true;
      return MOST_OUTCOMES;
    }
    this.#rows.push(row);
    this.#right.push(NONE.charCodeAt(0));
    this.#errors?.push(Number.NaN);
    return this.#rows.length - 1;
  }

  fill(place: number, { judged }: Verdict): void {
    if (this.#tooMany) return;
    const credit =
      judged.kind === 'preference-pair'
        ? ranked(judged.margin, 0)
        : judged.kind === 'scored-response'
          ? Number(judged.answer === judged.label)
          : Number(judged.verdict === judged.preferred);
    this.#right.data[place] = (credit === 1 ? RIGHT : credit === 0 ? WRONG : HALF).charCodeAt(0);
    if (this.#errors && judged.kind === 'scored-response') this.#errors.data[place] = judged.score - judged.label;
  }

  /** @param rows of the file */
  outcomes(rows: number): Outcomes | null {
    if (this.#tooMany) return null;
    const records = this.#rows.data.subarray(0, this.#rows.length);
    return {
      right: Buffer.from(this.#right.data.subarray(0, records.length)).toString('latin1'),
      errors: this.#errors ? encodeFloats(this.#errors.data.subarray(0, records.length)) : null,
      records_per_row: records.length === rows && records.every((row, at) => row === at) ? null : perRow(records, rows),
    };
  }
}

function perRow(records: Uint32Array, rows: number): number[] {
  const counts = Array<number>(rows).fill(0);
  for (const row of records) counts[row]! += 1;
  return counts;
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

function encodeFloats(values: Float64Array): string {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [at, value] of values.entries()) view.setFloat32(at * 4, value, true);
  return Buffer.from(view.buffer).toString('base64');
}

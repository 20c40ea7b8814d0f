/** Why a row cannot be used: a value that goes into reports and never stops the other rows. */

export type RowProblemCode =
  | 'missing-value'
  | 'empty-value'
  | 'wrong-type'
  | 'label-out-of-range'
  | 'identical-pair'
  | 'no-shared-prompt'
  | 'roles-out-of-order';

export interface RowProblem {
  readonly code: RowProblemCode;
  /** The column it is about, as the file names it. */
  readonly field: string;
  readonly message: string;
}

/** Thrown by transforms and caught by the interpreter alone. */
export class UnfitRow extends Error {
  readonly code: RowProblemCode;
  readonly field: string;

  constructor(code: RowProblemCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

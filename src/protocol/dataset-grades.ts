/** Grades of the answers of a row that is read: page <-> extension host <-> reader process. */

import type { Message } from '../core/datasets/records.ts';
import type { GradeCard } from '../core/graders/grade-card.ts';
import type { ReadingRequest } from './dataset-reading.ts';

/** The whole texts of a row, for who grades them. */
export interface AnswerTexts {
  readonly prompt: readonly Message[];
  readonly answers: readonly {
    readonly title: string;
    readonly messages: readonly Message[];
    /** Indexes of the columns whose cell of this row holds it. */
    readonly columns: readonly number[];
  }[];
}

export interface RowGradesRequest extends ReadingRequest {
  /** The person asks for grades that do not come at once; else only what costs nothing is told. */
  readonly ask: boolean;
}

export type AnswerGrade =
  | { readonly kind: 'grade'; readonly line: string; readonly card: GradeCard }
  /** Nobody has asked for it yet. */
  | { readonly kind: 'offer' }
  | { readonly kind: 'problem'; readonly message: string };

export interface RowGrades {
  /** Name of what grades. */
  readonly grader: string;
  /** In the order of the answers. */
  readonly answers: readonly (AnswerGrade & Pick<AnswerTexts['answers'][number], 'title' | 'columns'>)[];
}

/** A dialect: how the training files of a trainer lay out the records of each method. */

import type { MethodId } from '../../../methods/method.ts';
import type { ComparedResponses, Conversation, PreferencePair, ScoredResponse, TrainingRecord } from '../../records.ts';
import type { OutputCell, OutputColumn } from '../columns.ts';

/** Where a row lies in the output: the part and its position there, from zero. */
export interface RowPlace {
  readonly part: string;
  readonly index: number;
}

/** How something becomes a row. */
export interface RowLayout<R> {
  readonly columns: readonly OutputColumn[];
  /** The cells of a record that fits, in the order of the columns. */
  cells(record: R, place: RowPlace): readonly OutputCell[];
}

export interface Layout<R extends TrainingRecord = TrainingRecord> extends RowLayout<R> {
  /** Why the layout cannot hold a record, as a reason for dropped rows; undefined where it can. */
  unfit?(record: R): UnfitReason | undefined;
  /** What a record may have and a row does not say: counted in the datasheet. */
  readonly loses?: readonly ('margin' | 'strength')[];
}

export type UnfitReason =
  /** The trainer needs a prompt and the record has none. */
  | 'no-prompt'
  /** The prompt has several turns and the layout has one text. */
  | 'multi-turn-prompt'
  /** A response of several messages, where the layout has one. */
  | 'multi-message-response'
  /** Whole conversations cannot be told apart into prompt and response. */
  | 'prompt-begins-with-assistant'
  /** A role that the layout has no word for. */
  | 'role-not-in-dialect'
  /** The trainer takes user and assistant in turn only. */
  | 'roles-not-alternating'
  /** A text holds the marks that separate turns. */
  | 'turn-mark-in-text'
  /** The two responses differ by blanks only, which the layout does not keep. */
  | 'identical-pair';

interface RecordsOfMethods {
  'bradley-terry': PreferencePair;
  pointwise: ScoredResponse;
  pairwise: ComparedResponses;
  sft: Conversation;
}

/** A layout for each method, or why the dialect has none: a sentence. */
export type Layouts = { readonly [M in MethodId]: Layout<RecordsOfMethods[M]> | string };

/** A file beside the data that a trainer looks them up in. */
export interface Register {
  readonly name: string;
  /**
   * @param before what the file held, parsed; undefined where there was none
   * @param files names of the data files and of their entries
   */
  content(
    before: unknown,
    method: MethodId,
    files: readonly { readonly file: string; readonly entry: string }[],
  ): object;
}

export interface Dialect {
  readonly id: string;
  /** One line for help and documents. */
  readonly title: string;
  readonly layouts: Layouts;
  readonly register?: Register;
}

/** What the checks that only run on request are given: files by their path, as a page or a process hands them on. */

export interface CheckInputs {
  /** Find prompts and responses that are nearly an earlier one. */
  readonly nearDuplicates?: boolean;
  /** The other file of a split. */
  readonly against?: string;
  /** What the model will be measured on. */
  readonly benchmark?: string;
  /** `tokenizer` as `loadTokenizer` takes it; the approximation by words where it is not given. */
  readonly truncation?: { readonly maxLength: number; readonly tokenizer?: string };
}

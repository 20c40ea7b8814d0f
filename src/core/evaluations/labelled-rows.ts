/** The labelled records of a file for a method, row by row, with the values of the columns that rows are told apart by. */

import type { Dataset } from '../datasets/dataset.ts';
import { DERIVED_FROM, deriveRecord } from '../datasets/derive.ts';
import type { ColumnMap } from '../datasets/formats/binding.ts';
import type { BoundFormat } from '../datasets/formats/bound-format.ts';
import { type Candidate, chooseFormat, type Recognition, recognise } from '../datasets/recognise.ts';
import { missingText, nearestShortfall } from '../datasets/recognition-errors.ts';
import type { RecordKind } from '../datasets/records.ts';
import { sampleRows } from '../datasets/sample.ts';
import { StudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import { METHODS } from '../methods/method.ts';
import type { LabelledRecord } from './judge-record.ts';
import { type SliceColumn, sliceColumns, sliceValue } from './slice-columns.ts';

export type JudgedMethod = Exclude<MethodId, 'sft'>;

export type LabelledRow = { readonly row: number } & (
  | { readonly record: LabelledRecord; readonly values: readonly (string | null | undefined)[] }
  | { readonly problem: { readonly code: string; readonly message: string } }
);

export class LabelledRows {
  readonly #dataset: Dataset;
  readonly #method: JudgedMethod;
  readonly #seed: number;
  readonly format: BoundFormat;
  readonly columns: readonly SliceColumn[];
  /** The method whose records the file holds, where those for the method are made of them. */
  readonly derivedFrom: MethodId | null;

  private constructor(
    dataset: Dataset,
    method: JudgedMethod,
    seed: number,
    reading: { readonly format: BoundFormat; readonly derivedFrom: MethodId | null },
    columns: readonly SliceColumn[],
  ) {
    this.#dataset = dataset;
    this.#method = method;
    this.#seed = seed;
    this.format = reading.format;
    this.derivedFrom = reading.derivedFrom;
    this.columns = columns;
  }

  /** @throws StudioError as `chooseFormat` does, where the rows hold no records of the method, nor any that could become such */
  static async of(
    dataset: Dataset,
    method: JudgedMethod,
    options: { readonly map: ColumnMap; readonly seed: number; readonly signal?: AbortSignal | undefined },
  ): Promise<LabelledRows> {
    const { map, seed, signal } = options;
    const reading = readingOf(await recognise(dataset, { map, signal }), method);
    const sample = await sampleRows(dataset, signal);
    return new LabelledRows(dataset, method, seed, reading, sliceColumns(dataset.columns, reading.format, sample));
  }

  async *read(signal?: AbortSignal): AsyncGenerator<LabelledRow> {
    const { format, columns } = this;
    const own = format.columns.length;
    const wanted = [...format.columns, ...columns.map(({ column }) => column)];
    const range = { start: 0, end: this.#dataset.rowCount, columns: wanted, forward: true };
    for await (const batch of this.#dataset.read(range, signal)) {
      for (const [offset, cells] of batch.rows.entries()) {
        const row = batch.start + offset;
        const values = columns.map(({ key }, at) => sliceValue(cells[own + at], key));
        for (const result of format.interpret(cells.slice(0, own))) {
          if ('problem' in result) yield { row, problem: problemOf(result.problem) };
          else yield* this.#derived(row, result.record, values);
        }
      }
    }
  }

  *#derived(
    row: number,
    record: Parameters<typeof deriveRecord>[0],
    values: readonly (string | null | undefined)[],
  ): Generator<LabelledRow> {
    const made = deriveRecord(record, { method: this.#method, seed: this.#seed });
    if (made.dropped !== undefined) {
      yield { row, problem: { code: made.dropped, message: DROPPED[made.dropped] ?? made.dropped } };
      return;
    }
    for (const each of made.records) yield { row, record: each as LabelledRecord, values };
  }
}

const DROPPED: Readonly<Record<string, string>> = {
  tie: 'The responses are equally good: a pair needs a better one.',
  'empty-value': 'A response is blank.',
  'identical-pair': 'The two responses are the same.',
};

const problemOf = ({ code, field, message }: { code: string; field: string; message: string }) => ({
  code,
  message: `"${field}": ${message}`,
});

/** Records of the method itself, else of one that they can be made of without asking; scores by prompt are not paired here. */
function readingOf(
  recognition: Recognition,
  method: JudgedMethod,
): { readonly format: BoundFormat; readonly derivedFrom: MethodId | null } {
  const fits = (each: MethodId) => recognition.candidates.some((found) => found.method === each && found.fits);
  const comparing: readonly MethodId[] =
    METHODS[method].record === 'scored-response' ? [] : ['pairwise', 'bradley-terry'];
  const source = DERIVED_FROM[method].find((each) => comparing.includes(each) && fits(each));
  if (!fits(method) && source !== undefined) {
    return { format: chooseFormat(recognition, source), derivedFrom: source };
  }
  const other = recognition.candidates.find((found) => found.fits);
  if (!fits(method) && other) throw otherRows(recognition, method, other);
  return { format: chooseFormat(recognition, method), derivedFrom: null };
}

/** The rows are known, and hold no labels for the method. */
function otherRows(recognition: Recognition, method: JudgedMethod, found: Candidate): StudioError {
  const nearest = nearestShortfall(recognition, method);
  const lacks = nearest
    ? ` Nearest is "${nearest.shape.title}", which lacks ${missingText(nearest.missing, nearest.shape)}.`
    : '';
  return new StudioError(
    'unrecognised-shape',
    `The rows are ${NAMES[found.record]} (${found.title}), but a ${METHODS[method].title} model is measured on ${NAMES[METHODS[method].record]}.${lacks}`,
    {
      where: { file: recognition.dataset.name },
      hint: 'Choose a file with such rows, or make one with "Prepare Training Data" where these can be converted.',
    },
  );
}

const NAMES: Readonly<Record<RecordKind, string>> = {
  'preference-pair': 'preference pairs',
  'scored-response': 'scored responses',
  'compared-responses': 'compared responses',
  conversation: 'conversations',
};

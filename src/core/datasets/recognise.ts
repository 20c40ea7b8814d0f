/** Recognises what the rows of a dataset are: which of the known shapes fit, how well, and by what evidence. */

import { METHOD_IDS, METHODS, type MethodId } from '../methods/method.ts';
import type { Dataset } from './dataset.ts';
import { bindShape, type ColumnMap, mappedNames } from './formats/binding.ts';
import { BoundFormat } from './formats/bound-format.ts';
import type { ShapeDeclaration } from './formats/declaration.ts';
import { refusal } from './formats/guards.ts';
import type { RowProblem } from './formats/row-problem.ts';
import { SHAPES, UNUSABLE_SHAPES } from './formats/shapes.ts';
import { type RecordTally, tallyRecords } from './formats/tally.ts';
import { refuseUnknownFields, unrecognised } from './recognition-errors.ts';
import type { RecordKind, TrainingRecord } from './records.ts';
import { type SampledRow, sampleRows } from './sample.ts';

export { adviseMethods, type MethodAdvice } from './advise.ts';
export { chooseFormat } from './recognition-errors.ts';

/** A shape fits where at least this share of the sampled rows gives records. */
const FITTING_SHARE = 0.5;
const PROBLEMS_KEPT = 3;

export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly record: RecordKind;
  readonly method: MethodId;
  /** What `readRecords` reads the rows with. */
  readonly format: BoundFormat;
  /** Share of the sampled rows that give records, 0 to 1. */
  readonly share: number;
  readonly fits: boolean;
  /** What speaks for it, as a person reads it. */
  readonly evidence: readonly string[];
  /** What the records of the sampled rows hold. */
  readonly tally: RecordTally;
  /** Why it is not taken though its columns are there. */
  readonly refused?: string;
  readonly firstProblems: readonly (RowProblem & { readonly row: number })[];
}

/** A shape that the columns do not make up. */
export interface Shortfall {
  readonly shape: ShapeDeclaration;
  readonly method: MethodId;
  readonly missing: readonly string[];
}

export interface Recognition {
  readonly dataset: { readonly name: string; readonly rowCount: number; readonly columns: readonly string[] };
  readonly sampledRows: number;
  /** Fitting ones first; among these the most particular shape first. */
  readonly candidates: readonly Candidate[];
  readonly shortfalls: readonly Shortfall[];
  /** What the rows are, where that is known and trains nothing. */
  readonly unusable?: {
    readonly id: string;
    readonly title: string;
    readonly because: string;
    readonly instead: string;
  };
}

export interface RecogniseOptions {
  /** Only shapes of this method; then it is an error if none fits. */
  readonly method?: MethodId | undefined;
  /** Field of a shape -> column that holds it. */
  readonly map?: ColumnMap | undefined;
  readonly signal?: AbortSignal | undefined;
  /** By the first rows alone, where reading others takes long. */
  readonly firstRowsOnly?: boolean | undefined;
}

/**
 * @throws StudioError 'no-rows' for an empty dataset; with `method`, 'missing-column' or 'unrecognised-shape' where nothing fits;
 *   'missing-column' or 'usage' for a map that names what is not there
 */
export async function recognise(dataset: Dataset, options: RecogniseOptions = {}): Promise<Recognition> {
  const map = options.map ?? {};
  refuseUnknownFields(map, SHAPES);
  const names = mappedNames(dataset.columns, map, dataset.name);
  const sample = await sampleRows(dataset, options.signal, options.firstRowsOnly);
  const candidates: Candidate[] = [];
  const shortfalls: Shortfall[] = [];
  for (const shape of SHAPES) {
    const method = methodOf(shape.record);
    if (options.method !== undefined && method !== options.method) continue;
    const bound = bindShape(shape, names, Object.keys(map));
    if ('missing' in bound) {
      if (bound.missing.length > 0) shortfalls.push({ shape, method, missing: bound.missing });
      continue;
    }
    const format = new BoundFormat(shape, bound.binding, dataset.columns);
    candidates.push(tryFormat(format, method, sample, bound.binding));
  }
  candidates.sort(
    (a, b) => Number(b.fits) - Number(a.fits) || a.format.shape.rank - b.format.shape.rank || b.share - a.share,
  );
  const recognition: Recognition = {
    dataset: { name: dataset.name, rowCount: dataset.rowCount, columns: dataset.columns.map((column) => column.name) },
    sampledRows: sample.length,
    candidates,
    shortfalls,
    ...unusableOf(names),
  };
  if (options.method !== undefined && !candidates.some((candidate) => candidate.fits)) {
    throw unrecognised(recognition, options.method);
  }
  return recognition;
}

function unusableOf(names: readonly string[]): Pick<Recognition, 'unusable'> {
  const found = UNUSABLE_SHAPES.find((shape) => 'binding' in bindShape(shape, names, []));
  return found === undefined ? {} : { unusable: { id: found.id, title: found.title, ...found.unusable } };
}

function methodOf(record: RecordKind): MethodId {
  return METHOD_IDS.find((id) => METHODS[id].record === record)!;
}

function tryFormat(
  format: BoundFormat,
  method: MethodId,
  sample: readonly SampledRow[],
  binding: Readonly<Record<string, number>>,
): Candidate {
  const { shape } = format;
  const problems: (RowProblem & { row: number })[] = [];
  const records: TrainingRecord[] = [];
  let fitting = 0;
  for (const { row, cells } of sample) {
    const results = format.interpret(format.columns.map((column) => cells[column]));
    const failed = results.find((result) => 'problem' in result);
    if (results.some((result) => 'record' in result)) fitting++;
    for (const result of results) if ('record' in result) records.push(result.record);
    if (failed && 'problem' in failed && problems.length < PROBLEMS_KEPT) problems.push({ ...failed.problem, row });
  }
  const share = sample.length === 0 ? 0 : fitting / sample.length;
  const valuesOf = (field: string) => {
    const column = binding[field];
    return column === undefined ? undefined : sample.map(({ cells }) => cells[column]);
  };
  const refused = refusal(shape, valuesOf, (field) => format.columnOf(field));
  return {
    id: shape.id,
    title: shape.title,
    record: shape.record,
    method,
    format,
    share,
    fits: share >= FITTING_SHARE && refused === undefined,
    evidence: [
      `columns ${format.columnNames.map((name) => `"${name}"`).join(', ')}`,
      `${fitting} of ${sample.length} sampled rows fit`,
    ],
    tally: tallyRecords(records),
    ...(refused === undefined ? {} : { refused }),
    firstProblems: problems,
  };
}

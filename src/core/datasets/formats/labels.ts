/** Transforms that make labels: scores, verdicts, margins. */

import { requireList, requireNumber } from './required.ts';
import { UnfitRow } from './row-problem.ts';
import { numberOf, quoteValue, textOf } from './text.ts';
import type { Parameters, Transform } from './transform.ts';

/** A value looked up in `table` by its text in lower case. */
export const lookup: Transform = ([value], [field = ''], parameters) => look(value, field, parameters);

/** Several votes, each looked up in `table` -> what more than half of them say, else `otherwise`. Missing votes do not count. */
export const majority: Transform = (values, fields, parameters) => {
  const votes = values.flatMap((value, index) =>
    value === null || value === undefined ? [] : [look(value, fields[index] ?? '', parameters)],
  );
  if (votes.length === 0) throw new UnfitRow('missing-value', fields[0] ?? '', 'nobody voted');
  const winner = votes.find((vote) => votes.filter((other) => other === vote).length * 2 > votes.length);
  return winner ?? parameters.otherwise;
};

/** A whole number within `min` and `max`, plus `offset`. */
export const integer: Transform = ([value], [field = ''], parameters) => {
  const { min, max, offset } = parameters as { min: number; max: number; offset?: number };
  return wholeWithin(requireNumber(value, field), min, max, field) + (offset ?? 0);
};

/** A list of numbers within `min` and `max` -> floor(mean + offset + 1/2). */
export const roundedMean: Transform = ([value], [field = ''], parameters) => {
  const { min, max, offset } = parameters as { min: number; max: number; offset: number };
  const list = requireList(value, field).map((item) => requireNumber(item, field));
  if (list.length === 0) throw new UnfitRow('empty-value', field, 'the list is empty');
  const outside = list.find((number) => number < min || number > max);
  if (outside !== undefined) {
    throw new UnfitRow('label-out-of-range', field, `${outside} is not from ${min} to ${max}`);
  }
  return Math.floor(list.reduce((sum, number) => sum + number, 0) / list.length + offset + 0.5);
};

/** A signed strength, positive where the second is better -> {preferred, strength} by `strengths[|value|]`. */
export const signedStrength: Transform = ([value], [field = ''], parameters) => {
  const strengths = parameters.strengths as readonly number[];
  const number = requireNumber(value, field);
  const strength = Number.isInteger(number) ? strengths[Math.abs(number)] : undefined;
  if (strength === undefined) {
    const most = strengths.length - 1;
    throw new UnfitRow('label-out-of-range', field, `${number} is not a whole number from -${most} to ${most}`);
  }
  return { preferred: number === 0 ? 'tie' : number > 0 ? 'B' : 'A', strength };
};

/** (margin?, better score?, worse score?) -> the margin, else the difference of the scores, where greater than 0. */
export const margin: Transform = ([given, better, worse]) => {
  const number = numberOf(given);
  const [high, low] = [numberOf(better), numberOf(worse)];
  const value = number ?? (high !== undefined && low !== undefined ? high - low : undefined);
  return value !== undefined && value > 0 ? value : undefined;
};

/** A number, where there is one. */
export const optionalNumber: Transform = ([value]) => numberOf(value);

/**
 * A strength of either sign -> `strengths[|value|]`, where it has one. Between two whole numbers it stays as it is, up to
 * the greatest strength.
 */
export const optionalStrength: Transform = ([value], _, parameters) => {
  const strengths = parameters.strengths as readonly number[];
  const size = Math.abs(numberOf(value) ?? Number.NaN);
  if (Number.isInteger(size)) return strengths[size];
  return size < strengths.length - 1 ? Math.min(size, Math.max(...strengths)) : undefined;
};

/**
 * (task type, label 0 or 1?, score?) of a grader's row -> 0 to 4. `graded` tasks have scores from 1 to 5, `others` may
 * have 0 and 1 in place of them; the label decides what a score of 1 means, and nothing else does.
 */
export const taskScore: Transform = (
  [task, label, score],
  [taskField = '', labelField = '', scoreField = ''],
  parameters,
) => {
  const { graded, others } = parameters as { graded: readonly string[]; others: readonly string[] };
  const name = textOf(task, taskField);
  const isGraded = graded.some((known) => name.includes(known));
  if (!isGraded && !others.some((known) => name.includes(known))) {
    throw new UnfitRow('label-out-of-range', taskField, `${quoteValue(name)} names none of the known task types`);
  }
  const hasLabel = label !== null && label !== undefined;
  const mark = hasLabel ? wholeWithin(requireNumber(label, labelField), 0, 1, labelField) : undefined;
  if (score === null || score === undefined) {
    if (mark !== undefined) return mark * 4;
    throw new UnfitRow('missing-value', scoreField, 'it is missing, and so is the label');
  }
  const number = wholeWithin(requireNumber(score, scoreField), isGraded ? 1 : 0, 5, scoreField);
  if (isGraded || number > 1) return number - 1;
  if (number === 0) return 0;
  if (mark !== undefined) return mark * 4;
  throw new UnfitRow(
    'label-out-of-range',
    scoreField,
    '1 is the best of 0 and 1 but the worst of 1 to 5: no label says which',
  );
};

function wholeWithin(number: number, min: number, max: number, field: string): number {
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new UnfitRow('label-out-of-range', field, `${number} is not a whole number from ${min} to ${max}`);
}

function look(value: unknown, field: string, parameters: Parameters): unknown {
  const table = parameters.table as Readonly<Record<string, unknown>>;
  const text = textOf(value, field).toLowerCase();
  if (Object.hasOwn(table, text)) return table[text];
  const known = Object.keys(table).join(', ');
  throw new UnfitRow('label-out-of-range', field, `${quoteValue(value)} is not one of ${known}`);
}

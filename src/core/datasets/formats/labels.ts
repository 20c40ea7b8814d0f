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
  const number = requireNumber(value, field);
  if (Number.isInteger(number) && number >= min && number <= max) return number + (offset ?? 0);
  throw new UnfitRow('label-out-of-range', field, `${number} is not a whole number from ${min} to ${max}`);
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

function look(value: unknown, field: string, parameters: Parameters): unknown {
  const table = parameters.table as Readonly<Record<string, unknown>>;
  const text = textOf(value, field).toLowerCase();
  if (Object.hasOwn(table, text)) return table[text];
  const known = Object.keys(table).join(', ');
  throw new UnfitRow('label-out-of-range', field, `${quoteValue(value)} is not one of ${known}`);
}

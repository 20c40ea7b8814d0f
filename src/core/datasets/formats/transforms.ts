/**
 * The closed list of transforms that a row-shape declaration may name. Each takes cells (or earlier results) and gives
 * a value, or throws `UnfitRow`. Python has the same list under the same names: change both together, with a fixture.
 */

import type { Message } from '../records.ts';
import { dialogueTurns, holdsMessages, messagesOf, splitSharedPrompt } from './messages.ts';
import { UnfitRow } from './row-problem.ts';
import { decodeJson, describeType, isBlank, numberOf, quoteValue, textOf } from './text.ts';

export type Parameters = Readonly<Record<string, unknown>>;
/** `fields[i]` names `values[i]` in problems. */
export type Transform = (values: readonly unknown[], fields: readonly string[], parameters: Parameters) => unknown;

/** Text or messages -> the prompt as messages: plain text is one user message. Missing text makes the row unfit. */
const prompt: Transform = ([value], [field = '']) => {
  if (holdsMessages(value) || isEmptyList(value)) return messagesOf(value, field);
  return [{ role: 'user', content: requireText(value, field) }];
};

/** Text or messages -> a completion as messages: plain text is one assistant message. It may be blank. */
const completion: Transform = ([value], [field = '']) => {
  if (!holdsMessages(value)) return [{ role: 'assistant', content: textOf(value, field) }];
  const messages = messagesOf(value, field);
  if (messages[0]?.role === 'assistant') return messages;
  throw new UnfitRow(
    'roles-out-of-order',
    field,
    `it begins with a ${messages[0]?.role} message, not an assistant one`,
  );
};

/** (instruction, input?) -> one user message: the input follows after a blank line, or stands alone where the other is blank. */
const instruction: Transform = ([value, input], [field = '', inputField = '']) => {
  if (holdsMessages(value) || isEmptyList(value)) return messagesOf(value, field);
  const texts = [textOf(value, field), input === null || input === undefined ? '' : textOf(input, inputField)];
  const content = texts.filter((text) => !isBlank(text)).join('\n\n');
  return [{ role: 'user', content: requireText(content, field) }];
};

/** (messages, system text?) -> the messages with a system message in front, where there is one. */
const withSystem: Transform = ([messages, system], [, field = '']) => {
  const text = system === null || system === undefined ? '' : textOf(system, field);
  return isBlank(text) ? messages : [{ role: 'system', content: text }, ...(messages as Message[])];
};

const messages: Transform = ([value], [field = '']) => {
  const list = messagesOf(value, field);
  if (list.length === 0) throw new UnfitRow('empty-value', field, 'it holds no messages');
  return list;
};

/** (chosen, rejected) as dialogue texts -> {prompt, chosen, rejected}. */
const splitDialogues: Transform = ([chosen, rejected], [chosenField = '', rejectedField = '']) =>
  splitSharedPrompt(
    dialogueTurns(requireText(chosen, chosenField), chosenField),
    dialogueTurns(requireText(rejected, rejectedField), rejectedField),
    rejectedField,
  );

/**
 * (chosen, rejected, prompt?) as messages -> {prompt, chosen, rejected}. Whole conversations are split at what they
 * share; completions alone (they begin with an assistant message) take their prompt from the column, if there is one.
 */
const splitMessages: Transform = (
  [chosen, rejected, given],
  [chosenField = '', rejectedField = '', givenField = ''],
) => {
  const better = messages([chosen], [chosenField], {}) as Message[];
  const worse = messages([rejected], [rejectedField], {}) as Message[];
  if (better[0]?.role !== 'assistant' || worse[0]?.role !== 'assistant') {
    return splitSharedPrompt(better, worse, rejectedField);
  }
  const before = given === null || given === undefined ? [] : prompt([given], [givenField], {});
  return { prompt: before, chosen: better, rejected: worse };
};

/** Messages that end in an assistant message. */
const conversation: Transform = ([value], [field = '']) => {
  const list = messages([value], [field], {}) as Message[];
  if (list.at(-1)?.role === 'assistant') return list;
  throw new UnfitRow('roles-out-of-order', field, `it ends with a ${list.at(-1)?.role} message, not an assistant one`);
};

/** No prompt: the shape has none. */
const noPrompt: Transform = () => [];

/** (prompt messages, completion messages) -> one list. */
const join: Transform = (lists) => lists.flatMap((list) => list as Message[]);

/** A value looked up in `table` by its text in lower case. */
const lookup: Transform = ([value], [field = ''], parameters) => look(value, field, parameters);

/** Several votes, each looked up in `table` -> what more than half of them say, else `otherwise`. Missing votes do not count. */
const majority: Transform = (values, fields, parameters) => {
  const votes = values.flatMap((value, index) =>
    value === null || value === undefined ? [] : [look(value, fields[index] ?? '', parameters)],
  );
  if (votes.length === 0) throw new UnfitRow('missing-value', fields[0] ?? '', 'nobody voted');
  const winner = votes.find((vote) => votes.filter((other) => other === vote).length * 2 > votes.length);
  return winner ?? parameters.otherwise;
};

/** A whole number within `min` and `max`, plus `offset`. */
const integer: Transform = ([value], [field = ''], parameters) => {
  const { min, max, offset } = parameters as { min: number; max: number; offset?: number };
  const number = requireNumber(value, field);
  if (Number.isInteger(number) && number >= min && number <= max) return number + (offset ?? 0);
  throw new UnfitRow('label-out-of-range', field, `${number} is not a whole number from ${min} to ${max}`);
};

/** A list of numbers within `min` and `max` -> floor(mean + offset + 1/2). */
const roundedMean: Transform = ([value], [field = ''], parameters) => {
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
const signedStrength: Transform = ([value], [field = ''], parameters) => {
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
const margin: Transform = ([given, better, worse]) => {
  const number = numberOf(given);
  const [high, low] = [numberOf(better), numberOf(worse)];
  const value = number ?? (high !== undefined && low !== undefined ? high - low : undefined);
  return value !== undefined && value > 0 ? value : undefined;
};

/** A number, where there is one. */
const optionalNumber: Transform = ([value]) => numberOf(value);

/** (responses[n], labels[n(n-1)/2]) -> [{first, second, label}], pairs in the order (1,2) (1,3) ... (2,3) ... */
const eachPair: Transform = ([responses, labels], [responsesField = '', labelsField = '']) => {
  const texts = requireList(responses, responsesField);
  const marks = requireList(labels, labelsField);
  const pairs = texts.flatMap((first, index) => texts.slice(index + 1).map((second) => ({ first, second })));
  if (marks.length !== pairs.length) {
    throw new UnfitRow(
      'wrong-type',
      labelsField,
      `${texts.length} responses make ${pairs.length} pairs, but it has ${marks.length} labels`,
    );
  }
  return pairs.map((pair, index) => ({ ...pair, label: marks[index] }));
};

/** What lies at `path` (keys and positions) inside a structure; JSON text on the way is decoded. */
const at: Transform = ([value], [field = ''], parameters) => {
  let found = decodeJson(value);
  for (const step of parameters.path as readonly (string | number)[]) {
    const inside = typeof found === 'object' && found !== null && Object.hasOwn(found, step);
    if (!inside) {
      if (parameters.optional === true) return undefined;
      const path = (parameters.path as unknown[]).join('.');
      throw new UnfitRow(found === null ? 'missing-value' : 'wrong-type', field, `it has nothing at ${path}`);
    }
    found = decodeJson((found as Record<string | number, unknown>)[step]);
  }
  return found;
};

/** What lies at the first of `paths` that the structure has. */
const contentAt: Transform = ([value], [field = ''], parameters) => {
  for (const path of parameters.paths as readonly unknown[]) {
    const found = at([value], [field], { path, optional: true });
    if (found !== undefined) return found;
  }
  throw new UnfitRow('missing-value', field, 'it holds no content');
};

/** Exactly `length` items, or the row is of another shape. */
const listOf: Transform = ([value], [field = ''], parameters) => {
  const list = requireList(value, field);
  if (list.length === parameters.length) return list;
  throw new UnfitRow('wrong-type', field, `it has ${list.length} items, not ${parameters.length}`);
};

/** An empty list of messages is how a row says that it has no prompt. */
function isEmptyList(value: unknown): boolean {
  const decoded = decodeJson(value);
  return Array.isArray(decoded) && decoded.length === 0;
}

function look(value: unknown, field: string, parameters: Parameters): unknown {
  const table = parameters.table as Readonly<Record<string, unknown>>;
  const text = textOf(value, field).toLowerCase();
  if (Object.hasOwn(table, text)) return table[text];
  const known = Object.keys(table).join(', ');
  throw new UnfitRow('label-out-of-range', field, `${quoteValue(value)} is not one of ${known}`);
}

function requireText(value: unknown, field: string): string {
  const text = textOf(value, field);
  if (isBlank(text)) throw new UnfitRow('empty-value', field, 'it is empty');
  return text;
}

function requireNumber(value: unknown, field: string): number {
  const number = numberOf(value);
  if (number !== undefined && Number.isFinite(number)) return number;
  const missing = value === null || value === undefined || value === '';
  throw new UnfitRow(
    missing ? 'missing-value' : 'wrong-type',
    field,
    missing ? 'it is missing' : `${quoteValue(value)} is not a number`,
  );
}

function requireList(value: unknown, field: string): unknown[] {
  const list = decodeJson(value);
  if (Array.isArray(list)) return list;
  const missing = list === null || list === undefined;
  throw new UnfitRow(
    missing ? 'missing-value' : 'wrong-type',
    field,
    missing ? 'it is missing' : `it is ${describeType(list)}, not a list`,
  );
}

export const TRANSFORMS = {
  prompt,
  completion,
  instruction,
  'with-system': withSystem,
  messages,
  conversation,
  join,
  'no-prompt': noPrompt,
  'split-dialogues': splitDialogues,
  'split-messages': splitMessages,
  lookup,
  majority,
  integer,
  'rounded-mean': roundedMean,
  'signed-strength': signedStrength,
  margin,
  'optional-number': optionalNumber,
  'each-pair': eachPair,
  at,
  'content-at': contentAt,
  'list-of': listOf,
} as const satisfies Record<string, Transform>;

export type TransformName = keyof typeof TRANSFORMS;

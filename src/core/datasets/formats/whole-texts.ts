/**
 * Shapes that make a pair of whole texts: a question, if any, and its two answers, each of them one cell and one message.
 * Nothing else has to be interpreted in a row with such texts.
 */

import type { ShapeDeclaration } from './declaration.ts';
import type { TransformName } from './transforms.ts';

/** Places among the cells. */
export interface WholeTexts {
  /** Undefined where the shape has no prompt. */
  readonly prompt: number | undefined;
  readonly chosen: number;
  readonly rejected: number;
}

/** What a name stands for: a cell, one message with the text of a cell, no messages, or nothing. */
type Meaning =
  | { readonly is: 'cell' | 'user' | 'assistant'; readonly place: number }
  | { readonly is: 'no-messages' }
  | undefined;

/** What a transform makes of these, for texts that are not blank and cannot be JSON; null for anything else. */
type Rule = (values: readonly Meaning[]) => Meaning | null;

const messageOf =
  (role: 'user' | 'assistant'): Rule =>
  ([first, ...others]) =>
    first?.is === 'cell' && others.every(isAbsent) ? { is: role, place: first.place } : null;
const unchanged: Rule = ([first, ...others]) => (others.every(isAbsent) ? first : null);
const absent: Rule = (values) => (values.every(isAbsent) ? undefined : null);

const RULES: { readonly [name in TransformName]?: Rule } = {
  prompt: messageOf('user'),
  instruction: messageOf('user'),
  completion: messageOf('assistant'),
  'with-system': unchanged,
  'with-history': unchanged,
  'with-context': unchanged,
  'no-prompt': () => ({ is: 'no-messages' }),
  margin: absent,
  'optional-number': absent,
};

/** @param fields the bound fields, in the order of the cells */
export function wholeTextsOf(shape: ShapeDeclaration, fields: readonly string[]): WholeTexts | undefined {
  if (shape.record !== 'preference-pair') return undefined;
  const meanings = new Map<string, Meaning>(fields.map((field, place) => [field, { is: 'cell', place }]));
  for (const step of shape.steps) {
    const rule = RULES[step.do];
    const made = rule ? rule(step.of.map((name) => meanings.get(name))) : null;
    if (made === null || step.each || typeof step.as !== 'string') return undefined;
    meanings.set(step.as, made);
  }
  const [prompt, chosen, rejected] = ['prompt', 'chosen', 'rejected'].map((name) => meanings.get(name));
  if (chosen?.is !== 'assistant' || rejected?.is !== 'assistant' || meanings.get('margin') !== undefined)
    return undefined;
  if (prompt?.is !== 'user' && prompt?.is !== 'no-messages') return undefined;
  return {
    prompt: prompt.is === 'user' ? prompt.place : undefined,
    chosen: chosen.place,
    rejected: rejected.place,
  };
}

function isAbsent(meaning: Meaning): boolean {
  return meaning === undefined;
}

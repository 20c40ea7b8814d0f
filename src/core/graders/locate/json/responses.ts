/** The responses of a row, in all recognised shapes, each with its prompt and the others to the same prompt. */

import { getNodeValue } from 'jsonc-parser';
import { recordsOfRow } from '../../../datasets/formats/read-row.ts';
import { promptOf, responsesOf, type TrainingRecord } from '../../../datasets/records.ts';
import { type Located, located, type Sibling } from '../located.ts';
import {
  CONVERSATION_FIELDS,
  isOneOf,
  LIST_FIELDS,
  numberedStem,
  PREFERENCE_FIELDS,
  RESPONSE_BESIDE_PROMPT_FIELDS,
  RESPONSE_FIELDS,
} from './fields.ts';
import { isConversation, type Passage, passagesOf, passagesOfList, sameTurns, turnsOf } from './passages.ts';
import { joinPrompts, type Prompt, promptBesideConversation, promptOfRow } from './prompt.ts';
import { type Node, properties, spellingOf } from './tree.ts';

export interface RowPassage extends Omit<Passage, 'prompt'> {
  readonly prompt: Prompt;
  /** The others that end the same conversation. */
  readonly others: readonly Passage[];
}

/** Passages of a row: an object of fields, or a list that is itself a conversation. Empty where the node is no row. */
export function passagesOfRow(row: Node): RowPassage[] {
  if (row.type === 'array') {
    return isConversation(row) ? turnsOf(row, 'messages').map((turn) => withPrompt(turn, { turns: [] })) : [];
  }
  const ofRow = promptOfRow(row);
  const found = alternativesOf(row, ofRow.turns.length > 0)
    .flatMap(withOthers)
    .map((passage) => {
      const isTurn = isOneOf(passage.field, CONVERSATION_FIELDS);
      return withPrompt(passage, isTurn ? promptBesideConversation(row) : ofRow);
    });
  return found.length === 0 ? [] : asTrained(found, row);
}

function withPrompt({ prompt, ...passage }: Passage & { others?: readonly Passage[] }, ofRow: Prompt): RowPassage {
  return { others: [], ...passage, prompt: joinPrompts(ofRow, prompt) };
}

/** Where the row is of a known shape, its prompts are the ones that training takes from it: with context, history, marked turns. */
function asTrained(passages: readonly RowPassage[], row: Node): RowPassage[] {
  const records = recordsOfRow(getNodeValue(row));
  return passages.map((passage) => {
    const record = passage.isResponse ? recordOf(passage, records) : undefined;
    if (record === undefined) return passage;
    const from = passage.prompt.from ?? { kind: 'field' };
    return { ...passage, prompt: { turns: promptOf(record), from } };
  });
}

function recordOf(passage: RowPassage, records: readonly TrainingRecord[]): TrainingRecord | undefined {
  if (!passage.isLast) return undefined;
  return records.find((record) => responsesOf(record).some((response) => sameTurns(response, passage.response)));
}

/** Passages grouped so that those in one group answer one prompt. */
function alternativesOf(row: Node, hasPrompt: boolean): Passage[][] {
  const groups = new Map<string, Passage[]>();
  const add = (group: string, passages: Passage[]) => groups.set(group, [...(groups.get(group) ?? []), ...passages]);
  for (const [field, value] of properties(row)) {
    const group = groupOf(field, hasPrompt);
    if (group === undefined) continue;
    const isList = value.type === 'array' && !isOneOf(field, CONVERSATION_FIELDS);
    add(group, isList ? passagesOfList(value, field) : passagesOf(value, field));
  }
  return [...groups.values()];
}

function groupOf(field: string, hasPrompt: boolean): string | undefined {
  if (isOneOf(field, PREFERENCE_FIELDS)) return 'preference';
  const stem = numberedStem(field);
  if (stem !== undefined) return `numbered ${stem}`;
  if (isOneOf(field, [...RESPONSE_FIELDS, ...LIST_FIELDS, ...CONVERSATION_FIELDS])) {
    return isOneOf(field, RESPONSE_BESIDE_PROMPT_FIELDS) && !hasPrompt ? undefined : field;
  }
  return hasPrompt && isOneOf(field, RESPONSE_BESIDE_PROMPT_FIELDS) ? field : undefined;
}

/** Responses that end the same conversation are each other's alternatives. */
function withOthers(group: readonly Passage[]): (Passage & { others: readonly Passage[] })[] {
  const last = group.filter((passage) => passage.isLast && hasText(passage));
  return group.map((passage) => {
    const others = passage.isLast
      ? last.filter((other) => other !== passage && sameTurns(other.prompt, passage.prompt))
      : [];
    // A blank response is none of two, so the other has no alternative, and of three it is not left out to make two.
    const blank = group.some((other) => other.isLast && !hasText(other));
    return { ...passage, others: blank ? [] : others };
  });
}

const hasText = (passage: Passage): boolean => passage.response.some((message) => message.content.trim() !== '');

/** The passage as the answer of the locator, with places in `text`. */
export function locatedPassage(passage: RowPassage, text: string): Located | undefined {
  const siblings = passage.others.map(
    (other): Sibling => ({ response: other.response, field: other.field, range: rangeOf(other, text) }),
  );
  return located(rangeOf(passage, text), passage.response, {
    prompt: passage.prompt.turns,
    promptFrom: passage.prompt.from ?? { kind: 'turns' },
    sibling: siblings.length === 1 ? siblings[0]?.response : undefined,
    siblings,
    field: passage.field,
  });
}

export function rangeOf({ literal, part }: Pick<Passage, 'literal' | 'part'>, text: string) {
  const spelling = spellingOf(literal, text);
  return part === undefined ? spelling.inside : spelling.rangeOf(part.from, part.to);
}

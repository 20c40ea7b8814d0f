/** The responses of a row, in all recognised shapes, each with its prompt and the others to the same prompt. */

import { getNodeValue } from 'jsonc-parser';
import { recordsOfRow } from '../../../datasets/formats/read-row.ts';
import { type Message, promptOf, responsesOf } from '../../../datasets/records.ts';
import { type Located, located, type TextRange } from '../located.ts';
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
import { joinPrompts, promptBesideConversation, promptOfRow } from './prompt.ts';
import { type Node, properties, spellingOf } from './tree.ts';

export interface RowPassage extends Passage {
  readonly sibling?: readonly Message[];
}

/** Passages of a row: an object of fields, or a list that is itself a conversation. Empty where the node is no row. */
export function passagesOfRow(row: Node): RowPassage[] {
  if (row.type === 'array') return isConversation(row) ? turnsOf(row, 'messages') : [];
  const ofRow = promptOfRow(row);
  const found = alternativesOf(row, ofRow.length > 0)
    .flatMap(withSiblings)
    .map((passage) => {
      const isTurn = isOneOf(passage.field, CONVERSATION_FIELDS);
      const asked = isTurn ? promptBesideConversation(row) : ofRow;
      return { ...passage, prompt: joinPrompts(asked, passage.prompt) };
    });
  return found.length === 0 ? [] : asTrained(found, row);
}

/** Where the row is of a known shape, its prompts are the ones that training takes from it: with context and history. */
function asTrained(passages: readonly RowPassage[], row: Node): RowPassage[] {
  const records = recordsOfRow(getNodeValue(row));
  return passages.map((passage) => {
    if (!passage.isResponse || !passage.isLast) return passage;
    const record = records.find((each) => responsesOf(each).some((response) => sameTurns(response, passage.response)));
    return record === undefined ? passage : { ...passage, prompt: promptOf(record) };
  });
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

/** A response has a sibling where exactly two responses end the same conversation. */
function withSiblings(group: readonly Passage[]): RowPassage[] {
  const last = group.filter((passage) => passage.isLast);
  const [one, other] = last;
  if (last.length !== 2 || !one || !other || !sameTurns(one.prompt, other.prompt)) return [...group];
  const hasText = (passage: Passage): boolean => passage.response.some((message) => message.content.trim() !== '');
  return group.map((passage) => {
    const sibling = passage === one ? other : passage === other ? one : undefined;
    return sibling === undefined || !hasText(sibling) ? passage : { ...passage, sibling: sibling.response };
  });
}

/** The passage as the answer of the locator, with its place in `text`. */
export const locatedPassage = (passage: RowPassage, text: string): Located | undefined =>
  located(rangeOf(passage, text), passage.response, passage);

export function rangeOf({ literal, part }: Passage, text: string): TextRange {
  const spelling = spellingOf(literal, text);
  return part === undefined ? spelling.inside : spelling.rangeOf(part.from, part.to);
}

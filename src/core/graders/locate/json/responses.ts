/** The responses of a row, in all recognised shapes, each with its prompt and its alternative. */

import type { Message } from '../../../datasets/records.ts';
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
import { type Node, properties } from './tree.ts';

export interface RowPassage extends Passage {
  readonly sibling?: readonly Message[];
}

/** Passages of a row: an object of fields, or a list that is itself a conversation. Empty where the node is no row. */
export function passagesOfRow(row: Node): RowPassage[] {
  if (row.type === 'array') return isConversation(row) ? turnsOf(row, 'messages') : [];
  const ofRow = promptOfRow(row);
  return alternativesOf(row, ofRow.length > 0)
    .flatMap(withSiblings)
    .map((passage) => {
      const isTurn = isOneOf(passage.field, CONVERSATION_FIELDS);
      const asked = isTurn ? promptBesideConversation(row) : ofRow;
      return { ...passage, prompt: joinPrompts(asked, passage.prompt) };
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

/** Whole conversations and single responses: what several dialects are made of. */

import type { Message, PreferencePair } from '../../records.ts';
import type { UnfitReason } from './dialect.ts';

export const chosenConversation = ({ prompt, chosen }: PreferencePair): readonly Message[] => [...prompt, ...chosen];
export const rejectedConversation = ({ prompt, rejected }: PreferencePair): readonly Message[] => [
  ...prompt,
  ...rejected,
];

/** A prompt that begins with the assistant would be read as part of the response. */
export function unfitForWhole({ prompt }: PreferencePair): UnfitReason | undefined {
  return prompt[0]?.role === 'assistant' ? 'prompt-begins-with-assistant' : undefined;
}

export function unfitForOneMessage(...responses: readonly (readonly Message[])[]): UnfitReason | undefined {
  return responses.some((response) => response.length !== 1) ? 'multi-message-response' : undefined;
}

/** The text of a response of one message. */
export const onlyText = (response: readonly Message[]): string => response[0]!.content;

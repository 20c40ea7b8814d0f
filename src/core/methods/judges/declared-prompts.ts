/** The prompts that judges are trained with, for models that were not: the same texts, chosen by id. */

import { StudioError } from '../../errors.ts';
import type { JudgePrompt } from './judge-prompt.ts';
import declared from './prompts.json' with { type: 'json' };
import type { JudgeMethod } from './read-verdict.ts';

export const PROMPT_IDS = ['standard', 'brief'] as const;
export type PromptId = (typeof PROMPT_IDS)[number];

export interface PromptChoice {
  readonly id: PromptId;
  /** What a person wrote in place of the prompt's own principles; empty for these. */
  readonly principles: string;
  /** Asks for reasoning before the verdict. */
  readonly reasoned: boolean;
}

/** @throws StudioError 'usage' for an id that no prompt of the method has */
export function declaredPrompt(method: JudgeMethod, { id, principles, reasoned }: PromptChoice): JudgePrompt {
  const found = declared.prompts.find((prompt) => prompt.method === method && prompt.id === id);
  if (!found) throw new StudioError('usage', `There is no prompt "${id}" for ${method}.`);
  const listed = principles.trim() || numbered(found.principles);
  const place = listed !== '' && !found.text.includes('{principles}');
  return {
    id,
    tag: found.tag,
    text: place ? `# Principles\n{principles}\n\n${found.text}` : found.text,
    principles: listed,
    output_format: found.output_format[reasoned ? 'reasoned' : 'direct'],
  };
}

/** How a judge of the method is told to write its verdict. */
export function outputFormat(method: JudgeMethod, reasoned: boolean): string {
  const standard = declared.prompts.find((prompt) => prompt.method === method)!;
  return standard.output_format[reasoned ? 'reasoned' : 'direct'];
}

const numbered = (principles: readonly string[]): string =>
  principles.map((principle, index) => `${index + 1}. ${principle}`).join('\n');

/** The message that a judge is asked with. A trained judge keeps its prompt, with everything chosen, in `grader.json`. */

import * as z from 'zod';
import { completionText, type Message } from '../../datasets/records.ts';

/** `principles` is the text that stands for them; where it is empty the prompt has no such part. */
export const judgePromptSchema = z.object({
  id: z.string(),
  tag: z.string(),
  /** With names in braces for what is put in. */
  text: z.string(),
  principles: z.string(),
  output_format: z.string(),
});

export type JudgePrompt = z.infer<typeof judgePromptSchema>;

export interface JudgedTexts {
  readonly prompt: readonly Message[];
  readonly response: readonly Message[];
  /** Of a pairwise judge, response B; the response is A. */
  readonly other?: readonly Message[];
}

/** Names are put in once, in one pass: braces in what is put in stay. */
export function renderJudgePrompt(prompt: JudgePrompt, { prompt: query, response, other }: JudgedTexts): string {
  const values: Readonly<Record<string, string>> = {
    principles: prompt.principles,
    output_format: prompt.output_format,
    query: queryText(query),
    response: completionText(response),
    response_a: completionText(response),
    response_b: other === undefined ? '' : completionText(other),
  };
  return prompt.text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

/** A single user turn as it is; several turns with the role of each in brackets above it. */
function queryText(messages: readonly Message[]): string {
  const [only] = messages;
  if (messages.length === 1 && only?.role === 'user') return only.content;
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n');
}

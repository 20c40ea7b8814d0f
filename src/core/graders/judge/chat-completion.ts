/** The answer of an OpenAI-compatible chat API, as far as a judge needs it. */

import * as z from 'zod';
import type { ChatAnswer } from './chat-model.ts';

const content = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string().nullish() }))]).nullish();

export const chatCompletionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content,
          refusal: z.string().nullish(),
          /** vLLM's name of it, and the other one that is used. */
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
        }),
        finish_reason: z.string().nullish(),
        logprobs: z
          .object({
            content: z
              .array(
                z.object({
                  token: z.string(),
                  top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .min(1),
});

export type ChatCompletion = z.infer<typeof chatCompletionSchema>;

export function answerOf({ choices }: ChatCompletion): ChatAnswer {
  const { message, finish_reason, logprobs } = choices[0]!;
  const text = Array.isArray(message.content)
    ? message.content.map((part) => part.text ?? '').join('')
    : (message.content ?? '');
  const reasoning = message.reasoning_content ?? message.reasoning;
  const tokens = logprobs?.content?.map(({ token, top_logprobs }) => ({ token, alternatives: top_logprobs ?? [] }));
  return {
    text,
    ...(reasoning ? { reasoning } : {}),
    ...(message.refusal ? { refusal: message.refusal } : {}),
    ...(finish_reason ? { finishReason: finish_reason } : {}),
    ...(tokens?.some(({ alternatives }) => alternatives.length > 0) ? { tokens } : {}),
  };
}

/** How servers of reward heads are asked for one number, each in its own form, and where the number stands in the answer. */

import * as z from 'zod';
import { completionText, type Message, promptText } from '../../datasets/records.ts';
import type { RewardApi } from '../registry/grader-entry.ts';

export interface RewardApiForm {
  /** Below the base of the endpoint. */
  readonly path: string;
  readonly body: (prompt: readonly Message[], response: readonly Message[]) => object;
  /** The numbers of the answer: one for a reward head, more where the model is another one. */
  readonly answer: z.ZodType<readonly number[]>;
}

/** Chat templates want a user's turn first: one that is not known is empty. */
const asChat = (prompt: readonly Message[], response: readonly Message[]) => [
  ...(prompt.length > 0 ? prompt : [{ role: 'user', content: '' }]),
  ...response,
];

const oneOf = <T>(item: z.ZodType<T>) => z.object({ data: z.array(item).length(1) });
const numbers = z.array(z.number());

/** With `use_activation` false vLLM answers the head's own number, before any sigmoid. */
const RAW = { use_activation: false };

const classify: RewardApiForm = {
  path: 'classify',
  body: (prompt, response) => ({ messages: asChat(prompt, response), ...RAW }),
  answer: oneOf(z.object({ probs: numbers })).transform(({ data }) => data[0]!.probs),
};

const label = z.object({ score: z.number() });

export const REWARD_API_FORMS: Readonly<Record<RewardApi, RewardApiForm>> = {
  'vllm-classify': classify,
  'reward-studio': classify,
  'vllm-score': {
    path: 'score',
    body: (prompt, response) => ({ text_1: promptText(prompt), text_2: completionText(response), ...RAW }),
    answer: oneOf(z.object({ score: z.number() })).transform(({ data }) => [data[0]!.score]),
  },
  'vllm-pooling': {
    path: 'pooling',
    body: (prompt, response) => ({ messages: asChat(prompt, response), ...RAW }),
    answer: oneOf(z.object({ data: z.union([numbers, z.array(numbers)]) })).transform(({ data }) =>
      data[0]!.data.flat(),
    ),
  },
  'tei-predict': {
    path: 'predict',
    // The pair as a batch of one; too long a text is an error, never cut unsaid.
    body: (prompt, response) => ({
      inputs: [[promptText(prompt), completionText(response)]],
      raw_scores: true,
      truncate: false,
    }),
    answer: z
      .union([z.array(z.array(label)).length(1), z.array(label)])
      .transform((found) => found.flat().map(({ score }) => score)),
  },
};

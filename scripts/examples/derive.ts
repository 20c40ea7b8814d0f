/** What each training method learns from graded responses. */

import { createHash } from 'node:crypto';
import type {
  ComparedResponses,
  Conversation,
  Message,
  PreferencePair,
  ScoredResponse,
} from '../../src/core/datasets/records.ts';
import type { GradedPrompt } from './graded-prompts.ts';

type GradedResponse = GradedPrompt['responses'][number];

const answer = (response: GradedResponse): Message[] => [{ role: 'assistant', content: response.text }];

function couples(prompt: GradedPrompt): [GradedResponse, GradedResponse][] {
  const { responses } = prompt;
  return responses.flatMap((first, index) =>
    responses.slice(index + 1).map((second): [GradedResponse, GradedResponse] => [first, second]),
  );
}

/** Every two responses of different grade; the margin is the difference of the grades. */
export function pairs(prompts: readonly GradedPrompt[]): PreferencePair[] {
  return prompts.flatMap((prompt) =>
    couples(prompt)
      .filter(([first, second]) => first.score !== second.score)
      .map(([first, second]) => {
        const [better, worse] = first.score > second.score ? [first, second] : [second, first];
        return {
          kind: 'preference-pair',
          prompt: prompt.prompt,
          chosen: answer(better),
          rejected: answer(worse),
          margin: better.score - worse.score,
        };
      }),
  );
}

/** Every response with its grade. */
export function scored(prompts: readonly GradedPrompt[]): ScoredResponse[] {
  return prompts.flatMap((prompt) =>
    prompt.responses.map((response) => ({
      kind: 'scored-response',
      prompt: prompt.prompt,
      response: answer(response),
      score: response.score,
    })),
  );
}

/** Every two responses, equal grades as ties. Which one is A is drawn, by a hash, so that the position says nothing. */
export function comparisons(prompts: readonly GradedPrompt[]): ComparedResponses[] {
  return prompts.flatMap((prompt) =>
    couples(prompt).map(([first, second], index) => {
      const [a, b] = drawn(`${prompt.id}:${index}`) ? [first, second] : [second, first];
      const difference = Math.abs(a.score - b.score);
      return {
        kind: 'compared-responses',
        prompt: prompt.prompt,
        responseA: answer(a),
        responseB: answer(b),
        preferred: difference === 0 ? 'tie' : a.score > b.score ? 'A' : 'B',
        strength: difference === 0 ? 0 : difference === 1 ? 1 : 2,
      };
    }),
  );
}

/** A coin whose side depends on the key alone. */
const drawn = (key: string): boolean => (createHash('sha256').update(key).digest()[0] ?? 0) < 128;

/** The best response of each prompt, where it earned at least 3. */
export function conversations(prompts: readonly GradedPrompt[]): Conversation[] {
  return prompts.flatMap((prompt) => {
    const best = [...prompt.responses].sort((a, b) => b.score - a.score)[0];
    if (best === undefined || best.score < 3) return [];
    return [{ kind: 'conversation', messages: [...prompt.prompt, ...answer(best)] }];
  });
}

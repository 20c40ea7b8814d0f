/** A grader made of a reward head that a server elsewhere answers for. */

import { promptText } from '../../datasets/records.ts';
import type { MethodId, Scale } from '../../methods/method.ts';
import { invalid } from '../endpoint/answer-body.ts';
import type { EndpointClient } from '../endpoint/endpoint-client.ts';
import type { Grade, GradeRequest, Grader, Question } from '../grader.ts';
import type { RewardEndpointEntry } from '../registry/grader-entry.ts';
import { rewardComparison } from '../reward-comparison.ts';
import { REWARD_API_FORMS } from './reward-apis.ts';

const METHOD_OF: Readonly<Record<RewardEndpointEntry['scale'], MethodId>> = {
  'logit-within-prompt': 'bradley-terry',
  'score-0-4': 'pointwise',
};

export class RewardEndpointGrader implements Grader {
  readonly kind = 'reward-endpoint';
  readonly instant = false;
  readonly id: string;
  readonly name: string;
  readonly scale: Scale;
  readonly #entry: RewardEndpointEntry;
  readonly #client: EndpointClient;

  constructor(entry: RewardEndpointEntry, client: EndpointClient) {
    const { url, api, model, scale } = entry;
    this.id = JSON.stringify([entry.kind, url, api, model ?? null, scale]);
    this.name = entry.name;
    this.scale = scale;
    this.#entry = entry;
    this.#client = client;
  }

  questions({ prompt, response, sibling }: GradeRequest): readonly Question[] {
    const texts = sibling === undefined ? [response] : [response, sibling];
    // A head writes nothing.
    return texts.map((each) => ({ text: promptText([...prompt, ...each]), mostTokens: 0 }));
  }

  async grade({ prompt, response, sibling }: GradeRequest, signal?: AbortSignal): Promise<Grade> {
    const { scale, model, url } = this.#entry;
    const started = performance.now();
    const score = await this.#rewardOf(prompt, response, signal);
    const comparison =
      sibling === undefined ? undefined : rewardComparison(score - (await this.#rewardOf(prompt, sibling, signal)));
    return {
      score,
      scale: this.scale,
      ...(scale === 'score-0-4' ? scored(score) : {}),
      ...(comparison === undefined
        ? {}
        : { comparison: scale === 'score-0-4' ? withoutProbability(comparison) : comparison }),
      provenance: {
        grader: this.name,
        method: METHOD_OF[scale],
        model: `${model === undefined ? '' : `${model} at `}${new URL(url).host}`,
        gradedAt: new Date().toISOString(),
        latencyMs: performance.now() - started,
      },
    };
  }

  dispose(): void {}

  async #rewardOf(prompt: GradeRequest['prompt'], response: GradeRequest['response'], signal?: AbortSignal) {
    const { api, model } = this.#entry;
    const { path, body, answer } = REWARD_API_FORMS[api];
    const asked = { ...(model === undefined ? {} : { model }), ...body(prompt, response) };
    const numbers = await this.#client.post(path, asked, answer, signal);
    const [reward] = numbers;
    if (numbers.length === 1 && reward !== undefined) return reward;
    throw invalid(`has ${numbers.length} numbers for one text, and a reward head gives one: the model is another one`);
  }
}

/** The nearest whole score. A regression may leave its scale; that is told, not hidden. */
function scored(score: number): Pick<Grade, 'label' | 'notes'> {
  const label = Math.round(Math.min(4, Math.max(0, score)));
  if (score >= 0 && score <= 4) return { label };
  return { label, notes: ['The model answered a number outside of its scale of 0 to 4.'] };
}

/** A difference of scores from 0 to 4 is no log-odds. */
function withoutProbability({ margin, verdict }: NonNullable<Grade['comparison']>): NonNullable<Grade['comparison']> {
  return { margin, verdict };
}

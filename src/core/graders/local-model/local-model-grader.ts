/** A grader made of a transformer in a model folder, served on demand on this machine: a reward head or a judge. */

import * as z from 'zod';
import { percentile } from '../../engines/embedded/quantiles.ts';
import type { Scale } from '../../methods/method.ts';
import type { Grade, GradeRequest, Grader } from '../grader.ts';
import { Judge } from '../judge/judge.ts';
import { comparedBy, scoredBy } from '../judge/judged-grade.ts';
import { rewardComparison } from '../reward-comparison.ts';
import type { GraderFile } from './grader-file.ts';
import { ServedChat } from './served-chat.ts';
import type { ServedModel } from './served-model.ts';

export interface LocalModelAbout {
  readonly name: string;
  readonly trainedAt: string;
}

/** With `use_activation` false the one number is the head's own, before any sigmoid. */
const classifySchema = z.object({ data: z.array(z.object({ probs: z.array(z.number()).length(1) })).min(1) });

type Scored = Pick<Grade, 'score' | 'label' | 'percentile' | 'comparison' | 'reason' | 'notes'>;

export class LocalModelGrader implements Grader {
  readonly kind = 'local-model';
  readonly instant = false;
  readonly id: string;
  readonly name: string;
  readonly scale: Scale;
  readonly #folder: string;
  readonly #file: GraderFile;
  readonly #model: ServedModel;
  readonly #trainedAt: string;

  constructor(folder: string, file: GraderFile, model: ServedModel, { name, trainedAt }: LocalModelAbout) {
    this.id = `local-model\n${folder}\n${trainedAt}`;
    this.name = name;
    this.scale = file.scale!;
    this.#folder = folder;
    this.#file = file;
    this.#model = model;
    this.#trainedAt = trainedAt;
  }

  async grade(request: GradeRequest, signal?: AbortSignal): Promise<Grade> {
    signal?.throwIfAborted();
    const started = performance.now();
    const scored = await this.#score(request, signal);
    return {
      ...scored,
      scale: this.scale,
      provenance: {
        grader: this.name,
        method: this.#file.method,
        model: this.#folder,
        trainedAt: this.#trainedAt,
        gradedAt: new Date().toISOString(),
        latencyMs: performance.now() - started,
      },
    };
  }

  dispose(): void {
    this.#model.dispose();
  }

  #score(request: GradeRequest, signal?: AbortSignal): Promise<Scored> {
    const { kind, judge, method } = this.#file;
    if (kind === 'reward') return this.#reward(request, signal);
    const options = { probabilities: false, maxTokens: judge!.max_completion_length };
    const asked = new Judge(new ServedChat(this.#model, judge!), judge!, options);
    return method === 'pairwise' ? comparedBy(asked, request, signal) : scoredBy(asked, request, signal);
  }

  async #reward({ prompt, response, sibling }: GradeRequest, signal?: AbortSignal): Promise<Scored> {
    // Asked at once, so that the server computes them in one batch.
    const [score, other] = await Promise.all([
      this.#rewardOf(prompt, response, signal),
      sibling && this.#rewardOf(prompt, sibling, signal),
    ]);
    const { quantiles, margins } = this.#file.scores ?? {};
    const among = quantiles === undefined ? {} : { percentile: percentile(score, quantiles) };
    if (other === undefined) return { score, ...among };
    const margin = score - other;
    const known = margins ? { percentile: percentile(Math.abs(margin), margins) } : {};
    return { score, ...among, comparison: { ...rewardComparison(margin), ...known } };
  }

  async #rewardOf(prompt: GradeRequest['prompt'], response: GradeRequest['response'], signal?: AbortSignal) {
    // Chat templates want a user's turn first: one that is not known is empty.
    const question = prompt.length > 0 ? prompt : [{ role: 'user', content: '' }];
    const body = { messages: [...question, ...response], use_activation: false };
    const { data } = await this.#model.ask('/classify', body, classifySchema, signal);
    return data[0]!.probs[0]!;
  }
}

/** A grader made of a transformer in a model folder, served on demand on this machine: a reward head or a judge. */

import * as z from 'zod';
import { percentile } from '../../engines/embedded/quantiles.ts';
import { StudioError } from '../../errors.ts';
import type { Scale } from '../../methods/method.ts';
import type { Comparison, Grade, GradeRequest, Grader } from '../grader.ts';
import type { GraderFile } from './grader-file.ts';
import { JudgeQuestions } from './judge-questions.ts';
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
    const questions = new JudgeQuestions(this.#model, judge!);
    return method === 'pairwise' ? comparedBy(questions, request, signal) : scoredBy(questions, request, signal);
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
    const comparison: Comparison = {
      margin,
      verdict: margin > 0 ? 'better' : margin < 0 ? 'worse' : 'tie',
      // Bradley and Terry: the probability is the logistic function of the difference.
      probability: 1 / (1 + Math.exp(-margin)),
      ...(margins ? { percentile: percentile(Math.abs(margin), margins) } : {}),
    };
    return { score, ...among, comparison };
  }

  async #rewardOf(prompt: GradeRequest['prompt'], response: GradeRequest['response'], signal?: AbortSignal) {
    // Chat templates want a user's turn first: one that is not known is empty.
    const question = prompt.length > 0 ? prompt : [{ role: 'user', content: '' }];
    const body = { messages: [...question, ...response], use_activation: false };
    const { data } = await this.#model.ask('/classify', body, classifySchema, signal);
    return data[0]!.probs[0]!;
  }
}

async function scoredBy(
  questions: JudgeQuestions,
  { prompt, response }: GradeRequest,
  signal?: AbortSignal,
): Promise<Scored> {
  const { verdict, reason } = await questions.ask('pointwise', { prompt, response }, signal);
  return { score: verdict as number, label: verdict as number, ...(reason === undefined ? {} : { reason }) };
}

/** Both orders are asked: a judge that names the first whichever it is has said nothing. */
async function comparedBy(
  questions: JudgeQuestions,
  { prompt, response, sibling }: GradeRequest,
  signal?: AbortSignal,
): Promise<Scored> {
  if (sibling === undefined) {
    throw new StudioError('usage', 'This judge compares two responses, and there is only one here.', {
      hint: 'Grade a response that has a sibling, or choose a grader that scores one response.',
    });
  }
  const [first, second] = await Promise.all([
    questions.ask('pairwise', { prompt, response, other: sibling }, signal),
    questions.ask('pairwise', { prompt, response: sibling, other: response }, signal),
  ]);
  const score = (pointsOf(first.verdict, 'A') + pointsOf(second.verdict, 'B')) / 2;
  const agreed = pointsOf(first.verdict, 'A') === pointsOf(second.verdict, 'B');
  const label = score > 0 && agreed ? 'A' : score < 0 && agreed ? 'B' : 'tie';
  return {
    score,
    label,
    comparison: { margin: score, verdict: label === 'A' ? 'better' : label === 'B' ? 'worse' : 'tie' },
    ...(first.reason === undefined ? {} : { reason: first.reason }),
    ...(agreed
      ? {}
      : {
          notes: [
            `The verdict depends on the order: ${first.verdict} with this response first, ${second.verdict} with it second.`,
          ],
        }),
  };
}

/** 1 where the verdict names the side, -1 where it names the other, 0 for a tie. */
const pointsOf = (verdict: unknown, side: 'A' | 'B'): number => (verdict === 'tie' ? 0 : verdict === side ? 1 : -1);

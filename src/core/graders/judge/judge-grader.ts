/** A grader made of any chat model: an endpoint's, or one of the editor's. */

import { createHash } from 'node:crypto';
import { declaredPrompt, outputFormat } from '../../methods/judges/declared-prompts.ts';
import { type JudgePrompt, renderJudgePrompt } from '../../methods/judges/judge-prompt.ts';
import type { JudgeMethod } from '../../methods/judges/read-verdict.ts';
import type { Scale } from '../../methods/method.ts';
import { METHODS } from '../../methods/method.ts';
import type { Grade, GradeRequest, Grader, GraderKind, Question } from '../grader.ts';
import type { PromptEntry } from '../registry/grader-entry.ts';
import type { ChatModel } from './chat-model.ts';
import { Judge } from './judge.ts';
import { comparedBy, scoredBy } from './judged-grade.ts';

export interface JudgeGraderOptions {
  readonly kind: GraderKind;
  readonly name: string;
  readonly method: JudgeMethod;
  readonly prompt: PromptEntry;
  /** What is shown as the model: its name and where it is. */
  readonly model: string;
  /** All else that changes what it answers. */
  readonly identity: readonly unknown[];
  readonly probabilities: boolean;
  readonly maxTokens?: number | undefined;
  /** What is asked for one grade: a model for all of its questions. */
  readonly open: (signal: AbortSignal | undefined) => Promise<ChatModel>;
}

export class JudgeGrader implements Grader {
  readonly kind: GraderKind;
  readonly instant = false;
  readonly id: string;
  readonly name: string;
  readonly scale: Scale;
  readonly #options: JudgeGraderOptions;
  readonly #prompt: JudgePrompt;

  constructor(options: JudgeGraderOptions) {
    const { kind, name, method, model, identity } = options;
    this.#options = options;
    this.#prompt = promptOf(options.prompt, method);
    const version = createHash('sha256').update(JSON.stringify(this.#prompt)).digest('hex').slice(0, 16);
    this.id = JSON.stringify([kind, method, model, version, ...identity]);
    this.kind = kind;
    this.name = name;
    this.scale = METHODS[method].scale!;
  }

  questions({ prompt, response, sibling }: GradeRequest): readonly Question[] {
    const { method, maxTokens } = this.#options;
    const texts =
      method === 'pointwise' || sibling === undefined
        ? [{ prompt, response }]
        : [
            { prompt, response, other: sibling },
            { prompt, response: sibling, other: response },
          ];
    return texts.map((each) => ({ text: renderJudgePrompt(this.#prompt, each), mostTokens: maxTokens }));
  }

  async grade(request: GradeRequest, signal?: AbortSignal): Promise<Grade> {
    const { method, model, probabilities, maxTokens, open } = this.#options;
    const started = performance.now();
    const judge = new Judge(await open(signal), this.#prompt, { probabilities, maxTokens });
    const judged = await (method === 'pairwise' ? comparedBy : scoredBy)(judge, request, signal);
    return {
      ...judged,
      scale: this.scale,
      provenance: {
        grader: this.name,
        method,
        model,
        gradedAt: new Date().toISOString(),
        latencyMs: performance.now() - started,
      },
    };
  }

  dispose(): void {}
}

function promptOf(entry: PromptEntry, method: JudgeMethod): JudgePrompt {
  if ('template' in entry) {
    const { template, principles = '', reasoning } = entry;
    return declaredPrompt(method, { id: template, principles, reasoned: reasoning });
  }
  const tag = method === 'pointwise' ? 'score' : 'better';
  return { id: 'free', tag, text: entry.text, principles: '', output_format: outputFormat(method, entry.reasoning) };
}

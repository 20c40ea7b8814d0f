/** A grader made from an embedded model file: scores in well under a millisecond, here, without a network. */

import type { EmbeddedModel } from '../engines/embedded/model.ts';
import { readModelFile } from '../engines/embedded/model-file.ts';
import { compareResponses, scoreResponse } from '../engines/embedded/score.ts';
import { METHODS, type Scale } from '../methods/method.ts';
import type { Comparison, Grade, GradeRequest, Grader } from './grader.ts';

export class EmbeddedGrader implements Grader {
  readonly kind = 'embedded';
  readonly instant = true;
  readonly id: string;
  readonly name: string;
  readonly scale: Scale;
  readonly #model: EmbeddedModel;
  readonly #file: string;
  readonly #trainedAt: string;

  private constructor(model: EmbeddedModel, file: string, about: { name: string; trainedAt: string }) {
    this.#model = model;
    this.#file = file;
    this.#trainedAt = about.trainedAt;
    this.id = `embedded\n${file}\n${about.trainedAt}`;
    this.name = about.name;
    this.scale = METHODS[model.method].scale ?? 'logit-within-prompt';
  }

  static async load(
    file: string,
    about: { readonly name: string; readonly trainedAt: string },
  ): Promise<EmbeddedGrader> {
    return new EmbeddedGrader(await readModelFile(file), file, about);
  }

  async grade(request: GradeRequest, signal?: AbortSignal): Promise<Grade> {
    signal?.throwIfAborted();
    const started = performance.now();
    const scored = scoreResponse(this.#model, request.prompt, request.response);
    const comparison = request.sibling && this.#compare(request, request.sibling);
    return {
      ...scored,
      scale: this.scale,
      ...(comparison === undefined ? {} : { comparison }),
      provenance: {
        grader: this.name,
        method: this.#model.method,
        model: this.#file,
        trainedAt: this.#trainedAt,
        gradedAt: new Date().toISOString(),
        latencyMs: performance.now() - started,
      },
    };
  }

  dispose(): void {}

  #compare(request: GradeRequest, sibling: NonNullable<GradeRequest['sibling']>): Comparison {
    const { margin, verdict, probabilityA, probabilityTie, probabilityB, percentile } = compareResponses(
      this.#model,
      request.prompt,
      request.response,
      sibling,
    );
    return {
      margin,
      verdict: verdict === 'A' ? 'better' : verdict === 'B' ? 'worse' : 'tie',
      probability: probabilityA,
      probabilities: { better: probabilityA, tie: probabilityTie ?? 0, worse: probabilityB },
      ...(percentile === undefined ? {} : { percentile }),
    };
  }
}

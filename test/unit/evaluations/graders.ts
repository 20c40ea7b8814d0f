import type { Message } from '../../../src/core/datasets/records.ts';
import type { EvaluatedGrader } from '../../../src/core/evaluations/evaluate-file.ts';
import type { JudgedMethod } from '../../../src/core/evaluations/labelled-rows.ts';
import type { Grade, GradeRequest, Grader } from '../../../src/core/graders/grader.ts';
import { METHODS } from '../../../src/core/methods/method.ts';

export const textOf = (messages: readonly Message[]): string => messages.map(({ content }) => content).join('\n');

/** A grader that scores a text by a rule, and may take its time or fail: what a served model is to an evaluation. */
export function ruleGrader(
  method: JudgedMethod,
  rule: (response: string, request: GradeRequest) => number,
  options: { readonly concurrency?: number; readonly delay?: (request: GradeRequest) => Promise<void> } = {},
): EvaluatedGrader {
  const scale = METHODS[method].scale!;
  const grader: Grader = {
    kind: 'local-model',
    id: 'rule',
    instant: false,
    dispose() {},
    name: 'rule',
    scale,
    async grade(request, signal): Promise<Grade> {
      await options.delay?.(request);
      signal?.throwIfAborted();
      const score = rule(textOf(request.response), request);
      const { sibling } = request;
      const margin =
        sibling === undefined ? 0 : score - rule(textOf(sibling), { prompt: request.prompt, response: sibling });
      return {
        score,
        scale,
        ...(sibling && {
          comparison: {
            margin,
            verdict: margin > 0 ? 'better' : margin < 0 ? 'worse' : 'tie',
            probability: 1 / (1 + Math.exp(-margin)),
          },
        }),
        provenance: {
          grader: 'rule',
          method,
          model: 'rule',
          trainedAt: '2026-01-02T03:04:05.000Z',
          gradedAt: '2026-01-02T03:04:05.000Z',
          latencyMs: 0,
        },
      };
    },
  };
  return {
    grader,
    method,
    kind: 'rule',
    model: 'rule',
    trainedAt: '2026-01-02T03:04:05.000Z',
    concurrency: options.concurrency ?? 1,
  };
}

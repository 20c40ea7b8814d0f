/** A grader: what scores a response. A grade always says what its number means and where it comes from. */

import type { Message, Preference } from '../datasets/records.ts';
import type { MethodId, Scale } from '../methods/method.ts';

export interface GradeRequest {
  /** Turns before the response; empty where the prompt is unknown. */
  readonly prompt: readonly Message[];
  readonly response: readonly Message[];
  /** Another response to the same prompt (the other side of a pair), where there is one. */
  readonly sibling?: readonly Message[];
}

/** Against the sibling response of the request. */
export interface Comparison {
  /** Score of the response minus score of its sibling, on the grader's scale. */
  readonly margin: number;
  readonly verdict: 'better' | 'worse' | 'tie';
  /** Probability that the response is the better one, 0 to 1; absent where the grader gives verdicts alone. */
  readonly probability?: number;
  /** Of the three verdicts, where the grader says so. */
  readonly probabilities?: { readonly better: number; readonly tie: number; readonly worse: number };
  /** Percentile (0-100) of |margin| among the margins of the training pairs, where the model knows them. */
  readonly percentile?: number;
}

export interface Provenance {
  /** Name of the grader as the UI shows it. */
  readonly grader: string;
  readonly method: MethodId;
  /** Path of the model file or folder; of an endpoint or a model of the editor, its name and where it is. */
  readonly model: string;
  /** When the model was trained, ISO 8601; nobody tells of an endpoint. */
  readonly trainedAt?: string;
  /** When the grade was made, ISO 8601. */
  readonly gradedAt: string;
  readonly latencyMs: number;
}

export interface Grade {
  readonly score: number;
  readonly scale: Scale;
  /** The verdict where the scale has classes: the nearest whole score 0-4, or A/B/tie. */
  readonly label?: number | Preference;
  /** Of the whole scores 0 to 4, where the grader says so. */
  readonly probabilities?: readonly number[];
  /** Percentile (0-100) of the score among the responses of the training data. */
  readonly percentile?: number;
  readonly comparison?: Comparison;
  readonly reason?: string;
  /** What a person should know of this grade, as sentences. */
  readonly notes?: readonly string[];
  readonly provenance: Provenance;
}

/** The kinds of graders; each is one implementation of `Grader`. */
export const GRADER_KINDS = ['embedded', 'local-model', 'reward-endpoint', 'judge-endpoint', 'editor-model'] as const;
export type GraderKind = (typeof GRADER_KINDS)[number];

/** Kinds that send texts to others: never asked unless a person asks. */
export const isRemoteKind = (kind: GraderKind): boolean => kind !== 'embedded' && kind !== 'local-model';

/** One question of a grade. */
export interface Question {
  readonly text: string;
  /** Most tokens that the answer may have; undefined where there is no limit. */
  readonly mostTokens: number | undefined;
}

export interface Grader {
  readonly kind: GraderKind;
  /** Two graders with one id give one grade to the same texts. */
  readonly id: string;
  readonly name: string;
  readonly scale: Scale;
  /** Whether a grade comes at once and costs nothing, so that it may be made unasked. */
  readonly instant: boolean;
  /** What a grade sends to whoever answers for it, where that is somebody else: for an estimate of the cost. */
  questions?(request: GradeRequest): readonly Question[];
  /** Fails with a `StudioError`; never answers a number it did not compute. */
  grade(request: GradeRequest, signal?: AbortSignal): Promise<Grade>;
  /** Ends what it has started. */
  dispose(): void;
}

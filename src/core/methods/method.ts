/** The four training methods: what each needs, what its model says, and which engine can train it. */

import type { RecordKind } from '../datasets/records.ts';

export const METHOD_IDS = ['bradley-terry', 'pointwise', 'pairwise', 'sft'] as const;
export type MethodId = (typeof METHOD_IDS)[number];

/** What a score means; two scales are never compared. */
export type Scale =
  /** Bradley-Terry reward: only the difference between responses to one prompt means something. */
  | 'logit-within-prompt'
  /** Helpfulness, 0 (worst) to 4 (best). */
  | 'score-0-4'
  /** Log-odds-like preference of A over B in a three-way (A, B, tie) model; positive favours A. */
  | 'preference-a-b-tie';

export interface Method {
  readonly id: MethodId;
  /** As the UI names it. */
  readonly title: string;
  readonly summary: string;
  readonly record: RecordKind;
  /** Scale of the trained model's score; undefined where the model does not score. */
  readonly scale: Scale | undefined;
}

export const METHODS: Readonly<Record<MethodId, Method>> = {
  'bradley-terry': {
    id: 'bradley-terry',
    title: 'Bradley-Terry',
    summary: 'A scalar reward from preference pairs (chosen, rejected).',
    record: 'preference-pair',
    scale: 'logit-within-prompt',
  },
  pointwise: {
    id: 'pointwise',
    title: 'Pointwise (0-4)',
    summary: 'A helpfulness score from 0 to 4 for one response.',
    record: 'scored-response',
    scale: 'score-0-4',
  },
  pairwise: {
    id: 'pairwise',
    title: 'Pairwise (A/B/tie)',
    summary: 'A verdict between two responses: A, B or tie.',
    record: 'compared-responses',
    scale: 'preference-a-b-tie',
  },
  sft: {
    id: 'sft',
    title: 'Supervised fine-tuning (SFT)',
    summary: 'Teaches a base model to answer from conversations; the usual first step before the others.',
    record: 'conversation',
    scale: undefined,
  },
};

const ALIASES: Readonly<Record<string, MethodId>> = { bt: 'bradley-terry' };

/** The method a user named by id or short name (`bt`), or undefined. */
export function findMethod(name: string): Method | undefined {
  const id = ALIASES[name] ?? METHOD_IDS.find((known) => known === name);
  return id === undefined ? undefined : METHODS[id];
}

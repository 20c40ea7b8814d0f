/**
 * The closed list of transforms that a row-shape declaration may name. Python has the same list under the same names:
 * change both together, with a fixture.
 */

import {
  integer,
  lookup,
  majority,
  margin,
  optionalNumber,
  optionalStrength,
  roundedMean,
  signedStrength,
  taskScore,
} from './labels.ts';
import { at, contentAt, eachBetterWorse, eachPair, eachPreferred, listOf, unlabelled } from './structures.ts';
import { completionWithCalls } from './tool-calls.ts';
import type { Transform } from './transform.ts';
import {
  completion,
  conversation,
  instruction,
  join,
  markedTurns,
  messages,
  noPrompt,
  prompt,
  splitDialogues,
  splitMessages,
  withContext,
  withHistory,
  withSystem,
} from './turns.ts';

export const TRANSFORMS = {
  prompt,
  completion,
  'completion-with-calls': completionWithCalls,
  instruction,
  'with-system': withSystem,
  'with-history': withHistory,
  'with-context': withContext,
  'marked-turns': markedTurns,
  messages,
  conversation,
  join,
  'no-prompt': noPrompt,
  'split-dialogues': splitDialogues,
  'split-messages': splitMessages,
  lookup,
  majority,
  integer,
  'rounded-mean': roundedMean,
  'signed-strength': signedStrength,
  'optional-strength': optionalStrength,
  'task-score': taskScore,
  margin,
  'optional-number': optionalNumber,
  'each-pair': eachPair,
  'each-better-worse': eachBetterWorse,
  'each-preferred': eachPreferred,
  at,
  'content-at': contentAt,
  'list-of': listOf,
  unlabelled,
} as const satisfies Record<string, Transform>;

export type TransformName = keyof typeof TRANSFORMS;

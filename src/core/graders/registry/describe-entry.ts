/** A grader of the registry in a few words: what answers, and on which scale. */

import { METHODS, type Scale } from '../../methods/method.ts';
import type { EntryKind, GraderEntry } from './grader-entry.ts';

export const KIND_TITLES: Readonly<Record<EntryKind, string>> = {
  embedded: 'embedded model',
  'local-model': 'local model',
  'reward-endpoint': 'reward endpoint',
  'judge-endpoint': 'judge endpoint',
  'editor-model': 'model of the editor',
};

export const SCALE_TITLES: Readonly<Record<Scale, string>> = {
  'logit-within-prompt': 'reward (logit)',
  'score-0-4': 'score 0-4',
  'preference-a-b-tie': 'A/B/tie',
};

/** Undefined where only the model's own file tells. */
export function scaleOf(entry: GraderEntry): Scale | undefined {
  switch (entry.kind) {
    case 'embedded':
    case 'local-model':
      return undefined;
    case 'reward-endpoint':
      return entry.scale;
    case 'judge-endpoint':
    case 'editor-model':
      return METHODS[entry.method].scale;
  }
}

/** Who is asked: a file, a folder, or a model and its host. */
export function whereOf(entry: GraderEntry): string {
  switch (entry.kind) {
    case 'embedded':
      return entry.model;
    case 'local-model':
      return entry.folder;
    case 'editor-model':
      return entry.vendor === undefined ? entry.model : `${entry.model} of ${entry.vendor}`;
    default:
      return `${entry.model === undefined ? '' : `${entry.model} at `}${new URL(entry.url).host}`;
  }
}

/** The key that it needs, where it names one. */
export const keyNameOf = (entry: GraderEntry): string | undefined => ('url' in entry ? entry.key : undefined);

/** Whether each of its answers costs money, as far as is said. */
export const isPaid = (entry: GraderEntry): boolean =>
  'url' in entry && entry.price !== undefined && entry.price.input_per_million + entry.price.output_per_million > 0;

/** Synthetic records with a planted preference for one word, which a linear model must find. */

import type {
  ComparedResponses,
  Message,
  Preference,
  PreferencePair,
  RowRecord,
  ScoredResponse,
} from '../../../src/core/datasets/records.ts';
import { randomIntegers } from '../../../src/core/engines/embedded/random.ts';

const WORDS = 'river stone lamp garden paper silver window bread copper music winter forest letter candle bridge'.split(
  ' ',
);

export const user = (content: string): Message[] => [{ role: 'user', content }];
export const assistant = (content: string): Message[] => [{ role: 'assistant', content }];

/** Sentences of random words; `planted` of them are the word "welcome". */
function sentence(next: () => number, planted: number): string {
  const words = Array.from({ length: 8 + (next() % 8) }, () => WORDS[next() % WORDS.length]!);
  for (let count = 0; count < planted; count++) words.splice(next() % words.length, 0, 'welcome');
  return `${words.join(' ')}.`;
}

/** Pairs whose chosen response says "welcome"; every prompt comes twice. */
export function plantedPairs(count: number, seed = 1): RowRecord<PreferencePair>[] {
  const next = randomIntegers(seed);
  return Array.from({ length: count }, (_, row) => ({
    row,
    record: {
      kind: 'preference-pair',
      prompt: user(`Question ${row >> 1} of seed ${seed}?`),
      chosen: assistant(sentence(next, 1)),
      rejected: assistant(sentence(next, 0)),
    },
  }));
}

/** Responses scored by how often they say "welcome", 0 to 4 times. */
export function plantedScores(count: number, seed = 1): RowRecord<ScoredResponse>[] {
  const next = randomIntegers(seed);
  return Array.from({ length: count }, (_, row) => ({
    row,
    record: {
      kind: 'scored-response',
      prompt: user(`Question ${row} of seed ${seed}?`),
      response: assistant(sentence(next, row % 5)),
      score: row % 5,
    },
  }));
}

const VERDICTS: readonly Preference[] = ['A', 'B', 'tie'];

/** The response that says "welcome" twice is better; a tie where both say it once. */
export function plantedVerdicts(count: number, seed = 1): RowRecord<ComparedResponses>[] {
  const next = randomIntegers(seed);
  return Array.from({ length: count }, (_, row) => {
    const preferred = VERDICTS[row % 3]!;
    const [a, b] = preferred === 'tie' ? [1, 1] : preferred === 'A' ? [2, 0] : [0, 2];
    return {
      row,
      record: {
        kind: 'compared-responses',
        prompt: user(`Question ${row} of seed ${seed}?`),
        responseA: assistant(sentence(next, a!)),
        responseB: assistant(sentence(next, b!)),
        preferred,
      },
    };
  });
}

export const DATA = { fingerprint: 'planted', path: 'planted.parquet' };

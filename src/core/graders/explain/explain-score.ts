/**
 * Which sentences a score comes from: each is left out in turn, and its contribution is the score of the whole response
 * minus the score without it. Contributions need not add up to the score: sentences may say the same.
 */

import type { Message } from '../../datasets/records.ts';
import { StudioError } from '../../errors.ts';
import type { Grade, GradeRequest, Grader } from '../grader.ts';
import type { TextRange } from '../locate/located.ts';
import { sentencesOf } from './sentences.ts';

/** Of the text of the response's last message. */
export interface SentenceContribution extends TextRange {
  readonly text: string;
  /** In the unit of the explanation; positive where the sentence helps. Null where nothing is left without it. */
  readonly contribution: number | null;
}

export interface Explanation {
  /** Of the whole response. */
  readonly grade: Grade;
  /** What is explained: the score, or the margin over the sibling where the grader only compares. */
  readonly of: 'score' | 'margin';
  readonly value: number;
  readonly sentences: readonly SentenceContribution[];
}

export interface ExplainOptions {
  readonly signal?: AbortSignal | undefined;
  /** How many sentences are asked for at a time. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** More are a document, and a question for each would take long. */
export const MOST_SENTENCES = 400;

/** How often the grader is asked: for the response, and without each sentence. */
export const questionsToExplain = (ranges: readonly TextRange[]): number => (ranges.length > 1 ? ranges.length + 1 : 1);

/**
 * @param ranges what is left out in turn, in place of the sentences of the last message
 * @throws StudioError of the grader; 'usage' for more than `MOST_SENTENCES`, or where a grader that compares has no sibling
 */
export async function explainScore(
  grader: Grader,
  request: GradeRequest,
  { signal, concurrency = 1, onProgress }: ExplainOptions = {},
  ranges: readonly TextRange[] = sentencesOf(lastOf(request.response).content),
): Promise<Explanation> {
  if (ranges.length > MOST_SENTENCES) {
    throw new StudioError(
      'usage',
      `The response has ${ranges.length} sentences; at most ${MOST_SENTENCES} are explained.`,
      {
        hint: 'Select a part of it.',
      },
    );
  }
  const { content } = lastOf(request.response);
  const grade = await grader.grade(request, signal);
  const of = grade.scale === 'preference-a-b-tie' && grade.comparison ? 'margin' : 'score';
  const numberOf = (each: Grade): number => (of === 'margin' ? each.comparison!.margin : each.score);
  const value = numberOf(grade);
  const contributions: (number | null)[] = ranges.map(() => null);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < ranges.length; index = next++) {
      signal?.throwIfAborted();
      const { start, end } = ranges[index]!;
      const rest = content.slice(0, start) + content.slice(end);
      if (rest.trim() !== '') {
        const without = await grader.grade({ ...request, response: withLast(request.response, rest) }, signal);
        contributions[index] = value - numberOf(without);
      }
      onProgress?.(++done, ranges.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, ranges.length) }, work));
  return {
    grade,
    of,
    value,
    sentences: ranges.map(({ start, end }, index) => ({
      ...{ start, end, text: content.slice(start, end) },
      contribution: contributions[index]!,
    })),
  };
}

function lastOf(response: readonly Message[]): Message {
  const last = response.at(-1);
  if (last) return last;
  throw new StudioError('usage', 'There is no response to explain.');
}

const withLast = (response: readonly Message[], content: string): Message[] => [
  ...response.slice(0, -1),
  { ...lastOf(response), content },
];

/** Scores explained by sentences, and responses ranked. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainScore } from '../../../../src/core/graders/explain/explain-score.ts';
import { sentencesOf } from '../../../../src/core/graders/explain/sentences.ts';
import { rankResponses } from '../../../../src/core/graders/rank-responses.ts';
import { ruleGrader } from '../../evaluations/graders.ts';

const response = (content: string) => [{ role: 'assistant' as const, content }];
const prompt = [{ role: 'user' as const, content: 'Where is my parcel?' }];

describe('sentences', () => {
  it('are those that a person reads, and lines of code and lists', () => {
    const text = '  It left Leeds at 3.5 pm. It comes\nsoon!\n\n- bring 1 key\n- wait\n```\nx = 1\n```';
    expect(sentencesOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      '  It left Leeds at 3.5 pm. ',
      'It comes\n',
      'soon!\n\n',
      '- bring 1 key\n',
      '- wait\n',
      '```\n',
      'x = 1\n',
      '```',
    ]);
  });

  it('go on after an abbreviation, but not over the end of a line', () => {
    const text = 'Ask Dr. Hall, e.g. Prof. Smith. No. It is plan B. Then wait.\nMr.\nSmith';
    expect(sentencesOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Ask Dr. Hall, e.g. Prof. Smith. ',
      'No. ',
      'It is plan B. ',
      'Then wait.\n',
      'Mr.\n',
      'Smith',
    ]);
  });

  it('leave nothing of any text out, and none is blank beside others', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '.', ' ', '\n', '!', '\u00e9', '\u{1f600}', '\r') }),
        (text) => {
          const ranges = sentencesOf(text);
          expect(ranges.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
          if (ranges.length > 1)
            for (const { start, end } of ranges) expect(text.slice(start, end).trim()).not.toBe('');
        },
      ),
    );
  });
});

describe('an explanation', () => {
  it('is how much lower the score is without each sentence', async () => {
    const { grader } = ruleGrader(
      'bradley-terry',
      (text) => (text.includes('Leeds') ? 2 : 0) - (text.includes('dunno') ? 5 : 0),
    );
    const explained = await explainScore(grader, { prompt, response: response('It is in Leeds. I dunno more. Bye.') });
    expect(explained).toMatchObject({ of: 'score', value: -3 });
    expect(explained.sentences.map(({ text, contribution }) => [text, contribution])).toEqual([
      ['It is in Leeds. ', 2],
      ['I dunno more. ', -5],
      ['Bye.', 0],
    ]);
  });

  it('is of the margin where a grader only compares, and has no number where nothing is left', async () => {
    const { grader } = ruleGrader('pairwise', (text) => text.length);
    const request = { prompt, response: response('Soon. Now.'), sibling: response('12345') };
    expect(await explainScore(grader, request)).toMatchObject({
      of: 'margin',
      value: 5,
      sentences: [{ contribution: 6 }, { contribution: 4 }],
    });
    const one = await explainScore(grader, { ...request, response: response('Soon.') });
    expect(one.sentences).toMatchObject([{ text: 'Soon.', contribution: null }]);
  });

  it('of very many sentences is refused before anything is asked', async () => {
    let asked = 0;
    const { grader } = ruleGrader('bradley-terry', () => asked++);
    await expect(explainScore(grader, { prompt, response: response('No. '.repeat(401)) })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(asked).toBe(0);
  });
});

describe('a ranking', () => {
  const texts = (...contents: string[]) => contents.map(response);

  it('is by score, and equals share a rank', async () => {
    const { grader } = ruleGrader('bradley-terry', (text) => text.length);
    const { by, ranked } = await rankResponses(grader, prompt, texts('ab', 'abcd', 'xy'));
    expect(by).toBe('score');
    expect(ranked).toEqual([
      { index: 1, rank: 1, score: 4 },
      { index: 0, rank: 2, score: 2 },
      { index: 2, rank: 2, score: 2 },
    ]);
  });

  it('is by wins where a grader only compares, and names a circle', async () => {
    const { grader } = ruleGrader('pairwise', (text) => text.length);
    const { by, ranked, circle } = await rankResponses(grader, prompt, texts('a', 'abc', 'ab'));
    expect({ by, order: ranked.map(({ index }) => index), circle }).toEqual({
      by: 'wins',
      order: [1, 2, 0],
      circle: undefined,
    });
    const beats: Record<string, string> = { rock: 'scissors', scissors: 'paper', paper: 'rock' };
    const game = ruleGrader('pairwise', () => 0).grader;
    const circular = {
      ...game,
      grade: async (request: Parameters<typeof game.grade>[0]) => {
        const grade = await game.grade(request);
        const verdict = beats[request.response[0]!.content] === request.sibling![0]!.content ? 'better' : 'worse';
        return { ...grade, comparison: { margin: 0, verdict } as const };
      },
    };
    const round = await rankResponses(circular, prompt, texts('rock', 'paper', 'scissors'));
    expect(round.ranked.map(({ rank }) => rank)).toEqual([1, 1, 1]);
    expect(round.circle).toHaveLength(3);
  });
});

/** `grade_response` and `compare_responses`. */

import * as z from 'zod';
import { gradeLine } from '../graders/grade-card.ts';
import type { Grade, Grader } from '../graders/grader.ts';
import { METHODS, type Scale } from '../methods/method.ts';
import { agentTool } from './tool.ts';

const LONGEST_TEXT = 200_000;

const text = (about: string) => z.string().min(1).max(LONGEST_TEXT).describe(about);
const prompt = z.string().max(LONGEST_TEXT).describe('What the responses answer; empty where it is not known.');
const grader = z
  .string()
  .optional()
  .describe('Id or name of a finished run; the newest one that can grade when left out.');

const gradeInput = z.object({ prompt, response: text('The response to grade.'), grader });
const compareInput = z.object({
  prompt,
  response_a: text('One response.'),
  response_b: text('The other response to the same prompt.'),
  grader,
});

const MEANINGS: Readonly<Record<Scale, string>> = {
  'logit-within-prompt':
    'A logit of a Bradley-Terry model: it compares responses to one prompt and says nothing about quality by itself.',
  'score-0-4': 'A score from 0 (worst) to 4 (best).',
  'preference-a-b-tie': 'A preference between two responses: above 0 the first is better, below 0 the second.',
};

export const gradeResponse = agentTool({
  name: 'grade_response',
  title: 'Grade Response',
  description:
    'Grades a response to a prompt with a reward model or judge that was trained in this workspace. Answers the score, the meaning of its scale, and its percentile among the responses of the training data. Scores of different scales must not be compared.',
  input: gradeInput,
  async run({ prompt, response, grader }, host, signal) {
    const active = await host.grader(grader);
    const grade = await active.grade(requestOf(prompt, response), signal);
    return { ...about(active, grade), ...scored(grade) };
  },
});

export const compareResponses = agentTool({
  name: 'compare_responses',
  title: 'Compare Responses',
  description:
    'Compares two responses to one prompt with a reward model or judge that was trained in this workspace. Answers the verdict (A, B or tie), the margin on the scale of the grader and, where it knows it, the probability that A is better.',
  input: compareInput,
  async run({ prompt, response_a, response_b, grader }, host, signal) {
    const active = await host.grader(grader);
    const sibling = [{ role: 'assistant' as const, content: response_b }];
    const grade = await active.grade({ ...requestOf(prompt, response_a), sibling }, signal);
    const { comparison } = grade;
    if (comparison) {
      const { margin, verdict, probability, percentile } = comparison;
      return {
        ...about(active, grade),
        verdict: verdict === 'better' ? 'A' : verdict === 'worse' ? 'B' : 'tie',
        margin,
        ...(probability === undefined ? {} : { probability_a_is_better: probability }),
        ...(percentile === undefined ? {} : { percentile_of_margin: percentile }),
        ...noted(grade),
      };
    }
    // A judge of single responses scores each; whole scores can be equal.
    const other = await active.grade(requestOf(prompt, response_b), signal);
    const margin = grade.score - other.score;
    return {
      ...about(active, grade),
      verdict: margin > 0 ? 'A' : margin < 0 ? 'B' : 'tie',
      margin,
      score_a: grade.score,
      score_b: other.score,
      ...noted(grade),
    };
  },
});

const requestOf = (prompt: string, response: string) => ({
  prompt: prompt === '' ? [] : [{ role: 'user' as const, content: prompt }],
  response: [{ role: 'assistant' as const, content: response }],
});

const about = (grader: Grader, { scale, provenance }: Grade) => ({
  grader: grader.name,
  method: METHODS[provenance.method].title,
  trained_at: provenance.trainedAt,
  scale,
  meaning: MEANINGS[scale],
});

const scored = (grade: Grade) => ({
  score: grade.score,
  ...(grade.label === undefined ? {} : { label: grade.label }),
  ...(grade.percentile === undefined ? {} : { percentile_in_training_data: grade.percentile }),
  in_words: gradeLine(grade),
  ...noted(grade),
});

const noted = ({ notes, reason }: Grade) => ({
  ...(reason === undefined ? {} : { reason }),
  ...(notes === undefined ? {} : { notes }),
});

import { describe, expect, it } from 'vitest';
import { markOfGrade } from '../../../src/core/graders/grade-mark.ts';
import type { Grade } from '../../../src/core/graders/grader.ts';
import {
  describeLowGrade,
  measuresOfScale,
  parseThreshold,
  type Threshold,
} from '../../../src/core/graders/low-grade.ts';

const provenance: Grade['provenance'] = {
  grader: 'support',
  method: 'bradley-terry',
  model: 'model.rsm',
  gradedAt: '2026-01-02T03:04:05Z',
  latencyMs: 1,
};
const worse: Grade['comparison'] = { margin: -0.4, verdict: 'worse', probability: 0.4 };
const logit = (more: Partial<Grade> = {}): Grade => ({ score: -7, scale: 'logit-within-prompt', provenance, ...more });
const scored = (score: number): Grade => ({ score, scale: 'score-0-4', percentile: 90, provenance });

const threshold = (grade: Grade, id: string, below: number): Threshold => {
  const measure = measuresOfScale(grade.scale).find((each) => each.id === id);
  if (!measure) throw new Error(`${grade.scale} has no ${id}`);
  return { measure, below };
};
const low = (grade: Grade, id: string, below: number) => describeLowGrade(grade, threshold(grade, id, below));

describe('low grades', () => {
  it('a reward is never low by itself: by its percentile, or by its margin', () => {
    expect(measuresOfScale('logit-within-prompt').map(({ id }) => id)).toEqual(['percentile', 'margin']);
    expect(low(logit({ comparison: worse }), 'margin', 0)).toBe(
      'Reward margin \u22120.40 over the sibling response, below 0',
    );
    expect(low(logit({ percentile: 12.4 }), 'percentile', 25)).toBe(
      'Percentile 12 of 100 among training responses, below 25',
    );
    expect(low(logit({ percentile: 12.4 }), 'percentile', 12)).toBeUndefined();
  });

  it('what a grade does not say is not low', () => {
    expect(low(logit(), 'margin', 100)).toBeUndefined();
    expect(low(logit(), 'percentile', 100)).toBeUndefined();
  });

  it('a score is low by the scale of 0 to 4, and not at the threshold', () => {
    expect(low(scored(1.2), 'score', 2)).toBe('Score 1.20 of 4, below 2');
    expect(low(scored(2), 'score', 2)).toBeUndefined();
  });

  it('a threshold is a number that the measure can have', () => {
    const [percentile, margin] = measuresOfScale('logit-within-prompt');
    expect(parseThreshold('12,5', percentile!)).toMatchObject({ below: 12.5 });
    expect(parseThreshold('101', percentile!)).toEqual({ problem: 'Percentile is 0 to 100.' });
    expect(parseThreshold('\u22121.5', margin!)).toMatchObject({ below: -1.5 });
    for (const text of ['', ' ', 'low', '1e999'])
      expect(parseThreshold(text, margin!)).toEqual({ problem: 'This is not a number.' });
  });
});

describe('marks', () => {
  it('of a reward: the verdict over its sibling, else its percentile, else none, whatever the number', () => {
    expect(markOfGrade(logit({ comparison: worse, percentile: 99 }))).toBe('verdict-worse');
    expect(markOfGrade(logit({ percentile: 80 }))).toBe('percentile-high');
    expect(markOfGrade(logit({ percentile: 24.9 }))).toBe('percentile-low');
    expect(markOfGrade(logit({ score: 1000 }))).toBeUndefined();
  });

  it('of a score: the score, whatever the percentile', () => {
    expect([3.1, 2, 0.5].map((score) => markOfGrade(scored(score)))).toEqual([
      'score-high',
      'score-middle',
      'score-low',
    ]);
    expect(markOfGrade(scored(Number.NaN))).toBeUndefined();
  });
});

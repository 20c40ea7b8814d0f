import { describe, expect, it } from 'vitest';
import { bestConstant, chance, chanceLoss, majorityClass, pickLonger } from '../../../src/core/methods/baselines.ts';

const said = (content: string) => [{ role: 'assistant' as const, content }];

describe('baselines', () => {
  it('pick-longer compares characters; equal lengths count one half', () => {
    const pairs = [
      { better: said('longer'), worse: said('short') },
      { better: said('a'), worse: said('longer') },
      { better: said('same'), worse: said('size') },
    ];
    expect(pickLonger('pair-accuracy', pairs)).toMatchObject({
      baseline: 'pick-longer',
      measure: { value: 0.5, n: 3 },
    });
  });

  it('majority class names its answer', () => {
    expect(majorityClass(['A', 'B', 'B', 'tie'])).toMatchObject({ answer: 'B', measure: { value: 0.5, n: 4 } });
    expect(majorityClass([3, 3, 0])).toMatchObject({ answer: '3', measure: { name: 'exact-accuracy' } });
  });

  it('the best constant is the median, and no constant has a lower error', () => {
    const labels = [0, 1, 3, 3, 4, 4];
    const { answer, measure } = bestConstant(labels);
    expect(answer).toBe('3');
    const errorOf = (guess: number) => labels.reduce((sum, label) => sum + Math.abs(label - guess), 0) / labels.length;
    expect(measure.value).toBeCloseTo(Math.min(...[0, 0.5, 1, 2, 2.5, 3, 3.5, 4].map(errorOf)), 12);
  });

  it('chance is known exactly', () => {
    expect(chance('exact-accuracy', 9, 5).measure).toMatchObject({ value: 0.2, n: 9, interval: [0.2, 0.2] });
  });

  it('no signal costs ln 2 a pair', () => {
    expect(chanceLoss(10, 2)).toMatchObject({
      baseline: 'chance',
      measure: { name: 'log-loss', n: 10, better: 'lower' },
    });
    expect(chanceLoss(10, 2).measure.value).toBe(Math.LN2);
  });
});

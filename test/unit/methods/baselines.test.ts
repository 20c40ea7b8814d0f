import { describe, expect, it } from 'vitest';
import {
  bestConstant,
  chance,
  chanceLoss,
  longerIsBetter,
  majorityClass,
  pickLonger,
} from '../../../src/core/methods/baselines.ts';
import { ShareTally } from '../../../src/core/methods/tallies.ts';

const said = (content: string) => [{ role: 'assistant' as const, content }];

describe('baselines', () => {
  it('pick-longer compares characters; equal lengths count one half', () => {
    const outcomes = new ShareTally();
    outcomes.add(longerIsBetter(said('longer'), said('short')));
    outcomes.add(longerIsBetter(said('a'), said('longer')));
    outcomes.add(longerIsBetter(said('same'), said('size')));
    expect(pickLonger('pair-accuracy', outcomes)).toMatchObject({
      baseline: 'pick-longer',
      measure: { value: 0.5, n: 3 },
    });
  });

  it('majority class names its answer', () => {
    const preferred = [
      ['A', 1],
      ['B', 2],
      ['tie', 1],
    ] as const;
    expect(majorityClass(preferred)).toMatchObject({ answer: 'B', measure: { value: 0.5, n: 4 } });
    const scores = [
      [0, 1],
      [3, 2],
    ] as const;
    expect(majorityClass(scores)).toMatchObject({ answer: '3', measure: { name: 'exact-accuracy' } });
  });

  it('the best constant is the median, and no constant has a lower error', () => {
    const labels = [0, 1, 3, 3, 4, 4];
    const counted = [0, 1, 2, 3, 4].map((label) => [label, labels.filter((each) => each === label).length] as const);
    const { answer, measure } = bestConstant(counted);
    expect(answer).toBe('3');
    const errorOf = (guess: number) => labels.reduce((sum, label) => sum + Math.abs(label - guess), 0) / labels.length;
    expect(measure.value).toBeCloseTo(Math.min(...[0, 0.5, 1, 2, 2.5, 3, 3.5, 4].map(errorOf)), 12);
    const between = [
      [1, 2],
      [4, 2],
    ] as const;
    expect(bestConstant(between).answer).toBe('2.5');
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

import { describe, expect, it } from 'vitest';
import { baselinesOf, knownMetric, layoutOf } from '../../../src/core/runs/metric-names.ts';

describe('names of metrics', () => {
  it.each([
    ['train/loss', 'loss', 'train'],
    ['loss', 'loss', 'train'],
    ['validation/loss', 'loss', 'validation'],
    ['val/loss', 'loss', 'validation'],
    ['eval_loss', 'loss', 'validation'],
    ['rewards/accuracies', 'accuracy', 'train'],
    ['eval_rewards/margins', 'margin', 'validation'],
    ['train/reward_chosen', 'rewards', 'train'],
    ['critic/rewards/mean', 'reward', 'train'],
    ['val-core/judge-bench/acc/mean@4', 'accuracy', 'validation'],
    ['val-aux/a/b/reward/mean@1', 'reward', 'validation'],
    ['actor/kl_loss', 'kl', 'train'],
    ['actor/entropy', 'entropy', 'train'],
    ['response_length/mean', 'response_length', 'train'],
    ['completions/mean_length', 'response_length', 'train'],
    ['actor/grad_norm', 'grad_norm', 'train'],
    ['train/lr', 'learning_rate', 'train'],
    ['perf/throughput', 'throughput', 'train'],
    ['system/gpu_memory_gb', 'gpu_memory', 'train'],
    ['frac_reward_zero_std', 'dead_groups', 'train'],
  ])('%s is %s of %s rows', (name, quantity, set) => {
    const metric = knownMetric(name);
    expect([metric.quantity.id, metric.set]).toEqual([quantity, set]);
  });

  it("keeps the sources of verl's validation apart", () => {
    expect(knownMetric('val-core/judge-bench/acc/mean@4').part).toBe('judge-bench');
  });

  it('puts the outcome first, hardware after it, and names that nobody knows last, by themselves', () => {
    const groups = layoutOf([
      'zeta',
      'grad_norm',
      'train/accuracy',
      'alpha',
      'validation/accuracy',
      'train/loss',
      'zeta',
    ]);
    expect(
      groups.map(({ id, charts }) => [id, charts.map(({ quantity, metrics }) => [quantity.id, metrics.length])]),
    ).toEqual([
      [
        'learning',
        [
          ['loss', 1],
          ['accuracy', 2],
        ],
      ],
      ['optimiser', [['grad_norm', 1]]],
      [
        'other',
        [
          ['other:alpha', 1],
          ['other:zeta', 1],
        ],
      ],
    ]);
  });
});

describe('baselines of charts', () => {
  const evaluation = {
    baselines: [
      { baseline: 'pick-longer', measure: { name: 'pair-accuracy', value: 0.578 } },
      { baseline: 'chance', measure: { name: 'pair-accuracy', value: 0.5 } },
      { baseline: 'best-constant', measure: { name: 'mean-absolute-error', value: 0.9 } },
    ],
  };

  it('are ln 2 and one half where pairs are ranked', () => {
    expect(baselinesOf('loss', 'bradley-terry', undefined).map(({ value }) => value)).toEqual([Math.LN2]);
    expect(baselinesOf('accuracy', 'bradley-terry', undefined).map(({ value }) => value)).toEqual([0.5]);
    expect(baselinesOf('loss', 'pointwise', undefined)).toEqual([]);
  });

  it('add what the evaluation has of the same measure, none twice', () => {
    expect(baselinesOf('accuracy', 'bradley-terry', evaluation)).toEqual([
      { label: 'chance', value: 0.5 },
      { label: 'pick-longer', value: 0.578 },
    ]);
  });
});

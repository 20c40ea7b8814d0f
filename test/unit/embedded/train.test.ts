import { describe, expect, it } from 'vitest';
import type { RowRecord } from '../../../src/core/datasets/records.ts';
import { evaluateEmbedded } from '../../../src/core/engines/embedded/evaluate.ts';
import { encodeModel } from '../../../src/core/engines/embedded/model-file.ts';
import { compareResponses, scoreResponse } from '../../../src/core/engines/embedded/score.ts';
import { type StepMetrics, type TrainEmbedded, trainEmbedded } from '../../../src/core/engines/embedded/train.ts';
import { assistant, DATA, plantedPairs, plantedScores, plantedVerdicts, user } from './planted-data.ts';

const pairs = plantedPairs(200);

const train = (options: Partial<TrainEmbedded> & Pick<TrainEmbedded, 'records'>) =>
  trainEmbedded({ method: 'bradley-terry', seed: 7, data: DATA, ...options });

const first = (evaluation: ReturnType<typeof evaluateEmbedded>) => evaluation.measures[0]!.value;

describe('a planted preference is learned', () => {
  it('Bradley-Terry ranks new pairs', async () => {
    const { model } = await train({ records: pairs });
    const evaluation = evaluateEmbedded(model, plantedPairs(200, 2));
    expect(first(evaluation)).toBeGreaterThan(0.95);
    const beside = evaluation.baselines.map(({ baseline, measure }) => `${baseline} ${measure.name}`);
    expect(beside).toEqual(['pick-longer pair-accuracy', 'chance pair-accuracy', 'chance log-loss']);
  });

  it('pairwise names the better response and the ties', async () => {
    const { model } = await train({ method: 'pairwise', records: plantedVerdicts(300) });
    const evaluation = evaluateEmbedded(model, plantedVerdicts(300, 2));
    expect(first(evaluation)).toBeGreaterThan(0.9);
    expect(model.thresholds[0]).toBeGreaterThan(0);
  });

  it('pointwise scores new responses', async () => {
    const { model } = await train({ method: 'pointwise', records: plantedScores(400), settings: { epochs: 60 } });
    const evaluation = evaluateEmbedded(model, plantedScores(200, 2));
    const constant = evaluation.baselines.find(({ baseline }) => baseline === 'best-constant')!;
    expect(constant.measure.value).toBeCloseTo(1.2, 9);
    expect(first(evaluation)).toBeLessThan(0.6);
    expect([...model.thresholds].sort((a, b) => a - b)).toEqual(model.thresholds);
  });
});

describe('determinism', () => {
  it('the same seed gives the same bytes, another seed gives others', async () => {
    const bytes = async (seed: number) => encodeModel((await train({ records: pairs, seed })).model);
    const one = await bytes(7);
    expect((await bytes(7)).equals(one)).toBe(true);
    expect((await bytes(8)).equals(one)).toBe(false);
  });
});

describe('a comparison', () => {
  const prompt = user('Question?');
  const [a, b] = [assistant('welcome, a bridge of stone'), assistant('a candle in the garden?')];

  it('is antisymmetric exactly', async () => {
    for (const { model } of [
      await train({ records: pairs }),
      await train({ method: 'pairwise', records: plantedVerdicts(60) }),
    ]) {
      const forward = compareResponses(model, prompt, a, b);
      const backward = compareResponses(model, prompt, b, a);
      expect(backward.margin).toBe(-forward.margin);
      expect(backward.probabilityA).toBe(forward.probabilityB);
      expect(backward.probabilityTie).toBe(forward.probabilityTie);
      expect([forward.verdict, backward.verdict]).toEqual(['A', 'B']);
      expect(backward.percentile).toBe(forward.percentile);
      expect(compareResponses(model, prompt, a, a)).toMatchObject({ margin: 0, verdict: 'tie', percentile: 0 });
    }
  });

  it('of two pointwise scores has probabilities that add up to 1', async () => {
    const { model } = await train({ method: 'pointwise', records: plantedScores(100) });
    const { probabilityA, probabilityB, probabilityTie, percentile } = compareResponses(model, prompt, a, b);
    expect(probabilityA + probabilityB + probabilityTie!).toBeCloseTo(1, 12);
    expect(percentile).toBeUndefined();
    const { score, label, probabilities } = scoreResponse(model, prompt, a);
    expect(score).toBeCloseTo(
      probabilities!.reduce((sum, probability, level) => sum + probability * level, 0),
      12,
    );
    expect([0, 1, 2, 3, 4]).toContain(label);
  });

  it('takes empty, very long and odd text', async () => {
    const { model } = await train({ records: pairs });
    for (const text of ['', ' \n', '\ud800', '漢字かな交じり文。', '🙂🙂', 'word '.repeat(50_000)]) {
      expect(scoreResponse(model, [], assistant(text)).score, text.slice(0, 20)).toSatisfy(Number.isFinite);
    }
    expect(scoreResponse(model, [], []).score).toSatisfy(Number.isFinite);
  });
});

describe('progress', () => {
  it('tells losses and accuracies after each epoch', async () => {
    const seen: StepMetrics[] = [];
    const { trainRows } = await train({
      records: pairs,
      settings: { epochs: 3 },
      onMetrics: (metrics) => seen.push(metrics),
    });
    expect(seen.map(({ step, totalSteps, epoch }) => [step, totalSteps, epoch])).toEqual(
      [1, 2, 3].map((epoch) => [epoch * trainRows, 3 * trainRows, epoch]),
    );
    expect(Object.keys(seen[0]!.values)).toEqual([
      'train/loss',
      'train/accuracy',
      'validation/loss',
      'validation/accuracy',
      'validation/margin',
    ]);
  });

  it('stops early once the validation loss no longer falls, and keeps the best weights', async () => {
    // Labels of the validation rows are turned round: what helps training hurts there from the first epoch on.
    const turned = plantedPairs(40, 3).map(({ row, record }) => ({
      row,
      record: { ...record, chosen: record.rejected, rejected: record.chosen },
    }));
    const losses: number[] = [];
    const options = { records: pairs, validation: turned, settings: { patience: 2, epochs: 50 } };
    const { model } = await train({ ...options, onMetrics: ({ values }) => losses.push(values['validation/loss']!) });
    expect(losses).toHaveLength(3);
    const kept = model.validation!.measures.find(({ name }) => name === 'log-loss')!.value;
    expect(kept).toBeCloseTo(Math.min(...losses), 5);
    expect(kept).toBeLessThan(losses.at(-1)!);
  });

  it('can be cancelled between epochs', async () => {
    const stop = new AbortController();
    const running = train({ records: pairs, onMetrics: () => stop.abort(), signal: stop.signal });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(train({ records: pairs, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('rows', () => {
  it('whose two responses are identical are left out and counted', async () => {
    const same = pairs.slice(0, 5).map(({ row, record }) => ({ row, record: { ...record, rejected: record.chosen } }));
    const trained = await train({ records: [...pairs, ...same] });
    expect(trained.skippedRows).toBe(5);
    expect(trained.trainRows + trained.validationRows).toBe(200);
    expect(trained.warnings).toEqual(['5 rows were left out: their two responses are identical.']);
  });

  const oneVerdict = plantedVerdicts(90).filter(({ record }) => record.preferred === 'A');
  const refusals: readonly [string, Partial<TrainEmbedded> & { records: readonly RowRecord[] }, string][] = [
    ['too few', { records: pairs.slice(0, 19) }, 'too-few-rows'],
    ['of one class', { method: 'pairwise', records: oneVerdict }, 'one-class'],
    ['of another method', { method: 'pointwise', records: pairs }, 'invalid-row'],
    ['none for validation', { records: pairs, validation: [] }, 'no-rows'],
    ['for SFT', { method: 'sft', records: pairs }, 'not-available'],
    ['with an impossible setting', { records: pairs, settings: { epochs: 0 } }, 'usage'],
  ];
  it.each(refusals)('%s are refused', async (_, options, code) => {
    await expect(train(options)).rejects.toMatchObject({ name: 'StudioError', code });
  });

  it('are trained on without validation where nothing can be held out', async () => {
    const { model, validationRows, warnings } = await train({ records: pairs, settings: { validation_share: 0 } });
    expect(validationRows).toBe(0);
    expect(model.validation).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });
});

describe('settings', () => {
  it.each([{ word_ngrams: 0 }, { char_ngrams: 0 }, { surface_features: false, hash_bits: 12 }])(
    '%o train as well',
    async (settings) => {
      const { model } = await train({ records: pairs, settings });
      expect(first(evaluateEmbedded(model, plantedPairs(100, 2)))).toBeGreaterThan(0.9);
    },
  );
});

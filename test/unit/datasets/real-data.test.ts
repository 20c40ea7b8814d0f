import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../src/core/datasets/checks/check-dataset.ts';
import { convert } from '../../../src/core/datasets/convert.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import { adviseMethods, recognise } from '../../../src/core/datasets/recognise.ts';
import type { ComparedResponses, ScoredResponse } from '../../../src/core/datasets/records.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import {
  FINE_GRAINED,
  HH_RLHF,
  PANDALM,
  PROMETHEUS,
  readAll,
  realData,
  realDataIsThere,
  suiteFolder,
  withDataset,
} from './files.ts';

const folder = suiteFolder();

describe.skipIf(!realDataIsThere)('the real data sets in ../shared/data', () => {
  it.each([
    [HH_RLHF, 'bradley-terry', 'dialogue-pairs'],
    [PANDALM, 'pairwise', 'pandalm-annotators'],
    [PROMETHEUS, 'pointwise', 'prometheus-scored'],
    [FINE_GRAINED, 'pairwise', 'ranked-responses'],
  ] as const)('%s is for %s', async (name, method, format) => {
    const advice = await withDataset(realData(name), async (dataset) => adviseMethods(await recognise(dataset)));
    expect(advice[0]).toMatchObject({ method, fits: true, format });
  });

  it('hh-rlhf: 2,308 of 2,312 rows are pairs, four have an empty response, and the longer one wins 44 %', async () => {
    const report = await withDataset(realData(HH_RLHF), (dataset) => checkDataset(dataset, 'bradley-terry'));
    expect(report.totals).toEqual({ rows: 2312, usable: 2308, dropped: 4 });
    expect(report.ok).toBe(true);
    const length = report.findings.find((finding) => finding.id === 'length-bias');
    expect(length?.share).toBeCloseTo(0.445, 2);
    expect(report.findings.find((finding) => finding.id === 'empty-value')?.rows).toEqual([86, 516, 925, 1103]);
  });

  it('hh-rlhf: turns are kept, and every pair goes on with the assistant', async () => {
    const { records } = await loadRecords(realData(HH_RLHF), METHODS['bradley-terry']);
    const pairs = records.flatMap(({ record }) => (record.kind === 'preference-pair' ? [record] : []));
    expect(pairs.filter((pair) => pair.prompt.length > 1).length).toBeGreaterThan(1_000);
    expect(pairs.every((pair) => pair.prompt.at(-1)?.role === 'user')).toBe(true);
    expect(pairs.every((pair) => [pair.chosen, pair.rejected].every(([first]) => first?.role === 'assistant'))).toBe(
      true,
    );
  });

  it('PandaLM: 999 rows by majority vote, 105 ties; six boolean responses are text', async () => {
    const { records, problems } = await loadRecords(realData(PANDALM), METHODS.pairwise);
    expect(problems.count).toBe(0);
    const counts = { A: 0, B: 0, tie: 0 };
    for (const { record } of records) counts[(record as ComparedResponses).preferred]++;
    expect(counts).toEqual({ A: 422, B: 472, tie: 105 });
    const texts = records.flatMap(({ record }) => {
      const { responseA, responseB } = record as ComparedResponses;
      return [responseA[0]?.content, responseB[0]?.content];
    });
    expect(texts.filter((text) => text === 'true')).toHaveLength(6);
  });

  it('Prometheus: 640 scores from 0 to 4', async () => {
    const { records } = await loadRecords(realData(PROMETHEUS), METHODS.pointwise);
    expect(records).toHaveLength(640);
    expect(new Set(records.map(({ record }) => (record as ScoredResponse).score))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('fine-grained: 500 rows of four responses are 3,000 comparisons, 2,616 pairs without the ties', async () => {
    const { records } = await loadRecords(realData(FINE_GRAINED), METHODS.pairwise);
    expect(records).toHaveLength(3000);
    const report = await convert({
      input: realData(FINE_GRAINED),
      method: 'bradley-terry',
      outputDir: path.join(folder(), 'fine'),
    });
    expect(report).toMatchObject({ rows: 500, records: 2616, derivedFrom: 'pairwise' });
    expect(report.dropped).toMatchObject([{ reason: 'tie', count: 384 }]);
  });

  it('hh-rlhf splits 80 to 20 with no prompt on both sides', async () => {
    const report = await convert({
      input: realData(HH_RLHF),
      method: 'bradley-terry',
      outputDir: path.join(folder(), 'hh'),
      split: { train: 0.8, test: 0.2 },
    });
    const [train, test] = await Promise.all(report.files.map((file) => readAll(file.path)));
    expect([train?.length, test?.length]).toEqual([1846, 462]);
    const prompts = new Set(train?.map(([prompt]) => JSON.stringify(prompt)));
    expect(test?.filter(([prompt]) => prompts.has(JSON.stringify(prompt)))).toEqual([]);
  });
});

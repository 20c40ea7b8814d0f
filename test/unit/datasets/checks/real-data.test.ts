import { describe, expect, it } from 'vitest';
import { type CheckOptions, checkDataset } from '../../../../src/core/datasets/checks/check-dataset.ts';
import { approximateTokenizer } from '../../../../src/core/datasets/checks/tokenizer.ts';
import type { MethodId } from '../../../../src/core/methods/method.ts';
import { FINE_GRAINED, HH_RLHF, PANDALM, PROMETHEUS, realData, realDataIsThere, withDataset } from '../files.ts';
import { finding } from './rows.ts';

const check = (name: string, method: MethodId, options: CheckOptions = {}) =>
  withDataset(realData(name), (dataset) => checkDataset(dataset, method, options));

describe.skipIf(!realDataIsThere)('checks of the real data sets in ../shared/data', () => {
  it('hh-rlhf: pick-longer is right in 0.446 of 2,308 pairs; 0.444 where equally long counts as wrong', async () => {
    const report = await check(HH_RLHF, 'bradley-terry');
    const length = finding(report, 'length-bias')!;
    expect(length.severity).toBe('info');
    expect(length.share).toBeCloseTo(0.4463, 3);
    // `count` is the pairs whose better response is strictly longer, all turns after the shared prompt taken together;
    // comparing the last turn alone gives 1,023: 0.443.
    expect(length.count).toBe(1025);
    expect(length.message).toContain('95 % interval 0.426 to 0.467');
    expect(length.message).toContain('11 equally long');
  });

  it('hh-rlhf: e-mail addresses, turns out of order, near-identical pairs; no secrets, no duplicates', async () => {
    const report = await check(HH_RLHF, 'bradley-terry');
    expect(finding(report, 'email-addresses')?.rows).toEqual([352, 476, 653, 1259, 2167, 2188]);
    expect(finding(report, 'roles-out-of-order')?.count).toBe(9);
    expect(finding(report, 'near-identical-pair')?.rows).toEqual([74, 435, 1068]);
    const passed = report.passed.map(({ id }) => id);
    expect(passed).toEqual(expect.arrayContaining(['secrets', 'duplicate', 'contradictory-labels']));
  });

  it('hh-rlhf: all text checks; the file as its own benchmark and other side occurs whole', async () => {
    const truncation = { tokenizer: approximateTokenizer('words'), maxLength: 512 };
    const report = await withDataset(realData(HH_RLHF), (other) =>
      check(HH_RLHF, 'bradley-terry', {
        textChecks: 'deep',
        truncation,
        benchmark: { dataset: other },
        against: { dataset: other },
      }),
    );
    expect(report.notRun).toEqual([]);
    expect(finding(report, 'split-leakage')?.count).toBe(2308);
    expect(finding(report, 'contamination')?.share).toBe(1);
    expect(finding(report, 'rows-cut')?.count).toBe(77);
    expect(finding(report, 'identical-after-truncation')?.count).toBe(25);
    expect(finding(report, 'near-duplicate-prompts')?.count).toBe(8);
  });

  it('PandaLM: three annotators, 879 of 999 unanimous; 105 ties; 136 repeats; A and B about even', async () => {
    const report = await check(PANDALM, 'pairwise');
    const message = finding(report, 'annotator-agreement')?.message;
    expect(message).toContain('Of 999 rows judged by up to 3 annotators, 879 (88 %) have one label from all');
    expect(finding(report, 'tie-rate')).toMatchObject({ severity: 'info', count: 105 });
    expect(finding(report, 'duplicate')?.count).toBe(136);
    expect(finding(report, 'position-bias')).toMatchObject({ severity: 'info', count: 422 });
    expect(finding(report, 'length-bias')).toMatchObject({ severity: 'warning' });
  });

  it('Prometheus: nothing structural is wrong', async () => {
    const report = await check(PROMETHEUS, 'pointwise');
    expect(report).toMatchObject({ ok: true, totals: { usable: 640 } });
    expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('fine-grained: 384 of 3,000 comparisons are ties, and the first is better in 60 % of the others', async () => {
    const report = await check(FINE_GRAINED, 'pairwise');
    expect(finding(report, 'tie-rate')?.count).toBe(384);
    const position = finding(report, 'position-bias');
    expect(position?.share).toBeCloseTo(0.603, 3);
    expect(position?.message).toContain('probability of below 0.001');
  });
});

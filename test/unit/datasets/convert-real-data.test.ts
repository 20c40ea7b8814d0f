import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ConvertOptions, convert } from '../../../src/core/datasets/convert.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import { promptKey, promptOf, type TrainingRecord } from '../../../src/core/datasets/records.ts';
import { DIALECTS } from '../../../src/core/datasets/writers/dialects/dialects.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import { FINE_GRAINED, HH_RLHF, PANDALM, PROMETHEUS, realData, realDataIsThere, suiteFolder } from './files.ts';

const folder = suiteFolder();
let outputs = 0;

async function converted(name: string, options: Pick<ConvertOptions, 'method'> & Partial<ConvertOptions>) {
  const outputDir = path.join(folder(), `out${outputs++}`);
  const report = await convert({ input: realData(name), outputDir, ...options });
  const parts: TrainingRecord[][] = [];
  for (const file of report.files) {
    const { records, problems } = await loadRecords(file.path, METHODS[options.method]);
    expect(problems.count).toBe(0);
    parts.push(records.map(({ record }) => record));
  }
  return { report, parts };
}

/** The rows of the raw file, read without our readers. */
async function rawRows<T>(name: string): Promise<T[]> {
  const text = gunzipSync(await readFile(realData(name))).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

const SPLIT = { train: 0.8, val: 0.1, test: 0.1 };

describe.skipIf(!realDataIsThere)('the real data sets convert end to end', () => {
  it('hh-rlhf: 2,308 pairs, as many as the raw file has with two responses, with every turn', async () => {
    const raw = await rawRows<{ chosen: string; rejected: string }>(HH_RLHF);
    const answered = (text: string) => text.slice(text.lastIndexOf('\n\nAssistant:') + 12).trim() !== '';
    expect(raw.filter((row) => answered(row.chosen) && answered(row.rejected))).toHaveLength(2308);
    const { report, parts } = await converted(HH_RLHF, { method: 'bradley-terry' });
    expect(report).toMatchObject({ rows: 2312, records: 2308, dropped: [{ reason: 'empty-value', count: 4 }] });
    const turns = raw
      .filter((row) => answered(row.chosen) && answered(row.rejected))
      .map((row) => row.chosen.split(/\n\n(?:Human|Assistant):/).length - 1);
    expect(
      parts[0]?.map((record) => (record.kind === 'preference-pair' ? record.prompt.length + record.chosen.length : 0)),
    ).toEqual(turns);
  });

  it('PandaLM: 999 comparisons with 105 ties; of the 894 others, 52 have a blank response and 842 are pairs', async () => {
    const compared = await converted(PANDALM, { method: 'pairwise' });
    expect(compared.report).toMatchObject({ rows: 999, records: 999, labels: { data: { A: 422, B: 472, tie: 105 } } });
    const blank = (await rawRows<Record<string, string | number | boolean>>(PANDALM)).filter((row) => {
      const votes = [row.annotator1, row.annotator2, row.annotator3];
      const decided = [1, 2].some((side) => votes.filter((vote) => vote === side).length > 1);
      return decided && [row.response1, row.response2].some((text) => String(text).trim() === '');
    });
    expect(blank).toHaveLength(52);
    const pairs = await converted(PANDALM, { method: 'bradley-terry' });
    expect(pairs.report).toMatchObject({
      records: 842,
      dropped: [
        { reason: 'tie', count: 105 },
        { reason: 'empty-value', count: 52 },
      ],
    });
  });

  it('Prometheus: 640 scores, and the pairs that the raw scores make', async () => {
    const scored = await converted(PROMETHEUS, { method: 'pointwise' });
    expect(scored.report).toMatchObject({ rows: 640, records: 640 });
    const raw = await rawRows<{ query: string; response: string; gpt4_score: number[] }>(PROMETHEUS);
    const score = (row: (typeof raw)[number]) =>
      Math.floor(row.gpt4_score.reduce((sum, value) => sum + value, 0) / row.gpt4_score.length - 0.5);
    const wanted = raw.flatMap((row, index) =>
      raw
        .slice(0, index)
        .filter((other) => other.query === row.query && other.response !== row.response && score(other) !== score(row)),
    );
    const pairs = await converted(PROMETHEUS, { method: 'bradley-terry' });
    expect(pairs.report.records).toBe(wanted.length);
    expect(wanted.length).toBeGreaterThan(200);
  });

  it('fine-grained: 3,000 comparisons of 500 rows, 384 ties, 2,616 pairs', async () => {
    const compared = await converted(FINE_GRAINED, { method: 'pairwise' });
    expect(compared.report).toMatchObject({ rows: 500, records: 3000 });
    expect(compared.report.labels.data?.tie).toBe(384);
    const pairs = await converted(FINE_GRAINED, { method: 'bradley-terry' });
    expect(pairs.report).toMatchObject({ records: 2616, dropped: [{ reason: 'tie', count: 384 }] });
  });

  it.each([
    [HH_RLHF, 'bradley-terry', false],
    [PANDALM, 'pairwise', true],
    [PROMETHEUS, 'pointwise', true],
    [FINE_GRAINED, 'pairwise', true],
  ] as const)('%s splits into three parts without a prompt in two', async (name, method, stratify) => {
    const { report, parts } = await converted(name, { method, split: SPLIT, stratify });
    const prompts = parts.map((records) => new Set(records.map((record) => promptKey(promptOf(record)))));
    const all = new Set(prompts.flatMap((part) => [...part]));
    expect(prompts.reduce((sum, { size }) => sum + size, 0)).toBe(all.size);
    for (const [index, share] of Object.values(SPLIT).entries()) {
      expect(parts[index]!.length / report.records).toBeCloseTo(share, 1);
    }
    if (!stratify) return;
    const total: Record<string, number> = {};
    for (const labels of Object.values(report.labels)) {
      for (const [label, rows] of Object.entries(labels)) total[label] = (total[label] ?? 0) + rows;
    }
    for (const labels of Object.values(report.labels)) {
      const rows = Object.values(labels).reduce((sum, count) => sum + count, 0);
      for (const [label, count] of Object.entries(total)) {
        expect(Math.abs((labels[label] ?? 0) / rows - count / report.records)).toBeLessThan(0.05);
      }
    }
  });

  const PAIR_DIALECTS = DIALECTS.filter(({ layouts }) => typeof layouts['bradley-terry'] !== 'string').map(
    ({ id }) => id,
  );

  it.each(PAIR_DIALECTS)('hh-rlhf in the dialect %s gives the same pairs again', async (dialect) => {
    const { parts } = await converted(HH_RLHF, { method: 'bradley-terry', dialect });
    const own = await loadRecords(realData(HH_RLHF), METHODS['bradley-terry']);
    const all = own.records.map(({ record }) => JSON.stringify(record));
    const again = parts[0]!.map((record) => JSON.stringify(record));
    if (again.length === all.length) expect(again).toEqual(all);
    else expect(all).toEqual(expect.arrayContaining(again));
    expect(again.length).toBeGreaterThan(2_250);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareEvaluations } from '../../../src/core/evaluations/compare-evaluations.ts';
import type { EvaluationComparison } from '../../../src/core/evaluations/comparison.ts';
import { evaluateFile } from '../../../src/core/evaluations/evaluate-file.ts';
import type { EvaluationReport } from '../../../src/core/evaluations/report.ts';
import type { GradeRequest, Grader } from '../../../src/core/graders/grader.ts';
import { mcnemarMidP, pairedShareInterval } from '../../../src/core/methods/paired.ts';
import { EXAMPLES, runCli, runCliJson } from '../cli/run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Said = 'right' | 'wrong' | 'equal' | 'nothing';

/** A grader that says of each pair what it was told to. */
function reportOf(file: string, said: readonly Said[], seed = 42): Promise<EvaluationReport> {
  const grader: Grader = {
    id: 'told',
    kind: 'embedded',
    name: 'told',
    method: 'bradley-terry',
    scale: 'logit-within-prompt',
    needsPrompt: false,
    dispose: () => {},
    grade: async ({ prompt, response }: GradeRequest) => {
      const says = said[Number(String(prompt[0]!.content).slice(1))]!;
      if (says === 'nothing') throw new Error('It says nothing.');
      const isChosen = String(response[0]!.content) === 'good';
      const margin = { right: 1, wrong: -1, equal: 0 }[says] * (isChosen ? 1 : -1);
      const verdict = margin > 0 ? 'better' : margin < 0 ? 'worse' : 'tie';
      return {
        score: margin,
        scale: 'logit-within-prompt',
        comparison: { margin, verdict, probability: 0.5 },
        provenance: { grader: 'told', method: 'bradley-terry', model: '', gradedAt: '', latencyMs: 0 },
      };
    },
  } as unknown as Grader;
  return evaluateFile(
    { grader, method: 'bradley-terry', kind: 'embedded', model: 'm', trainedAt: '', concurrency: 3 },
    { file, seed, version: '0' },
  );
}

function pairs(count: number): string {
  const file = path.join(temporaryFolder(), 'pairs.jsonl');
  const rows = Array.from({ length: count }, (_, at) => ({ prompt: `q${at}`, chosen: 'good', rejected: 'bad' }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

describe('two evaluations of the same file', () => {
  it('are compared record by record, with the rows on which one alone is right', async () => {
    const file = pairs(6);
    const a = await reportOf(file, ['right', 'right', 'wrong', 'wrong', 'equal', 'nothing']);
    const b = await reportOf(file, ['right', 'wrong', 'right', 'wrong', 'right', 'right']);
    expect(a.outcomes).toEqual({ right: '1100=-', errors: null, records_per_row: null });
    expect(compareEvaluations(a, b)).toMatchObject({
      n: 5,
      gradedByOne: { a: 0, b: 1 },
      bothRight: 1,
      bothWrong: 1,
      onlyA: { records: 1, rows: [1] },
      onlyB: { records: 1, rows: [2] },
      undecided: 1,
      p: 0.5,
      differences: [{ name: 'pair-accuracy', a: 0.5, b: 0.6, better: 'higher' }],
    });
  });

  it('are refused where they are not of the same records', async () => {
    const said: Said[] = ['right', 'right', 'wrong'];
    const a = await reportOf(pairs(3), said);
    const refused = (b: EvaluationReport, why: RegExp) =>
      expect(() => compareEvaluations(a, b)).toThrow(expect.objectContaining({ message: expect.stringMatching(why) }));
    refused({ ...a, data: { ...a.data, fingerprint: 'sha256:other' } }, /different data/);
    refused({ ...a, seed: 7 }, /seeds differ \(42 and 7\)/);
    refused({ ...a, data: { ...a.data, map: { chosen: 'x' } } }, /columns of the file differently/);
    refused({ ...a, grader: { ...a.grader, method: 'pairwise' } }, /Bradley-Terry, pointwise or pairwise/);
    const { outcomes: _, ...old } = a;
    refused(old, /an older version made it/);
  });

  it('of scores also say how the mean error differs', async () => {
    const folder = temporaryFolder();
    const saved = async (...args: string[]) => {
      const train = path.join(EXAMPLES, 'pointwise', 'train.parquet');
      const { id } = await runCliJson<{ id: string }>(folder, ['train', train, '--method', 'pointwise', ...args]);
      const test = path.join(EXAMPLES, 'pointwise', 'test.parquet');
      return (await runCliJson<{ file: string }>(folder, ['evaluate', id, test, '--save'])).file;
    };
    const [a, b] = [await saved(), await saved('--set', 'epochs=1')];
    const compared = await runCliJson<EvaluationComparison>(folder, ['evaluations', 'compare', a, b]);
    const reports = [a, b].map((file) => JSON.parse(readFileSync(file, 'utf8')) as EvaluationReport);
    const measured = (name: string) =>
      reports.map(({ evaluation }) => evaluation.measures.find((measure) => measure.name === name)!.value);
    for (const { name, a: ofA, b: ofB, difference, interval } of compared.differences) {
      expect(ofA).toBeCloseTo(measured(name)[0]!, 6);
      expect(ofB).toBeCloseTo(measured(name)[1]!, 6);
      expect(difference).toBeCloseTo(ofB - ofA, 9);
      expect(interval[0]).toBeLessThanOrEqual(difference);
      expect(interval[1]).toBeGreaterThanOrEqual(difference);
    }
    expect(compared.differences.map(({ name }) => name)).toEqual(['exact-accuracy', 'mean-absolute-error']);
    const { stdout } = await runCli(folder, ['evaluations', 'compare', a, b]);
    expect(stdout).toMatch(/McNemar's test, mid-P|No record is right by one/);
    const same = await runCliJson<EvaluationComparison>(folder, ['evaluations', 'compare', a, a]);
    expect(same).toMatchObject({ p: 1, onlyA: { records: 0 }, onlyB: { records: 0 } });
    expect(same.differences.map(({ difference }) => difference)).toEqual([0, 0]);
  });
});

describe("McNemar's mid-P value", () => {
  it.each([
    [0, 0, 1],
    [5, 0, 2 * 0.5 ** 5 - 0.5 ** 5],
    // Fagerland et al. 2013, airway hyper-responsiveness before and after transplantation: 1 and 7, mid-P 0.039.
    [1, 7, 0.039_062_5],
    [7, 1, 0.039_062_5],
  ])('of %d and %d records is %f', (first, second, p) => {
    expect(mcnemarMidP(first, second)).toBeCloseTo(p, 9);
  });

  it('stays a number for very many', () => {
    expect(mcnemarMidP(50_000, 50_000)).toBeCloseTo(1, 1);
    expect(mcnemarMidP(40_000, 60_000)).toBeLessThan(1e-12);
  });
});

it('the interval of paired shares is that of Agresti and Min', () => {
  // n 21, 1 and 7 discordant: the adjusted table has n + 2 = 23 and 1.5 and 7.5.
  const differences = [...Array(1).fill(1), ...Array(7).fill(-1), ...Array(13).fill(0)];
  const centre = -6 / 23;
  const half = 1.959963984540054 * Math.sqrt(9 - 36 / 23) * (1 / 23);
  expect(pairedShareInterval(differences)[0]).toBeCloseTo(centre - half, 9);
  expect(pairedShareInterval(differences)[1]).toBeCloseTo(centre + half, 9);
});

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Grade } from '../../../src/core/graders/grader.ts';
import type { Evaluation } from '../../../src/core/methods/evaluation.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXAMPLES, runCli, runCliJson } from './run-cli.ts';

interface TrainedRun {
  readonly id: string;
  readonly status: string;
  readonly model: string;
  readonly evaluation: Evaluation;
}

const example = (method: string, part: string) => path.join(EXAMPLES, method, `${part}.parquet`);

describe('from a Parquet file to a grade', () => {
  it.each([
    ['bradley-terry', 'pair-accuracy', 'pick-longer'],
    ['pointwise', 'mean-absolute-error', 'best-constant'],
    ['pairwise', 'exact-accuracy', 'majority-class'],
  ])('a %s model beats its trivial baselines on rows it has not seen', async (method, measure, baseline) => {
    const folder = temporaryFolder();
    const run = await runCliJson<TrainedRun>(folder, ['train', example(method, 'train'), '--method', method]);
    expect(run.status).toBe('finished');
    const { evaluation } = await runCliJson<{ evaluation: Evaluation }>(folder, [
      'evaluate',
      run.id,
      example(method, 'test'),
    ]);
    const found = evaluation.measures.find(({ name }) => name === measure);
    const trivial = evaluation.baselines.find((each) => each.baseline === baseline && each.measure.name === measure);
    expect(found?.n).toBeGreaterThan(50);
    expect(found?.interval[0]).toBeLessThan(found?.value ?? 0);
    expect(found?.interval[1]).toBeGreaterThan(found?.value ?? 0);
    const better = found?.better === 'higher' ? 1 : -1;
    expect(better * (found?.value ?? 0)).toBeGreaterThan(better * (trivial?.measure.value ?? 0));
  });

  it('the same seed gives the same evaluation, another seed another split', async () => {
    const folder = temporaryFolder();
    const train = (seed: string) =>
      runCliJson<TrainedRun>(folder, ['train', example('bradley-terry', 'train'), '--method', 'bt', '--seed', seed]);
    const [first, again, other] = [await train('7'), await train('7'), await train('8')];
    expect(again.evaluation).toEqual(first.evaluation);
    expect(other.evaluation).not.toEqual(first.evaluation);
  });

  it('two responses are graded against each other, with opposite margins', async () => {
    const folder = temporaryFolder();
    await runCli(folder, ['train', path.join(EXAMPLES, 'support.rmrun.json')]);
    const { grades } = await runCliJson<{ grades: Grade[] }>(folder, [
      ...['grade', 'support-bradley-terry', '--prompt', 'I was charged twice. Can you fix it?'],
      ...[
        '--response',
        'Open Billing > Invoices and send us both invoice numbers: we refund the second within 5 days.',
      ],
      ...['--response', 'We take billing very seriously. Have a wonderful day!'],
    ]);
    const [first, second] = grades;
    expect(first?.comparison?.margin).toBeGreaterThan(0);
    expect(second?.comparison?.margin).toBeCloseTo(-(first?.comparison?.margin ?? 0), 10);
    expect(first).toMatchObject({ scale: 'logit-within-prompt', provenance: { grader: 'support-bradley-terry' } });
  });

  it('runs are listed, shown, and their log is kept', async () => {
    const folder = temporaryFolder();
    const run = await runCliJson<TrainedRun>(folder, ['train', path.join(EXAMPLES, 'support.rmrun.json')]);
    expect((await runCli(folder, ['runs', 'list'])).stdout).toMatch(/finished .*support-bradley-terry/);
    expect((await runCli(folder, ['runs', 'show', run.id])).stdout).toContain('pair accuracy');
    expect((await runCli(folder, ['runs', 'logs', run.id])).stdout).toContain('ended with exit code 0');
    expect((await runCli(folder, ['runs', 'stop', run.id])).stdout).toContain('finished');
  });

  it('a dataset is inspected and its rows printed exactly', async () => {
    const { stdout } = await runCli(temporaryFolder(), [
      ...['inspect', example('pairwise', 'test'), '--rows', '3:5', '--columns', 'preferred,strength'],
    ]);
    expect(stdout).toContain('row 3');
    expect(stdout).toContain('row 4');
    expect(stdout).not.toContain('row 5');
    expect(stdout).toMatch(/preferred +(A|B|tie)/);
    expect(stdout).toMatch(/Pairwise \(A\/B\/tie\) +yes/);
  });
});

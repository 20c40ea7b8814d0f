/** Models that TRL trained, measured through the server that is started for them: tiny random ones, on the CPU. */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPythonPackages } from '../../../scripts/environments/python-packages.mjs';
import { root } from '../../../scripts/main.mjs';
import type { EvaluationReport } from '../../../src/core/evaluations/report.ts';
import { EXAMPLES, runCliJson } from '../cli/run-cli.ts';

const python = await findPythonPackages('python-trl');
const PATIENCE = 180_000;

if (!python) console.log('skipped: the environment python-trl is not there (npm test -- python-trl makes it)');

const cli = <T>(folder: string, verb: string, ...args: readonly string[]) =>
  runCliJson<T & { error?: { code: string; message: string } }>(folder, [verb, ...args, '--python', python!]);

describe.skipIf(!python)('a transformer measured on a file', () => {
  let folder: string;
  const tiny = () => path.join(folder, 'tiny');

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-test-'));
    const make =
      'import sys; from pathlib import Path; from tests_trl.tiny_model import make_tiny_model as m; m(Path(sys.argv[1]))';
    execFileSync(python!, ['-c', make, tiny()], { cwd: path.join(root, 'python') });
  }, PATIENCE);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A judge that has learned nothing, in a folder of its own. */
  function judge(name: string, grader: object): string {
    const model = path.join(folder, name);
    cpSync(tiny(), model, { recursive: true });
    writeFileSync(path.join(model, 'grader.json'), JSON.stringify({ version: 1, ...grader }));
    return model;
  }

  it(
    'has the report of the embedded model, and knows the training data of its run',
    async () => {
      const settings = ['max_steps=2', 'batch_size=4', 'max_length=256', 'truncation=left', 'device=cpu'];
      const run = await cli<{ id: string }>(
        folder,
        'train',
        ...[path.join(EXAMPLES, 'bradley-terry', 'train.parquet'), '--method', 'bt', '--engine', 'trl'],
        ...['--base-model', tiny(), ...settings.flatMap((each) => ['--set', each])],
      );
      expect(run.error).toBeUndefined();
      const short = path.join(folder, 'pairs.jsonl');
      const pairs = Array.from({ length: 40 }, (_, at) => ({
        prompt: `q ${at}`,
        chosen: 'good',
        rejected: `bad ${at}`,
      }));
      writeFileSync(short, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
      const report = await cli<EvaluationReport>(folder, 'evaluate', run.id, short);
      expect(report.error).toBeUndefined();
      expect(report.grader).toMatchObject({
        kind: 'local-model',
        method: 'bradley-terry',
        scale: 'logit-within-prompt',
      });
      expect(report.rows).toEqual({ total: 40, records: 40, graded: 40, unusable: 0, failed: 0 });
      expect(report.evaluation.measures[0]).toMatchObject({ n: 40, interval: expect.anything() });
      expect(report.calibration?.n).toBe(40);
      expect(report.overlap?.files.map(({ state }) => state)).toContain('same');
      // Rows are computed in batches as they come: the numbers are those of any other order.
      const again = await cli<EvaluationReport>(folder, 'evaluate', run.id, short);
      for (const [at, { value }] of again.evaluation.measures.entries()) {
        expect(value).toBeCloseTo(report.evaluation.measures[at]!.value, 4);
      }
    },
    PATIENCE,
  );

  it(
    'is no score where a judge writes no verdict',
    async () => {
      const asks = { id: 'p', tag: 'score', text: '{query} {response}', principles: '', output_format: '' };
      const prompt = { ...asks, thinking: 'none', max_completion_length: 4 };
      const model = judge('pointwise', { kind: 'judge', method: 'pointwise', scale: 'score-0-4', judge: prompt });
      const file = path.join(folder, 'scores.jsonl');
      const rows = Array.from({ length: 5 }, (_, at) => ({ prompt: `q ${at}`, response: 'good', score: at }));
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const { error } = await cli(folder, 'evaluate', model, file);
      expect(error).toMatchObject({ code: 'no-rows', message: 'None of the 5 rows could be graded.' });
      expect(JSON.stringify(error)).toContain('The judge gave no verdict.');
    },
    PATIENCE,
  );

  it('is refused for a model of SFT, which answers and does not grade', async () => {
    const model = judge('sft', { kind: 'chat', method: 'sft', scale: null });
    const { error } = await cli(folder, 'evaluate', model, path.join(EXAMPLES, 'pointwise', 'test.parquet'));
    expect(error).toMatchObject({ code: 'invalid-model', message: expect.stringContaining('does not grade') });
  });
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import { evaluateEmbedded } from '../../../src/core/engines/embedded/evaluate.ts';
import { readModelFile } from '../../../src/core/engines/embedded/model-file.ts';
import { StudioError } from '../../../src/core/errors.ts';
import { describeReport } from '../../../src/core/evaluations/describe-report.ts';
import { evaluateFile } from '../../../src/core/evaluations/evaluate-file.ts';
import { openModel } from '../../../src/core/evaluations/open-model.ts';
import type { EvaluationReport } from '../../../src/core/evaluations/report.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { EXAMPLES, runCliJson } from '../cli/run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ruleGrader } from './graders.ts';

const version = '0';
const length = (text: string) => text.length;

interface Pair {
  readonly prompt?: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly [column: string]: unknown;
}

function fileOf(rows: readonly unknown[], name = 'rows.jsonl'): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, `${rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')}\n`);
  return file;
}

/** The chosen response is the longer one in all but every fourth pair. */
const pairs = (count: number): Pair[] =>
  Array.from({ length: count }, (_, at) => {
    const [long, short] = [`a long answer, number ${at}, in full`, `no ${at}`];
    const wrong = at % 4 === 3;
    return {
      prompt: `question ${at % 10}`,
      chosen: wrong ? short : long,
      rejected: wrong ? long : short,
      source: at % 2 === 0 ? 'forum' : 'mail',
      margin: 1 + (at % 3),
      id: `row-${at}`,
    };
  });

const measure = ({ evaluation }: EvaluationReport, name: string) =>
  evaluation.measures.find((each) => each.name === name);

describe('an evaluation on a file', () => {
  it('measures each row once, beside the baselines, by column, strength and length', async () => {
    const report = await evaluateFile(ruleGrader('bradley-terry', length), { file: fileOf(pairs(80)), version });
    expect(measure(report, 'pair-accuracy')).toMatchObject({ value: 0.75, n: 80 });
    expect(report.evaluation.baselines[0]).toMatchObject({ baseline: 'pick-longer', measure: { value: 0.75, n: 80 } });
    expect(report.rows).toEqual({ total: 80, records: 80, graded: 80, unusable: 0, failed: 0 });
    const by = report.slicings.map((slicing) => [slicing.kind, slicing.by]);
    expect(by).toContainEqual(['column', 'source']);
    expect(by).toContainEqual(['strength', 'label strength']);
    expect(by).not.toContainEqual(['column', 'id']);
    const source = report.slicings.find((slicing) => slicing.by === 'source')!;
    expect(source.slices.map(({ value, evaluation, differs }) => [value, evaluation.n, differs])).toEqual([
      ['forum', 40, 'better'],
      ['mail', 40, 'worse'],
    ]);
    expect(source.slices[0]!.evaluation.measures[0]).toMatchObject({ name: 'pair-accuracy', value: 1 });
    expect(report.worst).toHaveLength(20);
    expect(report.worst.every(({ row }) => row % 4 === 3)).toBe(true);
    const [histogram] = report.histograms;
    expect(histogram?.series[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(80);
  });

  it('is the same however many rows are asked at a time and whichever is answered first', async () => {
    const file = fileOf(pairs(60));
    const slow = ruleGrader('bradley-terry', length, {
      concurrency: 8,
      delay: async ({ response }) => {
        for (let turn = 0; turn < (response[0]?.content.length ?? 0) % 7; turn++) await setImmediate();
      },
    });
    const {
      created_at: _,
      took_seconds: _took,
      ...one
    } = await evaluateFile(ruleGrader('bradley-terry', length), {
      file,
      version,
    });
    const { created_at: _created, took_seconds: _time, ...eight } = await evaluateFile(slow, { file, version });
    expect(eight).toEqual(one);
  });

  it('gains nothing from a liking for the first place: which response is shown first is decided by the seed', async () => {
    const file = fileOf(pairs(400));
    const first = ruleGrader('bradley-terry', (_text, { sibling }) => (sibling ? 1 : 0));
    const judged = (seed: number) => evaluateFile(first, { file, seed, version });
    const [one, again, other] = [await judged(1), await judged(1), await judged(2)];
    const accuracy = measure(one, 'pair-accuracy')!;
    expect(accuracy.interval[0]).toBeLessThan(0.55);
    expect(accuracy.interval[1]).toBeGreaterThan(0.45);
    expect(again.evaluation).toEqual(one.evaluation);
    expect(other.evaluation).not.toEqual(one.evaluation);
  });

  it('counts rows that the grader fails on apart, with the reason, and never as a score', async () => {
    const failing = ruleGrader('bradley-terry', (text) => {
      if (/number (4|8|12),/.test(text)) throw new StudioError('not-available', 'The server is busy.');
      return text.includes('number 16,') ? Number.NaN : text.length;
    });
    const report = await evaluateFile(failing, { file: fileOf(pairs(40)), version });
    expect(report.rows).toMatchObject({ records: 40, graded: 36, failed: 4 });
    expect(report.evaluation.n).toBe(36);
    expect(report.problems).toEqual([
      {
        kind: 'failed',
        reason: 'not-available',
        rows: 3,
        first: { row: 4, line: null, message: 'The server is busy.' },
      },
      { kind: 'failed', reason: 'invalid-row', rows: 1, first: expect.objectContaining({ row: 16 }) },
    ]);
  });

  it('ends with the reason where the grader grades nothing', async () => {
    let asked = 0;
    const dead = ruleGrader('bradley-terry', () => {
      asked++;
      throw new StudioError('not-available', 'The server cannot be reached.');
    });
    await expect(evaluateFile(dead, { file: fileOf(pairs(500)), version })).rejects.toThrow('cannot be reached');
    expect(asked).toBeLessThan(50);
  });

  it('counts rows that cannot be used, and lines that are none', async () => {
    const rows = [...pairs(10), { prompt: 'p', chosen: 'same', rejected: 'same' }, '{"prompt": "half', { prompt: 'p' }];
    const report = await evaluateFile(ruleGrader('bradley-terry', length), { file: fileOf(rows), version });
    expect(report.rows).toMatchObject({ graded: 10, unusable: 3 });
    expect(report.problems.map(({ kind, reason, rows: count }) => [kind, reason, count])).toEqual(
      expect.arrayContaining([
        ['malformed', 'malformed', 1],
        ['unusable', 'identical-pair', 1],
        ['unusable', 'missing-value', 1],
      ]),
    );
    expect(report.problems.find(({ kind }) => kind === 'malformed')?.first.line).toBe(12);
  });

  it('is cancelled between rows, also while the grader is being waited for', async () => {
    const controller = new AbortController();
    let asked = 0;
    const slow = ruleGrader('bradley-terry', length, {
      concurrency: 4,
      delay: async () => {
        if (++asked === 10) controller.abort();
        await setImmediate();
      },
    });
    const file = fileOf(pairs(5_000));
    await expect(evaluateFile(slow, { file, version, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(asked).toBeLessThan(100);
  });

  it('reads verdicts as pairs, without the ties, and pairs as verdicts', async () => {
    const verdicts = pairs(20).map(({ prompt, chosen, rejected }, at) => ({
      prompt,
      response_a: at % 2 === 0 ? chosen : rejected,
      response_b: at % 2 === 0 ? rejected : chosen,
      preferred: at === 6 ? 'tie' : at % 2 === 0 ? 'A' : 'B',
    }));
    const asPairs = await evaluateFile(ruleGrader('bradley-terry', length), { file: fileOf(verdicts), version });
    expect(asPairs.data.derived_from).toBe('pairwise');
    expect(asPairs.rows).toMatchObject({ total: 20, graded: 19, unusable: 1 });
    expect(asPairs.problems).toMatchObject([{ reason: 'tie', first: { row: 6 } }]);
    const asVerdicts = await evaluateFile(ruleGrader('pairwise', length), { file: fileOf(pairs(20)), version });
    expect(asVerdicts.data.derived_from).toBe('bradley-terry');
    expect(measure(asVerdicts, 'exact-accuracy')).toMatchObject({ value: 0.75, n: 20 });
    // A judge that gives no probabilities has no log-loss, and is not calibrated.
    expect(measure(asVerdicts, 'log-loss')).toBeUndefined();
    expect(asVerdicts.calibration).toBeNull();
  });

  it('tells rows apart by few short values only, also of a column of metadata, whatever the columns are called', async () => {
    const rows = pairs(60).map((pair, at) => ({
      ...pair,
      text: 'x'.repeat(100) + (at % 2),
      share: at / 7,
      level: at % 3,
      empty: null,
      metadata: { language: at % 2 === 0 ? 'en' : 'de', url: `https://example.org/${at}` },
      constructor: at % 2 === 0,
      often: at < 50 ? 'same' : null,
    }));
    const report = await evaluateFile(ruleGrader('bradley-terry', length), { file: fileOf(rows), version });
    const columns = report.slicings.filter(({ kind }) => kind === 'column');
    expect(columns.map(({ by, slices }) => [by, slices.map(({ value }) => value)])).toEqual([
      ['source', ['forum', 'mail']],
      ['level', ['0', '1', '2']],
      ['metadata.language', ['de', 'en']],
      ['constructor', ['false', 'true']],
    ]);
    for (const { slices, without } of report.slicings) {
      expect(slices.reduce((sum, { evaluation }) => sum + evaluation.n, without)).toBe(60);
    }
  });

  it('counts records where a row holds several, and says so', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => ({
      prompt: `question ${at}`,
      chosen: ['a long answer', 'a longer answer'],
      rejected: ['no', 'none'],
    }));
    const report = await evaluateFile(ruleGrader('bradley-terry', length), { file: fileOf(rows), version });
    expect(report.rows).toMatchObject({ total: 10, graded: 40 });
    expect(describeReport(report)[0]).toContain('40 records of 10 rows graded');
  });

  it('says what the rows are and what they lack where they hold no labels of the kind', async () => {
    const file = path.join(EXAMPLES, 'pointwise', 'test.parquet');
    await expect(evaluateFile(ruleGrader('bradley-terry', length), { file, version })).rejects.toMatchObject({
      code: 'unrecognised-shape',
      message: expect.stringMatching(/The rows are scored responses .* measured on preference pairs.*lacks "chosen"/),
    });
  });

  it('counts the prompts that the model was trained on, and measures the others apart', async () => {
    const train = fileOf(pairs(80).filter(({ prompt }) => prompt !== 'question 3' && prompt !== 'question 7'));
    const { files } = { files: [{ path: train, role: 'train' as const, fingerprint: 'of before' }] };
    const report = await evaluateFile(ruleGrader('bradley-terry', length), {
      file: fileOf(pairs(80)),
      version,
      trainingData: { files: [...files, { ...files[0]!, path: `${train}.gone` }], method: 'bradley-terry', map: {} },
    });
    expect(report.overlap).toMatchObject({ shared_prompts: 8, prompts: 10, rows: 64 });
    expect(report.overlap?.files.map(({ state }) => state)).toEqual(['changed', 'unreadable']);
    const seen = report.slicings.find(({ kind }) => kind === 'seen')!;
    expect(seen.slices.map(({ value, evaluation }) => [value, evaluation.n])).toEqual([
      ['prompt not in the training data', 16],
      ['prompt also in the training data', 64],
    ]);
  });
});

const runtime = { nodePath: process.execPath, workersFolder: path.join(root, 'dist', 'workers'), version };

describe('the embedded model behind the interface of graders', () => {
  it.each(['bradley-terry', 'pointwise', 'pairwise'] as const)('gives the numbers of %s itself', async (method) => {
    const folder = temporaryFolder();
    await runCliJson(folder, ['train', path.join(EXAMPLES, method, 'train.parquet'), '--method', method]);
    const file = path.join(EXAMPLES, method, 'test.parquet');
    const model = await openModel(`${method}-train`, new RunStore(folder), { runtime, serve: {} });
    const report = await evaluateFile(model, { file, version, trainingData: model.trainingData });
    const { records } = await loadRecords(file, METHODS[method]);
    expect(report.evaluation).toEqual(evaluateEmbedded(await readModelFile(model.model), records));
    expect(report.overlap?.files.map(({ role, state }) => [role, state])).toEqual([['train', 'same']]);
    expect(report.calibration?.n).toBe(report.evaluation.n);
  });
});

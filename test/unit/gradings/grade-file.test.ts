/** Grading a file: what is written, what is kept when it ends early, and what is told of it. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { StudioError } from '../../../src/core/errors.ts';
import type { JudgedMethod } from '../../../src/core/evaluations/labelled-rows.ts';
import type { GradeRequest } from '../../../src/core/graders/grader.ts';
import { type GradeFileOptions, type GradingPlan, gradeFile } from '../../../src/core/gradings/grade-file.ts';
import { GradingStore } from '../../../src/core/gradings/grading-store.ts';
import type { FileGrader } from '../../../src/core/gradings/open-for-grading.ts';
import { ruleGrader, textOf } from '../evaluations/graders.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Rule = (response: string, request: GradeRequest) => number;

const byRule = (method: JudgedMethod, rule: Rule, concurrency = 4): FileGrader => ({
  grader: ruleGrader(method, rule).grader,
  model: 'rule',
  askedFor: { model: null, grader: 'rule' },
  embedded: undefined,
  concurrency,
  price: undefined,
});

const length: Rule = (response) => response.length;

function folderWith(lines: readonly string[], name = 'rows.jsonl'): { base: string; input: string } {
  const base = temporaryFolder();
  const input = path.join(base, name);
  writeFileSync(input, lines.join('\n'));
  return { base, input };
}

const optionsFor = (base: string, input: string, more: Partial<GradeFileOptions> = {}): GradeFileOptions => ({
  input,
  output: path.join(base, 'graded.jsonl'),
  base,
  workersFolder: path.join(root, 'dist', 'workers'),
  ...more,
});

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
const pair = (index: number, chosen = `good ${index}`, rejected = 'bad') =>
  JSON.stringify({ prompt: `p${index}`, chosen, rejected });

describe('grading a file', () => {
  it('adds the grades to the rows of JSON Lines, which stay as they are written', async () => {
    const first = '{ "prompt": "p",  "chosen": "longer", "rejected": "short" , "id": 12345678901234567890 }';
    const { base, input } = folderWith([first, 'no row', pair(1), '']);
    const { spec, summary } = await gradeFile(byRule('bradley-terry', length), optionsFor(base, input));
    const [row, other, ...rest] = linesOf(spec.output);
    expect(rest).toEqual([]);
    expect(row!.startsWith(first.slice(0, -1).trimEnd())).toBe(true);
    expect(JSON.parse(row!)).toMatchObject({
      grade_score_chosen: 6,
      grade_score_rejected: 5,
      grade_margin: 1,
      grade_verdict: 'chosen',
      grade_error: null,
    });
    expect(JSON.parse(other!)).toMatchObject({ prompt: 'p1', grade_verdict: 'chosen', grade_margin: 3 });
    expect(summary.rows).toEqual({ total: 2, graded: 2, unusable: 0, failed: 0 });
    expect(summary.problems).toMatchObject([{ kind: 'malformed', rows: 1, first: { line: 2 } }]);
    expect(summary.agreement).toMatchObject({ n: 2, measures: [{ name: 'pair-accuracy', value: 1, n: 2 }, {}, {}] });
  });

  it('keeps the columns of a Parquet file with their types', async () => {
    const base = temporaryFolder();
    const input = path.join(root, 'examples', 'pointwise', 'test.parquet');
    const options = optionsFor(base, input, {
      output: path.join(base, 'graded.parquet'),
      pass: { by: 'score', at: 2 },
    });
    const { summary } = await gradeFile(
      byRule('pointwise', () => 2.4),
      options,
    );
    const [source, graded] = [await openDataset(input), await openDataset(options.output)];
    expect(graded.columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      ...source.columns.map(({ name, type }) => `${name}: ${type}`),
      'grade_score: double',
      'grade_label: int32',
      'grade_error: string',
    ]);
    const rowsOf = async (dataset: typeof source, columns: number[]) => {
      const rows = [];
      for await (const batch of dataset.read({ start: 0, end: dataset.rowCount, columns })) rows.push(...batch.rows);
      return rows;
    };
    const own = source.columns.map((_, index) => index);
    expect(await rowsOf(graded, own)).toEqual(await rowsOf(source, own));
    expect(new Set((await rowsOf(graded, [own.length])).flat())).toEqual(new Set([2.4]));
    expect(summary.pass).toMatchObject({ passed: source.rowCount, n: source.rowCount, share: 1 });
    await Promise.all([source.close(), graded.close()]);
  });

  it('gives the columns of JSON Lines the types of their values in Parquet', async () => {
    const rows = [
      { response: 'a', whole: 1, huge: 1, share: 1, yes: true, mixed: 'x', nested: { list: [1, 'é'] }, exponent: 1 },
      { response: 'bb', whole: 2 ** 40, huge: 0, share: 0.5, yes: false, mixed: 3, nested: null, exponent: 2 },
      { response: 'ccc', whole: null },
    ];
    const lines = rows.map((row) => JSON.stringify(row));
    lines[1] = lines[1]!.replace('"huge":0', '"huge":12345678901234567890').replace('"exponent":2', '"exponent":2e30');
    const { base, input } = folderWith(lines);
    const options = optionsFor(base, input, {
      output: path.join(base, 'graded.parquet'),
      responseColumn: 'response',
    });
    await gradeFile(byRule('pointwise', length), options);
    const graded = await openDataset(options.output);
    expect(graded.columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'response: string',
      'whole: int64',
      'huge: double',
      'share: double',
      'yes: bool',
      'mixed: json',
      'nested: json',
      'exponent: double',
      'grade_score: double',
      'grade_label: int32',
      'grade_error: string',
    ]);
    const read = [];
    for await (const batch of graded.read({ start: 0, end: 3 })) read.push(...batch.rows);
    expect(read.map((row) => row.slice(0, 9))).toEqual([
      ['a', 1, 1, 1, true, '"x"', '{"list":[1,"é"]}', 1, 1],
      ['bb', 2 ** 40, Number(12345678901234567890n), 0.5, false, '3', null, 2e30, 2],
      ['ccc', null, null, null, null, null, null, null, 3],
    ]);
    await graded.close();
  });

  it('asks nobody where the types of the file cannot be kept', async () => {
    const input = path.join(root, 'test', 'fixtures', 'arrow', 'dictionary-grows.arrow');
    const base = temporaryFolder();
    const asked: string[] = [];
    const rule: Rule = (response) => asked.push(response);
    const options = optionsFor(base, input, { output: path.join(base, 'graded.parquet') });
    await expect(gradeFile(byRule('pointwise', rule), options)).rejects.toMatchObject({
      code: 'unsupported-file',
      where: { file: input },
      hint: expect.stringContaining('.jsonl'),
    });
    expect(asked).toEqual([]);
  });

  it('goes on where it was cancelled, and asks for no row twice', async () => {
    const { base, input } = folderWith(Array.from({ length: 40 }, (_, index) => pair(index)));
    const stop = new AbortController();
    const asked: string[] = [];
    const rule: Rule = (response, { prompt }) => {
      asked.push(textOf(prompt));
      if (asked.length >= 40) stop.abort(new StudioError('cancelled', 'Cancelled.'));
      return response.length;
    };
    const options = optionsFor(base, input);
    const cancelled = gradeFile(byRule('bradley-terry', rule, 1), { ...options, signal: stop.signal });
    await expect(cancelled).rejects.toMatchObject({
      code: 'cancelled',
      hint: expect.stringMatching(/grades of \d+ rows are kept/),
    });
    expect(existsSync(options.output)).toBe(false);
    const before = new Set(asked);
    asked.length = 0;
    const plans: GradingPlan[] = [];
    const { kept, summary } = await gradeFile(
      byRule('bradley-terry', (response, { prompt }) => {
        asked.push(textOf(prompt));
        return response.length;
      }),
      { ...options, agree: (plan) => void plans.push(plan) },
    );
    expect(kept).toBeGreaterThan(10);
    expect(plans).toMatchObject([{ rows: 40 - kept, kept }]);
    // The row that was being asked for as it was cancelled is asked for again.
    expect([...new Set(asked)].filter((prompt) => before.has(prompt)).length).toBeLessThanOrEqual(1);
    expect(summary.rows.graded).toBe(40);
    expect(linesOf(options.output).map((line) => (JSON.parse(line) as { prompt: string }).prompt)).toEqual(
      Array.from({ length: 40 }, (_, index) => `p${index}`),
    );
  });

  it('says in the row what failed, and grades such rows again with force', async () => {
    const { base, input } = folderWith([pair(0), pair(1), pair(2, '', 'x')]);
    const options = optionsFor(base, input);
    const failing: Rule = (response) => (response === 'good 1' ? Number.NaN : response.length);
    const first = await gradeFile(byRule('bradley-terry', failing), options);
    expect(first.summary.rows).toEqual({ total: 3, graded: 1, unusable: 1, failed: 1 });
    const errors = linesOf(options.output).map(
      (line) => (JSON.parse(line) as { grade_error: string | null }).grade_error,
    );
    expect(errors).toEqual([
      null,
      expect.stringMatching(/^failed: The grader gave no number/),
      expect.stringMatching(/^unusable: /),
    ]);
    expect(JSON.parse(linesOf(options.output)[1]!)).toMatchObject({ grade_margin: null, grade_verdict: null });
    await expect(gradeFile(byRule('bradley-terry', length), options)).rejects.toMatchObject({ code: 'already-exists' });
    const again = await gradeFile(byRule('bradley-terry', length), { ...options, force: true });
    expect(again).toMatchObject({ kept: 2, summary: { rows: { graded: 2, failed: 0 } } });
  });

  it('stops where the grader fails on row after row, and keeps what it has', async () => {
    const { base, input } = folderWith(Array.from({ length: 100 }, (_, index) => pair(index)));
    const options = optionsFor(base, input);
    let asked = 0;
    const dies: Rule = (response) => (asked++ < 40 ? response.length : Number.NaN);
    await expect(gradeFile(byRule('bradley-terry', dies), options)).rejects.toMatchObject({
      message: expect.stringMatching(/failed on 25 rows in a row/),
    });
    expect(asked).toBeLessThan(150);
    const { kept } = await gradeFile(byRule('bradley-terry', length), options);
    expect(kept).toBe(20);
  });

  it('does not mix the grades of two graders, two files or two readings', async () => {
    const { base, input } = folderWith(Array.from({ length: 5 }, (_, index) => pair(index)));
    const options = optionsFor(base, input);
    const refused = new Error('not now');
    const stop = () => {
      throw refused;
    };
    await expect(gradeFile(byRule('bradley-terry', length), { ...options, agree: stop })).rejects.toBe(refused);
    expect(await new GradingStore(base).list()).toEqual([]);
    const cancel = new AbortController();
    const cancelling: Rule = (response) => {
      if (response === 'good 3') cancel.abort(new StudioError('cancelled', 'Cancelled.'));
      return response.length;
    };
    const cancelled = gradeFile(byRule('bradley-terry', cancelling, 1), { ...options, signal: cancel.signal });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await new GradingStore(base).list()).toMatchObject([{ summary: undefined }]);
    writeFileSync(input, pair(7));
    await expect(gradeFile(byRule('bradley-terry', length), options)).rejects.toMatchObject({
      code: 'already-exists',
      message: expect.stringContaining('the file has changed since'),
    });
    const { summary } = await gradeFile(byRule('bradley-terry', length), { ...options, restart: true });
    expect(summary.rows.total).toBe(1);
  });

  it('grades a column of any file, with the prompts of another', async () => {
    const { base, input } = folderWith(['question,answer', 'why,because', 'how,'], 'table.csv');
    const options = optionsFor(base, input, { responseColumn: 'answer', promptColumn: 'question' });
    const { summary } = await gradeFile(
      byRule('pointwise', (response, { prompt }) => (textOf(prompt) + response).length % 5),
      options,
    );
    expect(linesOf(options.output).map((line) => JSON.parse(line) as object)).toMatchObject([
      { question: 'why', answer: 'because', grade_score: 0, grade_error: null },
      { question: 'how', grade_score: null, grade_error: expect.stringMatching(/^unusable: "answer"/) },
    ]);
    expect(summary.rows).toMatchObject({ graded: 1, unusable: 1 });
    await expect(
      gradeFile(byRule('pointwise', length), optionsFor(base, input, { responseColumn: 'anwser', force: true })),
    ).rejects.toMatchObject({
      code: 'missing-column',
    });
  });

  it('never puts one scale on another: a logit does not pass, and verdicts need two responses', async () => {
    const { base, input } = folderWith(['{"prompt":"p","response":"r","score":3}']);
    const reward = gradeFile(
      byRule('bradley-terry', length),
      optionsFor(base, input, { pass: { by: 'score', at: 2 } }),
    );
    await expect(reward).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('0 to 4') });
    const verdict = gradeFile(byRule('pairwise', length), optionsFor(base, input, { restart: true }));
    await expect(verdict).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('compares two responses'),
    });
  });
});

/** `grade` on a whole file, from a terminal. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { chat, ScriptedEndpoint } from '../../scripted-endpoint.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CLI, EXAMPLES, runCli, runCliJson } from './run-cli.ts';

interface Printed {
  readonly rows: { readonly total: number; readonly graded: number };
  readonly kept: number;
  readonly columns: readonly string[];
  readonly agreement: {
    readonly measures: readonly { readonly name: string; readonly value: number; readonly n: number }[];
  };
}

const jsonLines = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('grades with an embedded model in threads as it grades one text, and agrees as evaluate says', async () => {
  const folder = temporaryFolder();
  const { id } = await runCliJson<{ id: string }>(folder, [
    'train',
    path.join(EXAMPLES, 'bradley-terry', 'train.parquet'),
  ]);
  const out = path.join(folder, 'graded.jsonl');
  const rows = path.join(folder, 'rows.jsonl');
  // More than one thread is given at a time.
  const made = Array.from({ length: 1_300 }, (_, index) => ({
    prompt: `Where is parcel ${index}?`,
    chosen: `It left Leeds on day ${index % 31} and comes tomorrow.`,
    rejected: 'Soon. '.repeat(1 + (index % 7)),
  }));
  writeFileSync(rows, made.map((row) => JSON.stringify(row)).join('\n'));
  const printed = await runCliJson<Printed>(folder, ['grade', id, rows, '--out', out]);
  const evaluated = await runCliJson<{ evaluation: Printed['agreement'] }>(folder, ['evaluate', id, rows]);
  expect(printed.agreement.measures).toEqual(evaluated.evaluation.measures);
  const [row] = jsonLines(out) as [Record<string, string | number>];
  const { grades } = await runCliJson<{ grades: { score: number; comparison: { margin: number } }[] }>(folder, [
    ...[
      'grade',
      id,
      '--prompt',
      String(row.prompt),
      '--response',
      String(row.chosen),
      '--response',
      String(row.rejected),
    ],
  ]);
  expect(row.grade_score_chosen).toBeCloseTo(grades[0]!.score, 10);
  expect(row.grade_margin).toBeCloseTo(grades[0]!.comparison.margin, 10);
  expect(jsonLines(out).map(({ prompt }) => prompt)).toEqual(made.map(({ prompt }) => prompt));
  const text = await runCli(folder, ['grade', id, rows, '--out', out, '--force']);
  expect(text.stdout).toMatch(/pair accuracy 0\.\d+ \(95 % interval/);
  const refused = await runCli(folder, ['grade', id, rows, '--out', out]);
  expect(refused.stderr).toMatch(/already exists/);
});

it('tells what a paid judge costs before it asks, and goes on after it was killed', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    path.join(folder, 'rows.jsonl'),
    Array.from({ length: 30 }, (_, index) =>
      JSON.stringify({ prompt: 'p', response: `r${index}`, score: index % 5 }),
    ).join('\n'),
  );
  let asked = 0;
  let hold = new Promise<void>(() => {});
  let reached = () => {};
  const held = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const endpoint = await ScriptedEndpoint.start(async (response, question) => {
    asked++;
    if (asked > 12) {
      reached();
      await hold;
    }
    chat('<score>3</score>')(response, question);
  });
  try {
    await runCli(folder, [
      'graders',
      'add',
      'judge',
      '--kind',
      'judge-endpoint',
      '--url',
      endpoint.origin,
      '--model',
      'm',
      '--method',
      'pointwise',
    ]);
    const registry = path.join(folder, '.reward-studio', 'graders.json');
    const { graders, ...file } = JSON.parse(readFileSync(registry, 'utf8')) as { graders: object[] };
    const price = { input_per_million: 2, output_per_million: 8 };
    writeFileSync(registry, JSON.stringify({ ...file, graders: [{ ...graders[0], price }] }));
    const args = ['grade', 'rows.jsonl', '--grader', 'judge', '--out', 'graded.jsonl'];
    const refused = await runCli(folder, args);
    expect(refused.stderr).toMatch(/This costs up to 0\.\d\d USD .* about 30 questions,.*--accept-cost/s);
    expect(asked).toBe(0);
    const killed = execa(process.execPath, [CLI, ...args, '--accept-cost'], { cwd: folder, reject: false });
    await held;
    killed.kill('SIGKILL');
    await killed;
    expect(existsSync(path.join(folder, 'graded.jsonl'))).toBe(false);
    hold = Promise.resolve();
    asked = -100;
    const { kept, rows } = await runCliJson<Printed>(folder, [...args, '--accept-cost']);
    expect(kept).toBeGreaterThanOrEqual(8);
    expect(asked + 100).toBe(30 - kept);
    expect(rows).toMatchObject({ total: 30, graded: 30 });
    expect(jsonLines(path.join(folder, 'graded.jsonl')).map((row) => row.grade_score)).toEqual(Array(30).fill(3));
  } finally {
    await endpoint.close();
  }
});

it('says what is missing', async () => {
  const folder = temporaryFolder();
  for (const [args, message] of [
    [['grade', 'model'], /nothing to grade/],
    [['grade', 'model', 'rows.jsonl'], /need a new file/],
    [['grade', 'model', 'rows.jsonl', '--out', 'x.csv'], /no run "model"|\.jsonl or \.parquet/],
    [['grade', 'model', 'rows.jsonl', '--grader', 'g', '--out', 'x.jsonl'], /either a model or a grader/],
    [['grade', 'model', 'rows.jsonl', '--prompt', 'p', '--out', 'x.jsonl'], /either a file or the responses/],
  ] as const) {
    expect((await runCli(folder, args)).stderr, args.join(' ')).toMatch(message);
  }
});

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import type { EvaluationReport } from '../../src/core/evaluations/report.ts';
import { chat, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { runCli, runCliJson } from '../unit/cli/run-cli.ts';
import { writeLabelledPairs } from './labelled-pairs.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('grade-file', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1440, height: 1000 },
});

const inFolder = (name: string) => path.join(workbench().folder, name);
const jsonLines = (name: string) =>
  readFileSync(inFolder(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Answers a judge's questions until it shall not. */
class Gate {
  asked = 0;
  #waiting: (() => void)[] = [];
  #shut = Number.POSITIVE_INFINITY;
  readonly reached: Promise<void>;
  #reach = () => {};

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
  }

  shutAfter(questions: number): void {
    this.#shut = questions;
  }

  open(): void {
    this.#shut = Number.POSITIVE_INFINITY;
    for (const go of this.#waiting.splice(0)) go();
  }

  async pass(): Promise<void> {
    this.asked++;
    if (this.asked <= this.#shut) return;
    this.#reach();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

const gate = new Gate();
let endpoint: ScriptedEndpoint;

beforeAll(async () => {
  endpoint = await ScriptedEndpoint.start(async (response, question) => {
    await gate.pass();
    chat('Kind and complete. <score>3</score>')(response, question);
  });
  writeLabelledPairs(inFolder('review.jsonl'));
  const rows = Array.from({ length: 40 }, (_, index) => ({
    prompt: `Where is parcel ${index}?`,
    response: `In Leeds, ${index}.`,
    score: index % 5,
  }));
  writeFileSync(inFolder('replies-to-judge.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  await runCliJson(workbench().folder, ['train', 'bradley-terry/train.parquet', '--method', 'bt']);
  await runCli(workbench().folder, [
    ...[
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
    ],
  ]);
  return () => endpoint.close();
});

async function gradeFile(file: string, grader: string, output: string): Promise<void> {
  await workbench().runCommandAndPick('Reward Studio: Grade This File…', file);
  await workbench().pick(grader);
  await workbench().enterPath(inFolder(output), /graded\.(jsonl|parquet)$/);
}

const grading = (name: RegExp) => workbench().treeItem(name);

test('a file is graded by the model of a run, and its agreement with the labels is that of the evaluation', async () => {
  await gradeFile('review.jsonl', 'bradley-terry-train', 'review.graded.jsonl');
  const told = await workbench().notification(/bradley-terry-train: \d+ rows graded, in review\.graded\.jsonl\./);
  await workbench().screenshot('graded-file-notification');
  await told.getByRole('button', { name: 'Show Summary' }).click();
  const evaluated = await runCliJson<EvaluationReport>(workbench().folder, [
    'evaluate',
    'bradley-terry-train',
    'review.jsonl',
  ]);
  const [accuracy] = evaluated.evaluation.measures;
  await workbench()
    .page.getByText(`pair accuracy ${accuracy!.value.toFixed(3)}`)
    .first()
    .waitFor();
  const rows = jsonLines('review.graded.jsonl');
  expect(rows).toHaveLength(evaluated.rows.total);
  expect(rows[0]).toMatchObject({ grade_verdict: expect.stringMatching(/^(chosen|rejected|tie)$/), grade_error: null });
  await workbench().activityBar('Reward Studio');
  await workbench().page.getByRole('button', { name: 'Grades Section' }).click();
  await grading(/review\.graded\.jsonl/).waitFor();
  await workbench().screenshot('graded-file-summary');
});

test('a judge is asked only after what it takes is agreed to, and a reload in the middle loses no grade', async () => {
  gate.shutAfter(15);
  await gradeFile('replies-to-judge.jsonl', 'judge', 'judged.graded.jsonl');
  const dialog = workbench().page.getByRole('dialog').filter({ hasText: 'Grade with judge?' });
  await dialog.getByText(/The texts of 40 rows are sent to m at 127\.0\.0\.1:\d+: about 40 questions/).waitFor();
  expect(gate.asked).toBe(0);
  await workbench().screenshot('grade-file-agree');
  await dialog.getByRole('button', { name: 'Grade', exact: true }).click();
  await gate.reached;
  await workbench().open();
  await workbench().activityBar('Reward Studio');
  await grading(/judged\.graded\.jsonl.*not finished/).waitFor();
  gate.open();
  const before = gate.asked;
  await workbench().chooseFromMenu(grading(/judged\.graded\.jsonl.*not finished/), 'Resume Grading');
  await dialog.getByText(/\d+ rows are kept of before\./).waitFor();
  await dialog.getByRole('button', { name: 'Grade', exact: true }).click();
  await workbench().notification(/judge: 40 rows graded, in judged\.graded\.jsonl\./);
  expect(gate.asked - before).toBeLessThan(35);
  expect(jsonLines('judged.graded.jsonl').map((row) => row.grade_score)).toEqual(Array(40).fill(3));
  await grading(/judged\.graded\.jsonl.*40 rows graded/).waitFor();
  await workbench().screenshot('grades-view');
});

/** "Grade This File": asks with what and where to, agrees on what others are asked, and does it in a process of its own. */

import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError, toStudioError } from '../../core/errors.ts';
import { isRemoteKind } from '../../core/graders/grader.ts';
import { whereOf } from '../../core/graders/registry/describe-entry.ts';
import { describeCost } from '../../core/gradings/cost.ts';
import type { GradingSpec } from '../../core/gradings/grading-store.ts';
import type { GradeFileTask, GradeFileTaskResult } from '../../core/tasks/grade-file-task.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { pickDataset } from '../training/pick-dataset.ts';
import { type GraderServices, pickGrader } from './graders-view.ts';
import { showSummary } from './grading-summaries.ts';
import { type ListedGrader, nameOf } from './listed-grader.ts';
import { baseOf, taskGrader } from './task-grader.ts';

const OPEN = 'Open';
const SUMMARY = 'Show Summary';

/** @param given of a menu; else the person chooses */
export async function gradeThisFile(
  studio: Studio,
  services: GraderServices,
  given: string | undefined,
): Promise<void> {
  const input = given ?? (await pickDataset('Grade', 1, 'Grade This'));
  const grader = input && (await pickGrader(services, `What grades ${path.basename(input)}?`, gradesFiles));
  const output = grader && (await askOutput(input));
  if (!grader || !output) return;
  const task = {
    input,
    output,
    grader: await taskGrader(grader, services.keys),
    name: nameOf(grader),
    asks: asksOf(grader),
  };
  await gradeAndTell(studio, { ...task, choice: {}, force: true });
}

/** Goes on with a grading that ended early, by the grader that it is of. */
export async function resumeGrading(studio: Studio, services: GraderServices, spec: GradingSpec): Promise<void> {
  const { activeModel, runs, registered } = services;
  await Promise.all([runs.ready(), registered.ready()]);
  const grader = activeModel.all().find((each) => gradesFiles(each) && isOf(each, spec));
  if (!grader) {
    throw new StudioError('invalid-grader', `The grader "${spec.grader.name}" is not there any more.`, {
      hint: 'Grade the file with another one.',
    });
  }
  const task = { input: spec.input, output: spec.output, name: nameOf(grader), asks: asksOf(grader) };
  const choice = choiceOf(spec);
  await gradeAndTell(studio, { ...task, grader: await taskGrader(grader, services.keys), choice, force: true });
}

interface Wanted extends Pick<GradeFileTask, 'input' | 'output' | 'grader' | 'choice' | 'force'> {
  readonly name: string;
  /** Who is sent the texts; undefined where they stay here. */
  readonly asks: string | undefined;
}

async function gradeAndTell(studio: Studio, wanted: Wanted): Promise<void> {
  const { name, asks, ...rest } = wanted;
  const task: GradeFileTask = {
    kind: 'grade-file',
    ...rest,
    base: baseOf(wanted.input),
    restart: false,
    agreed: false,
    runtime: studio.runtime,
  };
  const graded = await run(studio, name, task, asks);
  if (graded?.kind !== 'graded') return;
  studio.log.info([`graded ${task.input} with ${name}: ${task.output}`, ...graded.lines].join('\n'));
  const file = path.basename(task.output);
  const answer = await vscode.window.showInformationMessage(`${name}: ${graded.headline}, in ${file}.`, OPEN, SUMMARY);
  if (answer === OPEN) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(task.output));
  if (answer === SUMMARY) await showSummary(graded.folder);
}

/** Undefined when the person does not agree. */
async function run(
  studio: Studio,
  name: string,
  task: GradeFileTask,
  asks: string | undefined,
): Promise<GradeFileTaskResult | undefined> {
  try {
    const result = await inProgress(studio, name, task);
    if (result.kind === 'graded') return result;
    const { rows, kept, cost } = result;
    const grade = 'Grade';
    const before = kept === 0 ? '' : ` ${kept.toLocaleString('en')} rows are kept of before.`;
    const detail = `The texts of ${rows.toLocaleString('en')} rows are sent to ${asks ?? name}: ${describeCost(cost)}.${before}`;
    const answer = await vscode.window.showWarningMessage(`Grade with ${name}?`, { modal: true, detail }, grade);
    return answer === grade ? await run(studio, name, { ...task, agreed: true }, asks) : undefined;
  } catch (error) {
    const known = toStudioError(error);
    if (known?.code !== 'already-exists' || task.restart) throw error;
    const anew = 'Begin Anew';
    const answer = await vscode.window.showWarningMessage(
      known.message,
      { modal: true, detail: 'Its grades are lost then.' },
      anew,
    );
    return answer === anew ? await run(studio, name, { ...task, restart: true }, asks) : undefined;
  }
}

function inProgress(studio: Studio, name: string, task: GradeFileTask): Thenable<GradeFileTaskResult> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Grading ${path.basename(task.input)} with ${name}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    let shown = 0;
    return askDatasetTask(studio.runtime, task, {
      signal: abortSignalOf(token),
      onProgress: (share, message) => {
        progress.report({ increment: Math.max(0, share - shown) * 100, ...(message !== undefined && { message }) });
        shown = Math.max(shown, share);
      },
    });
  });
}

/** You agree to each grade of a model of the editor: it grades no files. */
const gradesFiles = (grader: ListedGrader): boolean => grader.source === 'run' || grader.entry.kind !== 'editor-model';

const asksOf = (grader: ListedGrader): string | undefined =>
  grader.source !== 'run' && isRemoteKind(grader.entry.kind) ? whereOf(grader.entry) : undefined;

const isOf = (grader: ListedGrader, { asked_for, grader: { name } }: GradingSpec): boolean =>
  grader.source === 'run'
    ? [grader.state.folder, grader.state.spec.id, grader.state.spec.name].includes(asked_for.model ?? '')
    : grader.entry.name === (asked_for.grader ?? name);

function choiceOf({ reading }: GradingSpec): GradeFileTask['choice'] {
  if (reading.kind === 'shape') return {};
  throw new StudioError('not-available', 'A grading of a column goes on from the terminal that began it.', {
    hint: 'Run the same command there again.',
  });
}

/** Beside the file, in its format where that can be written. The dialog asks before it replaces anything. */
async function askOutput(input: string): Promise<string | undefined> {
  const bare = path.basename(input).replace(/\.(gz|zst)$/i, '');
  const { name, ext } = path.parse(bare);
  const ending = /^\.(parquet|parq|pq)$/i.test(ext) ? 'parquet' : 'jsonl';
  const uri = await vscode.window.showSaveDialog({
    title: 'Where do the graded rows go?',
    saveLabel: 'Grade',
    defaultUri: vscode.Uri.file(path.join(path.dirname(input), `${name}.graded.${ending}`)),
    filters: { 'JSON Lines': ['jsonl'], Parquet: ['parquet'] },
  });
  return uri?.fsPath;
}

/**
 * "Compare Graders": two graders on the same labelled rows. Each is measured by those labels, and what came of every row is
 * compared; the numbers of the two are never set against each other, since their scales may differ.
 */

import path from 'node:path';
import * as vscode from 'vscode';
import { methodOfScale } from '../../core/evaluations/evaluated-grader.ts';
import { isRemoteKind } from '../../core/graders/grader.ts';
import { isPaid, scaleOf, whereOf } from '../../core/graders/registry/describe-entry.ts';
import type { MethodId } from '../../core/methods/method.ts';
import type { RunState } from '../../core/runs/state.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import type { Studio } from '../studio.ts';
import { pickDataset } from '../training/pick-dataset.ts';
import { type GraderServices, pickGrader } from './graders-view.ts';
import { idOf, type ListedGrader, nameOf } from './listed-grader.ts';
import { baseOf, taskGrader } from './task-grader.ts';

/** @param given of a menu; else the person chooses */
export async function compareGraders(studio: Studio, services: GraderServices, given?: ListedGrader): Promise<void> {
  const a = given ?? (await pickGrader(services, 'Compare which grader?', isMeasurable));
  const b = a && (await pickGrader(services, `Compare ${nameOf(a)} with which grader?`, (each) => isOther(a, each)));
  const file = b && (await pickDataset(`Compare ${nameOf(a)} and ${nameOf(b)}`, 1, 'Compare on This'));
  if (!file || !(await agree([a, b], file))) return;
  const first = await evaluation(studio, services, a, file);
  const second = await evaluation(studio, services, b, file);
  await vscode.commands.executeCommand('rewardStudio.compareEvaluations', { file: first }, { file: second });
}

/** You agree to each grade of a model of the editor: nobody would to that of every row. */
const isMeasurable = (grader: ListedGrader): boolean => grader.source === 'run' || grader.entry.kind !== 'editor-model';

/** Of another method the rows would be measured by other labels. Of a model file only the file tells. */
function isOther(a: ListedGrader, b: ListedGrader): boolean {
  const [ofA, ofB] = [methodOf(a), methodOf(b)];
  return idOf(a) !== idOf(b) && isMeasurable(b) && (ofA === undefined || ofB === undefined || ofA === ofB);
}

function methodOf(grader: ListedGrader): MethodId | undefined {
  if (grader.source === 'run') return grader.state.spec.method;
  const scale = scaleOf(grader.entry);
  return scale && methodOfScale(scale);
}

/** Who else is sent the texts is told first. */
async function agree(graders: readonly ListedGrader[], file: string): Promise<boolean> {
  const asked = graders.flatMap((each) =>
    each.source === 'run' || !isRemoteKind(each.entry.kind) ? [] : [each.entry],
  );
  if (asked.length === 0) return true;
  const go = 'Compare';
  const each = asked.map((entry) => `${whereOf(entry)}${isPaid(entry) ? ', which costs money' : ''}`);
  const detail = `The texts of all labelled rows of ${path.basename(file)} are sent to ${each.join(' and to ')}.`;
  return (await vscode.window.showWarningMessage('Compare graders?', { modal: true, detail }, go)) === go;
}

/** @returns the report's path. One of a run that is kept of these very data is not computed again. */
async function evaluation(
  studio: Studio,
  { runs, keys }: GraderServices,
  grader: ListedGrader,
  file: string,
): Promise<string> {
  const { evaluateGrader, evaluateRun } = await import('../evaluation/evaluate-run.ts');
  if (grader.source === 'run') {
    return (await keptOf(studio, grader.state, file)) ?? (await evaluateRun(studio, runs, grader.state, file));
  }
  const named = { name: nameOf(grader), grader: await taskGrader(grader, keys), base: baseOf(file) };
  return evaluateGrader(studio, named, file);
}

async function keptOf({ runtime }: Studio, { folder }: RunState, file: string): Promise<string | undefined> {
  const { listEvaluations } = await import('../../core/evaluations/evaluation-files.ts');
  const kept = (await listEvaluations(folder)).evaluations.filter(({ data }) => data === file);
  if (kept.length === 0) return undefined;
  const fingerprint = await askDatasetTask(
    runtime,
    { kind: 'fingerprint', file },
    { signal: new AbortController().signal },
  );
  return kept.find((each) => each.fingerprint === fingerprint)?.file;
}

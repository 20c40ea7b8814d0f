/** What is done with one grader: tried, renamed, removed. */

import * as vscode from 'vscode';
import { describeError, toStudioError } from '../../core/errors.ts';
import { gradeLine } from '../../core/graders/grade-card.ts';
import { NAME_FORM } from '../../core/graders/registry/grader-entry.ts';
import { smokeTest } from '../../core/graders/registry/smoke-test.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import type { ActiveModel } from './active-model.ts';
import type { GradersTree } from './graders-tree.ts';
import { idOf, type ListedGrader, nameOf, type RegisteredGrader } from './listed-grader.ts';
import type { RegisteredGraders } from './registered-graders.ts';

/** Asks one small question and shows what comes of it. @throws what the grader fails with */
export async function testGrader(
  studio: Studio,
  active: ActiveModel,
  tree: GradersTree,
  listed: ListedGrader,
): Promise<void> {
  const name = nameOf(listed);
  const options = { location: vscode.ProgressLocation.Notification, title: `Testing ${name}`, cancellable: true };
  const grader = await active.open(listed);
  try {
    const { request, grade, latencyMs } = await vscode.window.withProgress(options, (_progress, token) =>
      smokeTest(grader, abortSignalOf(token)),
    );
    tree.showOutcome(listed, { latencyMs });
    const texts = `"${request.response[0]!.content}" beside "${request.sibling[0]!.content}"`;
    const notes = (grade.notes ?? []).join(' ');
    studio.log.info(`test of ${name}: ${gradeLine(grade)}; ${texts}; ${latencyMs.toFixed(0)} ms. ${notes}`);
    if (grade.reason) studio.log.info(`its reason: ${grade.reason}`);
    void vscode.window.showInformationMessage(
      `${gradeLine(grade)} · ${latencyMs.toFixed(0)} ms. Asked: ${texts}. ${notes}`,
    );
  } catch (error) {
    if (toStudioError(error)?.code !== 'cancelled') tree.showOutcome(listed, { failure: describeError(error) });
    throw error;
  } finally {
    grader.dispose();
  }
}

export async function renameGrader(registered: RegisteredGraders, active: ActiveModel, grader: RegisteredGrader) {
  const { name } = grader.entry;
  const given = await vscode.window.showInputBox({
    title: `Rename ${name}`,
    value: name,
    ignoreFocusOut: true,
    validateInput: (text) => nameProblem(text, registered, grader),
  });
  const to = given?.trim();
  if (!to || to === name) return;
  const current = active.active();
  const wasActive = current !== undefined && idOf(current) === idOf(grader);
  await registered.rename(grader, to);
  if (wasActive) await active.use({ ...grader, entry: { ...grader.entry, name: to } });
}

export async function removeGrader(registered: RegisteredGraders, grader: RegisteredGrader): Promise<void> {
  const remove = 'Remove';
  const detail = 'Its entry is removed. Models and grades stay.';
  const question = `Remove the grader "${grader.entry.name}"?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  await registered.remove(grader);
}

/** @param but one whose own name is free for it */
export function nameProblem(text: string, registered: RegisteredGraders, but?: RegisteredGrader): string | undefined {
  const name = text.trim();
  if (!NAME_FORM.test(name)) return 'Give it a name of up to 80 characters.';
  const taken = registered.graders.some((each) => each.entry.name === name && name !== but?.entry.name);
  return taken ? `There is a grader "${name}" already.` : undefined;
}

/** The feature "grading": what grades, its view, the hover and grading on request. */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { GradeCache } from '../../core/graders/grade-cache.ts';
import type { RunState } from '../../core/runs/state.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import type { Runs } from '../training/runs.ts';
import type { ActiveModel } from './active-model.ts';
import { addGrader } from './add-grader.ts';
import { gradeSelection } from './grade-selection.ts';
import { removeGrader, renameGrader, testGrader } from './grader-commands.ts';
import { type GraderKeys, namesKey, setKey } from './grader-keys.ts';
import { GradersTree } from './graders-tree.ts';
import { GradeHover } from './hover.ts';
import { type ListedGrader, nameOf, type RegisteredGrader } from './listed-grader.ts';
import type { RegisteredGraders } from './registered-graders.ts';

export interface GradingServices {
  readonly runs: Runs;
  readonly activeModel: ActiveModel;
  readonly registered: RegisteredGraders;
  readonly keys: GraderKeys;
}

const ASKED_WHEN_TRUSTED = 'Graders that a workspace names are asked only when it is trusted.';

export function activateGrading(studio: Studio, services: GradingServices): vscode.Disposable {
  const { runs, activeModel, registered, keys } = services;
  const cache = new GradeCache({
    file: studio.context.storageUri && path.join(studio.context.storageUri.fsPath, 'grades.jsonl'),
    onProblem: (error) => studio.log.warn(`grades are not kept: ${describeError(error)}`),
  });
  const tree = new GradersTree(runs, registered, activeModel, keys);
  const grader = () => activeModel.grader();
  const hover = new GradeHover(studio, grader, cache);
  const pick = (placeHolder: string, qualifies: (grader: ListedGrader) => boolean = () => true) =>
    pickGrader(services, placeHolder, qualifies);
  const pickRegistered = async (placeHolder: string, qualifies: (grader: RegisteredGrader) => boolean = () => true) =>
    (await pick(placeHolder, (each) => isRegistered(each) && qualifies(each))) as RegisteredGrader | undefined;
  const test = (listed: ListedGrader) => testGrader(studio, activeModel, tree, listed);
  void registered.ready();
  return vscode.Disposable.from(
    tree,
    vscode.window.registerTreeDataProvider('rewardStudio.graders', tree),
    vscode.languages.registerHoverProvider({ pattern: '**' }, hover),
    registerCommand(studio, 'rewardStudio.gradeSelection', 'Grade Selection', () => gradeSelection(grader, cache)),
    registerCommand(studio, 'rewardStudio.clearGrades', 'Clear Kept Grades', () => {
      cache.clear();
      void vscode.window.showInformationMessage('No grades are kept any more.');
    }),
    registerCommand(studio, 'rewardStudio.useAsGrader', 'Use as Grader', async (given?: RunState | ListedGrader) => {
      const chosen = given === undefined ? await pick('What grades?') : asListed(given);
      if (!chosen) return;
      await activeModel.use(chosen);
      // Loading it now shows a damaged model at once, not at the first hover.
      await activeModel.grader();
    }),
    registerCommand(studio, 'rewardStudio.addGrader', 'Add Grader', async () => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const added = await addGrader(runs, registered, keys);
      if (!added) return;
      const { name, kind } = added.entry;
      // A model of ours is tried at once; what is elsewhere is asked when the person says so.
      if (kind === 'embedded' || kind === 'local-model') return test(added);
      const tryIt = 'Test Grader';
      const answer = await vscode.window.showInformationMessage(`The grader "${name}" is added.`, tryIt);
      if (answer === tryIt) await test(added);
    }),
    registerCommand(studio, 'rewardStudio.testGrader', 'Test Grader', async (given?: ListedGrader) => {
      const chosen = given ?? (await pick('Which grader to test?'));
      if (chosen) await test(chosen);
    }),
    registerCommand(studio, 'rewardStudio.renameGrader', 'Rename Grader', async (given?: RegisteredGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const chosen = given ?? (await pickRegistered('Which grader to rename?'));
      if (chosen) await renameGrader(registered, activeModel, chosen);
    }),
    registerCommand(studio, 'rewardStudio.removeGrader', 'Remove Grader', async (given?: RegisteredGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const chosen = given ?? (await pickRegistered('Which grader to remove?'));
      if (chosen) await removeGrader(registered, chosen);
    }),
    registerCommand(studio, 'rewardStudio.setGraderKey', 'Set Key', async (given?: RegisteredGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const chosen = given ?? (await pickRegistered('The key of which grader?', ({ entry }) => namesKey(entry)));
      if (chosen) await setKey(chosen.entry, keys);
    }),
  );
}

const isRegistered = (grader: ListedGrader): grader is RegisteredGrader => grader.source !== 'run';

const asListed = (given: RunState | ListedGrader): ListedGrader =>
  'source' in given ? given : { source: 'run', state: given };

async function pickGrader(
  { runs, registered, activeModel }: GradingServices,
  placeHolder: string,
  qualifies: (grader: ListedGrader) => boolean,
): Promise<ListedGrader | undefined> {
  await Promise.all([runs.ready(), registered.ready()]);
  const items = activeModel
    .all()
    .filter(qualifies)
    .map((grader) => ({ label: nameOf(grader), description: describe(grader), grader }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no such grader in this workspace.');
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.grader;
}

const describe = (grader: ListedGrader): string =>
  grader.source === 'run' ? `${grader.state.status} · ${grader.state.spec.id}` : grader.entry.kind;

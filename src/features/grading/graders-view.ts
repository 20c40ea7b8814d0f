/** The view "Graders" and what is done in it: graders are added, tried, given keys, renamed and removed. */

import * as vscode from 'vscode';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import type { Runs } from '../training/runs.ts';
import type { ActiveModel } from './active-model.ts';
import { type GraderKeys, namesKey, setKey } from './grader-keys.ts';
import { GradersTree } from './graders-tree.ts';
import { type ListedGrader, nameOf, type RegisteredGrader } from './listed-grader.ts';
import type { RegisteredGraders } from './registered-graders.ts';

export interface GraderServices {
  readonly runs: Runs;
  readonly activeModel: ActiveModel;
  readonly registered: RegisteredGraders;
  readonly keys: GraderKeys;
}

// Loaded when it is asked for.
const commands = () => import('./grader-commands.ts');

const ASKED_WHEN_TRUSTED = 'Graders that a workspace names are asked only when it is trusted.';

export function activateGradersView(studio: Studio, services: GraderServices): vscode.Disposable {
  const { runs, activeModel, registered, keys } = services;
  const tree = new GradersTree(runs, registered, activeModel, keys);
  const pickRegistered = async (placeHolder: string, qualifies: (grader: RegisteredGrader) => boolean = () => true) =>
    (await pickGrader(services, placeHolder, (each) => isRegistered(each) && qualifies(each))) as
      | RegisteredGrader
      | undefined;
  const test = async (listed: ListedGrader) => (await commands()).testGrader(studio, activeModel, tree, listed);
  void registered.ready();
  return vscode.Disposable.from(
    tree,
    vscode.window.registerTreeDataProvider('rewardStudio.graders', tree),
    registerCommand(studio, 'rewardStudio.addGrader', 'Add Grader', async () => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const { addGrader } = await import('./add-grader.ts');
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
      const chosen = given ?? (await pickGrader(services, 'Which grader to test?'));
      if (chosen) await test(chosen);
    }),
    registerCommand(studio, 'rewardStudio.compareGraders', 'Compare Graders', async (given?: ListedGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      await (await import('./compare-graders.ts')).compareGraders(studio, services, given);
    }),
    registerCommand(studio, 'rewardStudio.renameGrader', 'Rename Grader', async (given?: RegisteredGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const chosen = given ?? (await pickRegistered('Which grader to rename?'));
      if (chosen) await (await commands()).renameGrader(registered, activeModel, chosen);
    }),
    registerCommand(studio, 'rewardStudio.removeGrader', 'Remove Grader', async (given?: RegisteredGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const chosen = given ?? (await pickRegistered('Which grader to remove?'));
      if (chosen) await (await commands()).removeGrader(registered, chosen);
    }),
    registerCommand(studio, 'rewardStudio.setGraderKey', 'Set Key', async (given?: RegisteredGrader) => {
      requireTrust(ASKED_WHEN_TRUSTED);
      const chosen = given ?? (await pickRegistered('The key of which grader?', ({ entry }) => namesKey(entry)));
      if (chosen) await setKey(chosen.entry, keys);
    }),
  );
}

const isRegistered = (grader: ListedGrader): grader is RegisteredGrader => grader.source !== 'run';

/** Undefined when the person leaves, or where there is none. */
export async function pickGrader(
  { runs, registered, activeModel }: GraderServices,
  placeHolder: string,
  qualifies: (grader: ListedGrader) => boolean = () => true,
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

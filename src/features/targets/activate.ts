/** The feature "targets": machines that trainings are started on, besides this one. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { isTarget, type ListedTarget, listedTargets, TargetsTree } from './targets-tree.ts';

// Loaded when it is asked for.
const commands = () => import('./target-commands.ts');

const REACHED_WHEN_TRUSTED = 'Other machines are reached in trusted workspaces only.';

export function activateTargets(studio: Studio): vscode.Disposable {
  const tree = new TargetsTree();
  const look = async (target: ListedTarget) => (await commands()).lookAtTarget(studio, tree, target);
  return vscode.Disposable.from(
    tree,
    registerCommand(studio, 'rewardStudio.addTarget', 'Add Training Target', async () => {
      requireTrust(REACHED_WHEN_TRUSTED);
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      if (!folder) {
        throw new StudioError('usage', 'A target is kept with a folder, and none is open.', {
          hint: 'Open a folder first.',
        });
      }
      const added = await (await commands()).addTarget(folder.uri.fsPath);
      tree.refresh();
      if (added) await look(added);
    }),
    registerCommand(studio, 'rewardStudio.lookAtTarget', 'Look at Target', async (given?: ListedTarget) => {
      requireTrust(REACHED_WHEN_TRUSTED);
      const target = given ?? (await pickTarget('Which target to look at?'));
      if (target) await look(target);
    }),
    registerCommand(studio, 'rewardStudio.setUpTarget', 'Set Up Python There', async (given?: ListedTarget) => {
      requireTrust(REACHED_WHEN_TRUSTED);
      const target = given ?? (await pickTarget('On which target?'));
      const made = target && (await (await commands()).setUpPythonThere(studio, target));
      tree.refresh();
      if (made) await look(made);
    }),
    registerCommand(studio, 'rewardStudio.removeTarget', 'Remove Target', async (given?: ListedTarget) => {
      requireTrust(REACHED_WHEN_TRUSTED);
      const target = given ?? (await pickTarget('Which target to remove?'));
      if (!target) return;
      await (await commands()).removeTarget(target);
      tree.refresh();
    }),
  );
}

async function pickTarget(placeHolder: string): Promise<ListedTarget | undefined> {
  const items = (await listedTargets()).filter(isTarget).map((target) => ({ label: target.name, target }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no target besides this machine: "Add Training Target" adds one.',
    );
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.target;
}

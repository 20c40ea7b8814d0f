/** The feature "preparation": from any recognised dataset to the training files of a method, and fixes into new files. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { registerCommand, type Studio } from '../studio.ts';
import { fixDataset } from './fix-command.ts';
import { askForPreparation, prepareData, tellPrepared } from './prepare-command.ts';

export function activatePreparation(studio: Studio): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(studio, 'rewardStudio.prepareData', 'Prepare Training Data', async (uri?: vscode.Uri) => {
      requireTrust();
      const request = await askForPreparation(studio, uri instanceof vscode.Uri ? uri.fsPath : undefined);
      if (request) void tellPrepared(await prepareData(studio, request));
    }),
    registerCommand(studio, 'rewardStudio.fixDataset', 'Fix', (uri: vscode.Uri, method: string, finding: string) => {
      requireTrust();
      return fixDataset(studio, uri, method, finding);
    }),
  );
}

function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new StudioError('not-available', 'Files are written in trusted workspaces only.', {
    hint: 'Trust this workspace first (Manage Workspace Trust).',
  });
}

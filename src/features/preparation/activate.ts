/** The feature "preparation": from any recognised dataset to the training files of a method. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { registerCommand, type Studio } from '../studio.ts';
import { askForPreparation, prepareData, tellPrepared } from './prepare-command.ts';

export function activatePreparation(studio: Studio): vscode.Disposable {
  return registerCommand(studio, 'rewardStudio.prepareData', 'Prepare Training Data', async (uri?: vscode.Uri) => {
    if (!vscode.workspace.isTrusted) {
      throw new StudioError('not-available', 'Files are written in trusted workspaces only.', {
        hint: 'Trust this workspace first (Manage Workspace Trust).',
      });
    }
    const request = await askForPreparation(studio, uri instanceof vscode.Uri ? uri.fsPath : undefined);
    if (request) void tellPrepared(await prepareData(studio, request));
  });
}

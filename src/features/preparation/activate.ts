/** The feature "preparation": from any recognised dataset to the training files of a method, and fixes into new files. */

import * as vscode from 'vscode';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { fixDataset } from './fix-command.ts';
import { askForPreparation, prepareData, tellPrepared } from './prepare-command.ts';

const WRITES = 'Files are written in trusted workspaces only.';

export function activatePreparation(studio: Studio): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(studio, 'rewardStudio.prepareData', 'Prepare Training Data', async (uri?: vscode.Uri) => {
      requireTrust(WRITES);
      const request = await askForPreparation(studio, uri instanceof vscode.Uri ? uri.fsPath : undefined);
      if (request) void tellPrepared(await prepareData(studio, request));
    }),
    registerCommand(studio, 'rewardStudio.fixDataset', 'Fix', (uri: vscode.Uri, method: string, finding: string) => {
      requireTrust(WRITES);
      return fixDataset(studio, uri, method, finding);
    }),
  );
}

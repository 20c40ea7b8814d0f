/** The feature "preparation": from any recognised dataset to the training files of a method, and fixes into new files. */

import * as vscode from 'vscode';
import { findMethod } from '../../core/methods/method.ts';
import type { FixRequest } from '../../protocol/dataset-checks.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';

const WRITES = 'Files are written in trusted workspaces only.';

export function activatePreparation(studio: Studio): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(
      studio,
      'rewardStudio.prepareData',
      'Prepare Training Data',
      async (uri?: unknown, method?: unknown) => {
        requireTrust(WRITES);
        const { askForPreparation, prepareData, tellPrepared } = await import('./prepare-command.ts');
        // Menus pass things of their own behind the file.
        const request = await askForPreparation(studio, {
          input: uri instanceof vscode.Uri ? uri.fsPath : undefined,
          method: typeof method === 'string' ? findMethod(method)?.id : undefined,
        });
        if (request) void tellPrepared(await prepareData(studio, request));
      },
    ),
    registerCommand(studio, 'rewardStudio.fixDataset', 'Fix', async (uri: vscode.Uri, request: FixRequest) => {
      requireTrust(WRITES);
      const { fixDataset } = await import('./fix-command.ts');
      return fixDataset(studio, uri, request);
    }),
  );
}

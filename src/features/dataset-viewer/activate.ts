/** The feature "dataset viewer": a read-only editor of datasets. Works in Restricted Mode. */

import * as vscode from 'vscode';
import { registerCommand, type Studio } from '../studio.ts';
import { DatasetEditorProvider, OPTIONAL_VIEW_TYPE, VIEW_TYPE } from './dataset-editor.ts';
import { OpenPanels } from './open-panels.ts';
import { RemoteDatasets } from './remote-datasets.ts';
import { showRow } from './show-row.ts';
import { registerViewerCommands } from './viewer-commands.ts';
import type { RowGrading } from './viewer-services.ts';

export function activateDatasetViewer(studio: Studio, grading: RowGrading): vscode.Disposable {
  const panels = new OpenPanels();
  const remotes = new RemoteDatasets(studio.context.secrets);
  const provider = new DatasetEditorProvider(studio.context.extensionUri, { ...studio, remotes, grading }, panels);
  const options = { supportsMultipleEditorsPerDocument: true };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, provider, options),
    vscode.window.registerCustomEditorProvider(OPTIONAL_VIEW_TYPE, provider, options),
    registerViewerCommands(panels),
    registerCommand(studio, 'rewardStudio.openFolderAsDataset', 'Open Folder as Dataset', async (folder?: unknown) => {
      const { openFolderAsDataset } = await import('./open-folder-command.ts');
      await openFolderAsDataset(folder instanceof vscode.Uri ? folder : undefined);
    }),
    registerCommand(studio, 'rewardStudio.showRow', 'Show Row', (uri: vscode.Uri, row: number) =>
      showRow(panels, uri, row),
    ),
    registerCommand(studio, 'rewardStudio.openRemoteDataset', 'Open Remote Dataset', async () => {
      const { openRemoteDataset } = await import('./open-remote-command.ts');
      await openRemoteDataset(remotes);
    }),
  );
}

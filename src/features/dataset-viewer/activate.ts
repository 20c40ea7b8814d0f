/** The feature "dataset viewer": a read-only editor of datasets. Works in Restricted Mode. */

import * as vscode from 'vscode';
import { registerCommand, type Studio } from '../studio.ts';
import { DatasetEditorProvider, OPTIONAL_VIEW_TYPE, VIEW_TYPE } from './dataset-editor.ts';
import { openFolderAsDataset } from './open-folder-command.ts';
import { OpenPanels } from './open-panels.ts';
import { registerViewerCommands } from './viewer-commands.ts';

export function activateDatasetViewer(studio: Studio): vscode.Disposable {
  const panels = new OpenPanels();
  const provider = new DatasetEditorProvider(studio.context.extensionUri, studio, panels);
  const options = { supportsMultipleEditorsPerDocument: true };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, provider, options),
    vscode.window.registerCustomEditorProvider(OPTIONAL_VIEW_TYPE, provider, options),
    registerViewerCommands(panels),
    registerCommand(studio, 'rewardStudio.openFolderAsDataset', 'Open Folder as Dataset', (folder?: unknown) =>
      openFolderAsDataset(folder instanceof vscode.Uri ? folder : undefined),
    ),
  );
}

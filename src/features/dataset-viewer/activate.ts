/** The feature "dataset viewer": a read-only editor of datasets. Works in Restricted Mode. */

import * as vscode from 'vscode';
import { DatasetEditorProvider, OPTIONAL_VIEW_TYPE, VIEW_TYPE } from './dataset-editor.ts';
import { OpenPanels } from './open-panels.ts';
import { registerViewerCommands } from './viewer-commands.ts';
import type { ViewerServices } from './viewer-services.ts';

export function activateDatasetViewer(context: vscode.ExtensionContext, services: ViewerServices): vscode.Disposable {
  const panels = new OpenPanels();
  const provider = new DatasetEditorProvider(context.extensionUri, services, panels);
  const options = { supportsMultipleEditorsPerDocument: true };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, provider, options),
    vscode.window.registerCustomEditorProvider(OPTIONAL_VIEW_TYPE, provider, options),
    registerViewerCommands(panels),
  );
}

/** The feature "dataset viewer": a read-only editor of Parquet files. Works in Restricted Mode. */

import * as vscode from 'vscode';
import { DatasetEditorProvider, VIEW_TYPE } from './dataset-editor.ts';
import type { ViewerServices } from './viewer-services.ts';

export function activateDatasetViewer(context: vscode.ExtensionContext, services: ViewerServices): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(
    VIEW_TYPE,
    new DatasetEditorProvider(context.extensionUri, services),
    { supportsMultipleEditorsPerDocument: true },
  );
}

/** The feature "dataset viewer": a read-only editor of Parquet files. Works in Restricted Mode. */

import * as vscode from 'vscode';
import type { Studio } from '../studio.ts';
import { DatasetEditorProvider, VIEW_TYPE } from './dataset-editor.ts';

export type ViewerServices = Pick<Studio, 'runtime' | 'log'>;

export function activateDatasetViewer(context: vscode.ExtensionContext, services: ViewerServices): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(
    VIEW_TYPE,
    new DatasetEditorProvider(context.extensionUri, services),
    { supportsMultipleEditorsPerDocument: true },
  );
}

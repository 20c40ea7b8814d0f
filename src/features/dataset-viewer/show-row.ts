/** Opens a dataset at one of its rows, for the views that speak of rows. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { OPTIONAL_VIEW_TYPE, VIEW_TYPE } from './dataset-editor.ts';
import type { OpenPanels } from './open-panels.ts';

const OPENED_BY_DEFAULT = /\.(parquet|parq|pq|arrow|feather)$/i;

/** @param uri of a file, or of a folder of shards; the person goes on in the view they came from */
export async function showRow(panels: OpenPanels, uri: vscode.Uri, row: number): Promise<void> {
  const { type } = await vscode.workspace.fs.stat(uri).then(undefined, (cause) => {
    throw new StudioError('file-not-found', 'The data are not there any more.', {
      where: { file: uri.fsPath },
      hint: 'Restore the file, or evaluate on another one.',
      cause,
    });
  });
  const isFolder = (type & vscode.FileType.Directory) !== 0;
  // As "Open Folder as Dataset" names it.
  const opened = isFolder ? vscode.Uri.joinPath(uri, '.') : uri;
  const viewType = isFolder || OPENED_BY_DEFAULT.test(uri.path) ? VIEW_TYPE : OPTIONAL_VIEW_TYPE;
  panels.showRow(opened, row);
  await vscode.commands.executeCommand('vscode.openWith', opened, viewType);
}

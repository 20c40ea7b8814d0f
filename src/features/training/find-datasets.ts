/** The dataset files of the workspace, found by a bounded search. */

import path from 'node:path';
import * as vscode from 'vscode';

export const DATASET_PATTERN = '**/*.{parquet,parq,pq,jsonl,ndjson,csv}';
export const MOST_FILES = 500;

/** Packages bring data and models of their own, which nobody means; runs are listed elsewhere. */
export const EXCLUDED = '{**/node_modules/**,**/site-packages/**,**/.venv/**,**/.reward-studio/**,**/.git/**}';

/** Absolute paths, in numeric-aware order. */
export async function findDatasets(): Promise<string[]> {
  return (await vscode.workspace.findFiles(DATASET_PATTERN, EXCLUDED, MOST_FILES))
    .filter((uri) => uri.scheme === 'file')
    .map((uri) => uri.fsPath)
    .sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

export const datasetIcon = (file: string): vscode.ThemeIcon =>
  new vscode.ThemeIcon(/\.(parquet|parq|pq)$/.test(file) ? 'table' : 'json');

/** The folder of a file as a person knows it: in the workspace where it is there; empty for the workspace's own. */
export function folderOf(file: string): string {
  const folder = path.dirname(file);
  const isRoot = vscode.workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === folder);
  return isRoot ? '' : vscode.workspace.asRelativePath(folder);
}

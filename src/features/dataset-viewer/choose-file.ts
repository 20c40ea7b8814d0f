/** Has the person choose a file that a check needs beside the dataset. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { ChosenFile, FilePurpose } from '../../protocol/dataset-checks.ts';

const DATASETS = {
  Datasets: ['parquet', 'parq', 'pq', 'jsonl', 'ndjson', 'json', 'csv', 'gz', 'arrow', 'feather'],
  'All files': ['*'],
};

const DIALOGS: Readonly<Record<FilePurpose, vscode.OpenDialogOptions>> = {
  against: { title: 'The other file of the split', openLabel: 'Compare with This', filters: DATASETS },
  benchmark: { title: 'The benchmark', openLabel: 'Look for These Prompts', filters: DATASETS },
  tokenizer: {
    title: "A model's tokenizer.json",
    openLabel: 'Count with This',
    filters: { Tokenizer: ['json'], 'All files': ['*'] },
  },
};

export async function chooseFile(purpose: FilePurpose, beside: vscode.Uri): Promise<ChosenFile | null> {
  const chosen = await vscode.window.showOpenDialog({
    ...DIALOGS[purpose],
    canSelectMany: false,
    ...(beside.scheme === 'file' && { defaultUri: vscode.Uri.joinPath(beside, '..') }),
  });
  const file = chosen?.[0]?.fsPath;
  if (file === undefined) return null;
  // Every tokenizer.json has the same name: its folder is the model's.
  const name =
    purpose === 'tokenizer' ? path.join(path.basename(path.dirname(file)), path.basename(file)) : path.basename(file);
  return { path: file, name };
}

/** First step of the training command: which file. The one being looked at comes first. */

import path from 'node:path';
import * as vscode from 'vscode';
import { datasetIcon, findDatasets, folderOf } from './find-datasets.ts';
import { pickStep, type StepItem } from './pick-steps.ts';

const EXTENSIONS = ['parquet', 'parq', 'pq', 'jsonl', 'ndjson', 'json', 'csv', 'gz'];
const DATASET = /\.(parquet|parq|pq|jsonl|ndjson|json|csv)$/;

/** Absolute path of the dataset, or undefined when the person leaves. */
export async function pickDataset(
  title: string,
  totalSteps: number,
  openLabel = 'Train from This',
): Promise<string | undefined> {
  const answer = await pickStep<string>({
    title,
    placeholder: 'Which dataset? Parquet, JSONL, JSON or CSV',
    step: 1,
    totalSteps,
    items: datasetItems(),
  });
  if (answer === undefined || answer === 'back') return undefined;
  return answer.value === BROWSE ? browse(openLabel) : answer.value;
}

const BROWSE = '\u0000browse';

async function datasetItems(): Promise<StepItem<string>[]> {
  const open = openDatasets();
  const found = await findDatasets();
  const rest = found.filter((file) => !open.includes(file));
  return [
    ...(open.length > 0 ? [separator('open'), ...open.map(datasetItem)] : []),
    ...(rest.length > 0 ? [separator('in this workspace'), ...rest.map(datasetItem)] : []),
    separator('elsewhere'),
    { label: 'Browse…', iconPath: new vscode.ThemeIcon('folder-opened'), value: BROWSE, alwaysShow: true },
  ];
}

/** Files open in tabs, the active one first. */
function openDatasets(): string[] {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .sort((a, b) => Number(b.isActive) - Number(a.isActive));
  const files = tabs.map((tab) => {
    const { input } = tab;
    const uri = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
    return uri?.scheme === 'file' && DATASET.test(uri.fsPath) ? uri.fsPath : undefined;
  });
  return [...new Set(files.filter((file) => file !== undefined))];
}

const separator = (label: string): StepItem<string> => ({ label, kind: vscode.QuickPickItemKind.Separator });

function datasetItem(file: string): StepItem<string> {
  return { label: path.basename(file), iconPath: datasetIcon(file), description: folderOf(file), value: file };
}

async function browse(openLabel: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    canSelectFolders: true,
    canSelectFiles: true,
    openLabel,
    filters: { Datasets: EXTENSIONS, 'All files': ['*'] },
  });
  return chosen?.[0]?.fsPath;
}

/** "Prepare Training Data": which method, which split, where to; then the files are made in a process of their own. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { ConvertReport } from '../../core/datasets/convert.ts';
import type { SplitShares } from '../../core/datasets/split.ts';
import { StudioError } from '../../core/errors.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { pickDataset } from '../training/pick-dataset.ts';
import { pickStep, type StepItem } from '../training/pick-steps.ts';

const TITLE = 'Prepare Training Data';
const TOTAL_STEPS = 4;

export interface PreparationRequest {
  readonly input: string;
  readonly method: MethodId;
  readonly split: SplitShares | undefined;
  readonly outputDir: string;
}

/** Asks step by step; undefined when the person leaves. */
export async function askForPreparation(studio: Studio, given?: string): Promise<PreparationRequest | undefined> {
  let input = given;
  let method: MethodId | undefined;
  let split: { readonly shares: SplitShares | undefined } | undefined;
  for (;;) {
    if (input === undefined) {
      input = await pickDataset(TITLE, TOTAL_STEPS);
      if (input === undefined) return undefined;
    }
    if (method === undefined) {
      const answer = await pickMethod(studio, input);
      if (answer === undefined) return undefined;
      if (answer === 'back') input = undefined;
      else method = answer.value;
      continue;
    }
    if (split === undefined) {
      const answer = await pickStep({ ...place(3), placeholder: SPLIT_PLACEHOLDER, items: SPLITS });
      if (answer === undefined) return undefined;
      if (answer === 'back') method = undefined;
      else split = answer.value;
      continue;
    }
    const answer = await pickFolder(input, method);
    if (answer === undefined) return undefined;
    if (answer === 'back') {
      split = undefined;
      continue;
    }
    return { input, method, split: split.shares, outputDir: answer.value };
  }
}

const place = (step: number) => ({ title: TITLE, step, totalSteps: TOTAL_STEPS });

const SPLIT_PLACEHOLDER = 'How to split; one prompt is never on two sides';
const SPLITS: readonly StepItem<{ readonly shares: SplitShares | undefined }>[] = [
  { label: 'Train and test', description: '80 % and 20 % of the rows', value: { shares: { train: 0.8, test: 0.2 } } },
  {
    label: 'Train, validation and test',
    description: '80 %, 10 % and 10 % of the rows',
    value: { shares: { train: 0.8, val: 0.1, test: 0.1 } },
  },
  { label: 'No split', description: 'one file with all rows', value: { shares: undefined } },
];

async function pickMethod(studio: Studio, input: string) {
  const controller = new AbortController();
  const items = askDatasetTask(studio.runtime, { kind: 'advise', file: input }, controller).then((advice) => {
    if (!advice.methods.some((entry) => entry.convertible)) {
      throw new StudioError('unrecognised-shape', 'No training data can be made of these rows.', {
        where: { file: input },
        hint: advice.methods[0]?.reason ?? 'Open the file to see its columns.',
      });
    }
    return advice.methods
      .filter((entry) => entry.convertible)
      .map(
        (entry): StepItem<MethodId> => ({
          label: METHODS[entry.method].title,
          iconPath: new vscode.ThemeIcon(entry.fits ? 'check' : 'arrow-swap'),
          description: METHODS[entry.method].summary,
          detail: entry.reason,
          value: entry.method,
        }),
      );
  });
  try {
    return await pickStep({
      ...place(2),
      placeholder: `Training data for which method, from ${path.basename(input)}`,
      items,
    });
  } finally {
    controller.abort();
  }
}

const CHOOSE = '\u0000choose';

async function pickFolder(input: string, method: MethodId) {
  const stem = path.basename(input).replace(/(\.[a-z]+)+$/i, '');
  const beside = path.join(path.dirname(input), `${stem}-${method}`);
  const answer = await pickStep<string>({
    ...place(4),
    placeholder: 'Where to; nothing is overwritten',
    items: [
      {
        label: `${path.basename(beside)}${path.sep}`,
        description: 'beside the dataset',
        iconPath: new vscode.ThemeIcon('new-folder'),
        value: beside,
      },
      { label: 'Choose a folder…', iconPath: new vscode.ThemeIcon('folder-opened'), value: CHOOSE },
    ],
  });
  if (answer === undefined || answer === 'back' || answer.value !== CHOOSE) return answer;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Write Here',
  });
  return chosen?.[0] && { value: chosen[0].fsPath };
}

/** Makes the files, with progress and cancel. */
export function prepareData(studio: Studio, request: PreparationRequest): Thenable<ConvertReport> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Preparing ${METHODS[request.method].title} data from ${path.basename(request.input)}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    return askDatasetTask(
      studio.runtime,
      { kind: 'convert', ...request, force: false },
      {
        signal: abortSignalOf(token),
        onProgress: (share) => {
          progress.report({ increment: (share - shown) * 100, message: `${Math.round(share * 100)} %` });
          shown = share;
        },
      },
    );
  });
}

/** The result with its counts, and what to do next. */
export async function tellPrepared(report: ConvertReport): Promise<void> {
  const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
  const files = report.files.map((file) => `${path.basename(file.path)} ${file.rows}`).join(', ');
  const left =
    dropped === 0 ? '' : ` ${dropped} rows were left out: ${path.basename(report.datasheet)} has the reasons.`;
  const open = 'Open';
  const train = 'Train';
  const message = `${report.records} records for ${METHODS[report.method].title}: ${files}.${left}`;
  const choice = await vscode.window.showInformationMessage(message, open, train);
  const first = report.files[0];
  if (!first) return;
  if (choice === open) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(first.path));
  if (choice === train) await vscode.commands.executeCommand('rewardStudio.train', vscode.Uri.file(first.path));
}

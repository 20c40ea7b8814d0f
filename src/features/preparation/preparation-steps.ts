/** The steps of "Prepare Training Data": each asks one thing and notes the answer in the draft. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PairScores } from '../../core/datasets/derive.ts';
import type { LabelReading } from '../../core/datasets/label-questions.ts';
import { parseSplit, type SplitShares } from '../../core/datasets/split.ts';
import { describeError, StudioError } from '../../core/errors.ts';
import { METHODS } from '../../core/methods/method.ts';
import type { AdvisedMethod } from '../../core/tasks/dataset-task.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import type { Studio } from '../studio.ts';
import { pickDataset } from '../training/pick-dataset.ts';
import { pickStep, type StepItem } from '../training/pick-steps.ts';
import { chooseOptions, optionsText } from './option-steps.ts';
import { chosen, type PreparationDraft } from './preparation-draft.ts';

export type Direction = 'next' | 'back';

/** Notes an answer and says where to go; undefined when the person leaves. `from` is the direction one came in. */
export type PreparationStep = (
  studio: Studio,
  draft: PreparationDraft,
  from: Direction,
) => Promise<Direction | undefined>;

export const TITLE = 'Prepare Training Data';

type StepName = 'dataset' | 'method' | 'labels' | 'scores' | 'split' | 'folder';

/** The questions about labels and scores are steps only where there are such. */
function place({ method }: PreparationDraft, name: StepName) {
  const names: StepName[] = ['dataset', 'method'];
  if (method?.question) names.push('labels');
  if (method?.asksPairScores) names.push('scores');
  names.push('split', 'folder');
  return { title: TITLE, step: names.indexOf(name) + 1, totalSteps: names.length };
}

export const datasetStep: PreparationStep = async (_studio, draft) => {
  const input = await pickDataset(TITLE, place(draft, 'dataset').totalSteps);
  if (input === undefined) return undefined;
  draft.input = input;
  return 'next';
};

export const methodStep: PreparationStep = async (studio, draft) => {
  const { input, given } = draft;
  if (input === undefined) return 'back';
  const controller = new AbortController();
  const advised = askDatasetTask(studio.runtime, { kind: 'advise', file: input }, controller).then((advice) => {
    draft.formats = advice.formats;
    const methods = advice.methods.filter((entry) => entry.convertible);
    if (methods.length > 0) return methods;
    throw new StudioError('unrecognised-shape', 'No training data can be made of these rows.', {
      where: { file: input },
      hint: advice.methods[0]?.reason ?? 'Open the file to see its columns.',
    });
  });
  try {
    delete draft.method;
    delete draft.given;
    const named = given && (await advised).find(({ method }) => method === given);
    if (named) {
      draft.method = named;
      return 'next';
    }
    const answer = await pickStep<AdvisedMethod>({
      ...place(draft, 'method'),
      placeholder: `Training data for which method, from ${path.basename(input)}`,
      items: advised.then((methods) => methods.map(methodItem)),
    });
    if (answer === undefined || answer === 'back') return answer;
    draft.method = answer.value;
    draft.options = {};
    return 'next';
  } finally {
    controller.abort();
  }
};

function methodItem(entry: AdvisedMethod): StepItem<AdvisedMethod> {
  const icon = entry.question ? 'question' : entry.fits ? 'check' : 'arrow-swap';
  return {
    label: METHODS[entry.method].title,
    iconPath: new vscode.ThemeIcon(icon),
    description: METHODS[entry.method].summary,
    detail: entry.question ? `Asks first: ${entry.question.question}` : entry.reason,
    value: entry,
  };
}

/** Labels that could mean two things are never guessed. */
export const labelStep: PreparationStep = async (_studio, draft, from) => {
  delete draft.map;
  const { question } = chosen(draft).method;
  if (!question) return from;
  const answer = await pickStep<LabelReading>({
    ...place(draft, 'labels'),
    placeholder: question.question,
    items: question.readings.map((reading) => ({
      label: reading.column,
      iconPath: new vscode.ThemeIcon('symbol-numeric'),
      description: reading.meaning,
      detail: reading.evidence,
      value: reading,
    })),
  });
  if (answer === undefined || answer === 'back') return answer;
  draft.map = answer.value.map;
  return 'next';
};

const PAIR_SCORES: readonly StepItem<PairScores | 'custom'>[] = [
  { label: 'Chosen 4, rejected 0', description: 'the ends of the scale', value: { chosen: 4, rejected: 0 } },
  { label: 'Chosen 3, rejected 1', description: 'better and worse than the middle', value: { chosen: 3, rejected: 1 } },
  { label: 'Other scores…', description: 'for example 4 and 2', value: 'custom' },
];

/** A pair does not say how good its responses are: that is never assumed. */
export const pairScoresStep: PreparationStep = async (_studio, draft, from) => {
  delete draft.pairScores;
  if (!chosen(draft).method.asksPairScores) return from;
  for (;;) {
    const answer = await pickStep<PairScores | 'custom'>({
      ...place(draft, 'scores'),
      placeholder: 'Which scores the two responses of a pair stand for, from 0 to 4',
      items: PAIR_SCORES,
    });
    if (answer === undefined || answer === 'back') return answer;
    const scores = answer.value === 'custom' ? await askPairScores() : answer.value;
    if (scores === undefined) continue;
    draft.pairScores = scores;
    return 'next';
  }
};

async function askPairScores(): Promise<PairScores | undefined> {
  const scoresIn = (text: string): PairScores | undefined => {
    const [chosenScore, rejectedScore] = (/^\s*([0-4])\s*,\s*([0-4])\s*$/.exec(text) ?? []).slice(1).map(Number);
    if (chosenScore === undefined || rejectedScore === undefined || chosenScore <= rejectedScore) return undefined;
    return { chosen: chosenScore, rejected: rejectedScore };
  };
  const text = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'The score of the chosen response and, after a comma, that of the rejected one',
    value: '4, 2',
    ignoreFocusOut: true,
    validateInput: (typed) =>
      scoresIn(typed) ? undefined : 'Give two whole numbers from 0 to 4, the first one higher, for example 4, 2.',
  });
  return text === undefined ? undefined : scoresIn(text);
}

type SplitChoice = { readonly shares: SplitShares | undefined } | 'custom';

const SPLITS: readonly StepItem<SplitChoice>[] = [
  { label: 'Train and test', description: '80 % and 20 % of the rows', value: { shares: { train: 0.8, test: 0.2 } } },
  {
    label: 'Train, validation and test',
    description: '80 %, 10 % and 10 % of the rows',
    value: { shares: { train: 0.8, val: 0.1, test: 0.1 } },
  },
  { label: 'No split', description: 'one file with all rows', value: { shares: undefined } },
  { label: 'Other shares…', description: 'for example train=0.9,test=0.1', value: 'custom' },
];

export const splitStep: PreparationStep = async (_studio, draft) => {
  for (;;) {
    const answer = await pickStep<SplitChoice>({
      ...place(draft, 'split'),
      placeholder: 'How to split; one prompt is never on two sides',
      items: SPLITS,
    });
    if (answer === undefined || answer === 'back') return answer;
    const shares = answer.value === 'custom' ? await askShares() : answer.value.shares;
    if (shares === undefined && answer.value === 'custom') continue;
    draft.split = shares;
    if (shares === undefined) draft.options = { ...draft.options, stratify: false };
    return 'next';
  }
};

async function askShares(): Promise<SplitShares | undefined> {
  const text = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'Names of the parts with their shares, which add up to 1',
    value: 'train=0.9,test=0.1',
    ignoreFocusOut: true,
    validateInput: (typed) => {
      try {
        parseSplit(typed);
        return undefined;
      } catch (error) {
        return describeError(error);
      }
    },
  });
  return text === undefined ? undefined : parseSplit(text);
}

type FolderChoice = { readonly folder: string } | 'choose' | 'options';

export const folderStep: PreparationStep = async (_studio, draft) => {
  const { input, method } = chosen(draft);
  const beside = freeFolder(input, method.method);
  for (;;) {
    const answer = await pickStep<FolderChoice>({
      ...place(draft, 'folder'),
      placeholder: 'Where to; nothing is overwritten',
      items: [
        {
          label: `${path.basename(beside)}${path.sep}`,
          description: 'beside the dataset',
          iconPath: new vscode.ThemeIcon('new-folder'),
          value: { folder: beside },
        },
        { label: 'Choose a folder…', iconPath: new vscode.ThemeIcon('folder-opened'), value: 'choose' },
        { label: 'how', kind: vscode.QuickPickItemKind.Separator },
        {
          label: 'More options…',
          description: optionsText(draft),
          iconPath: new vscode.ThemeIcon('settings'),
          value: 'options',
        },
      ],
    });
    if (answer === undefined || answer === 'back') return answer;
    if (answer.value === 'options') {
      if ((await chooseOptions(place(draft, 'folder'), draft)) === undefined) return undefined;
      continue;
    }
    const folder = answer.value === 'choose' ? await chooseFolder(input) : answer.value.folder;
    if (folder === undefined) continue;
    draft.outputDir = folder;
    return 'next';
  }
};

async function chooseFolder(input: string): Promise<string | undefined> {
  const chosenFolder = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Write Here',
    defaultUri: vscode.Uri.file(path.dirname(input)),
  });
  return chosenFolder?.[0]?.fsPath;
}

/** `orders-pairwise` beside `orders.jsonl`, or the first free `orders-pairwise-2`. */
function freeFolder(input: string, method: string): string {
  const stem = path.join(path.dirname(input), path.basename(input).replace(/(\.[a-z]+)+$/i, ''));
  for (let number = 1; ; number += 1) {
    const folder = `${stem}-${method}${number === 1 ? '' : `-${number}`}`;
    if (!existsSync(folder)) return folder;
  }
}

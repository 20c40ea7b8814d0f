/** The step of "Train Reward Model" that asks for the model to begin with: what is on this machine comes first. */

import path from 'node:path';
import * as vscode from 'vscode';
import { findBaseModel } from '../../core/base-models/base-model.ts';
import { describeBaseModel } from '../../core/base-models/inspect-base-model.ts';
import { type ListedModel, listBaseModels } from '../../core/base-models/list-base-models.ts';
import { describeError } from '../../core/errors.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import type { RunState } from '../../core/runs/state.ts';
import { EXCLUDED } from './find-datasets.ts';
import { pickStep, type StepItem } from './pick-steps.ts';

const MOST_MODELS = 200;

const SOURCES: Readonly<Record<ListedModel['source'], string>> = {
  workspace: 'folder of the workspace',
  run: 'model of a run',
  cache: 'in the Hugging Face cache',
};

type Choice = { readonly model: string } | 'folder' | 'id';

interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** A folder's absolute path or an id. */
export async function pickBaseModel(method: MethodId, runs: readonly RunState[], place: Place) {
  for (;;) {
    const answer = await pickStep<Choice>({
      ...place,
      placeholder: `The model that ${METHODS[method].title} begins with; those listed need no network`,
      items: itemsOf(method, runs),
    });
    if (answer === undefined || answer === 'back') return answer;
    const { value } = answer;
    const model =
      typeof value === 'object' ? value.model : value === 'folder' ? await askFolder(place) : await askId(place);
    if (model !== undefined) return { value: model };
  }
}

async function itemsOf(method: MethodId, runs: readonly RunState[]): Promise<StepItem<Choice>[]> {
  const configs = await vscode.workspace.findFiles('**/config.json', EXCLUDED, MOST_MODELS);
  const models = await listBaseModels({
    method,
    workspaceModels: configs.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => path.dirname(fsPath)),
    runModels: runs.flatMap(({ spec, folder, fold }) =>
      spec.engine === 'trl' && fold.result ? [{ folder: path.join(folder, fold.result.model), title: spec.name }] : [],
    ),
  });
  return [
    ...models.map((model) => ({
      label: model.title,
      iconPath: new vscode.ThemeIcon(model.refusal ? 'circle-slash' : 'package'),
      description: SOURCES[model.source],
      detail: model.refusal ?? (model.facts ? describeBaseModel(model.facts) : model.folder),
      alwaysShow: true,
      ...(model.refusal === undefined ? { value: { model: model.name } } : {}),
    })),
    { label: 'others', kind: vscode.QuickPickItemKind.Separator },
    {
      label: 'Choose a Folder…',
      iconPath: new vscode.ThemeIcon('folder-opened'),
      description: 'with config.json, weights and tokenizer',
      value: 'folder',
    },
    {
      label: 'Enter an Id…',
      iconPath: new vscode.ThemeIcon('cloud-download'),
      description: 'of a model of the Hugging Face hub, which the trainer fetches',
      value: 'id',
    },
  ];
}

async function askFolder({ title }: Place): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: 'Train This Model',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder?.fsPath;
}

function askId({ title }: Place): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `${title}: base model`,
    prompt: 'Folder, or id of a model: owner/name',
    placeHolder: 'Qwen/Qwen3-0.6B',
    ignoreFocusOut: true,
    validateInput: (text) =>
      findBaseModel(text, '/').then(
        () => undefined,
        (error: unknown) => describeError(error),
      ),
  });
}

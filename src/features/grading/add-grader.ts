/** "Add Grader": from a finished run, an endpoint or a model of the editor, to an entry in the registry. */

import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { endpointUrl, endpointUrlProblem } from '../../core/graders/registry/endpoint-url.ts';
import {
  type EntryKind,
  KEY_NAME_FORM,
  REWARD_APIS,
  type RewardApi,
} from '../../core/graders/registry/grader-entry.ts';
import type { GraderInput } from '../../core/graders/registry/registry.ts';
import prompts from '../../core/methods/judges/prompts.json' with { type: 'json' };
import type { JudgeMethod } from '../../core/methods/judges/read-verdict.ts';
import { pickRun } from '../training/activate.ts';
import { isGradable } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';
import { nameProblem } from './grader-commands.ts';
import { askForKey, type GraderKeys } from './grader-keys.ts';
import type { RegisteredGrader } from './listed-grader.ts';
import type { RegisteredGraders } from './registered-graders.ts';

const TITLE = 'Add Grader';

const APIS: Readonly<Record<RewardApi, string>> = {
  'vllm-classify': 'vLLM, /classify: a reward head by its chat template',
  'vllm-score': 'vLLM, /score: prompt and response as two texts',
  'vllm-pooling': 'vLLM, /pooling: a reward model of its own kind',
  'tei-predict': 'text-embeddings-inference, /predict',
  'reward-studio': 'reward_studio serve',
};

/** What its own steps ask of a grader; the name comes last. */
type Fields = { readonly kind: EntryKind } & Readonly<Record<string, unknown>>;
interface Draft {
  readonly fields: Fields;
  readonly suggestedName: string;
}

/** Undefined when the person leaves. */
export async function addGrader(
  runs: Runs,
  registered: RegisteredGraders,
  keys: GraderKeys,
): Promise<RegisteredGrader | undefined> {
  await registered.ready();
  const kinds = [
    {
      label: 'Finished Run',
      iconPath: new vscode.ThemeIcon('law'),
      detail: 'the model of a training, embedded or served on this machine',
      draft: () => fromRun(runs),
    },
    {
      label: 'Reward Endpoint',
      iconPath: new vscode.ThemeIcon('server'),
      detail: 'a reward head behind vLLM, text-embeddings-inference or reward_studio serve',
      draft: rewardEndpoint,
    },
    {
      label: 'Judge Endpoint',
      iconPath: new vscode.ThemeIcon('server'),
      detail: 'any OpenAI-compatible chat API',
      draft: judgeEndpoint,
    },
    {
      label: 'Model of the Editor',
      iconPath: new vscode.ThemeIcon('comment-discussion'),
      detail: 'a language model that VS Code offers; asks before each grade',
      draft: editorModel,
    },
  ];
  const kind = await vscode.window.showQuickPick(kinds, {
    title: TITLE,
    placeHolder: 'What grades?',
    ignoreFocusOut: true,
  });
  const draft = await kind?.draft();
  if (!draft) return undefined;
  const name = await askForName(draft.suggestedName, registered);
  if (!name) return undefined;
  const key = 'url' in draft.fields ? await keyFor(String(draft.fields.url), name) : undefined;
  if (key === 'left') return undefined;
  const folder = await whereTo(draft);
  if (folder === undefined) return undefined;
  const fields = { ...draft.fields, ...(key ? { key: key.name } : {}) };
  const input: GraderInput = { name, ...relativeTo(fields, folder) };
  await registered.add(input, folder || undefined);
  if (key) await keys.set(key.name, new URL(String(draft.fields.url)).origin, key.value);
  return registered.graders.find((grader) => grader.entry.name === name && grader.folder === (folder || undefined));
}

async function fromRun(runs: Runs): Promise<Draft | undefined> {
  const state = await pickRun(runs, 'Whose model?', isGradable);
  if (!state) return undefined;
  const model = path.join(state.folder, state.fold.result!.model);
  const fields: Fields =
    state.spec.engine === 'embedded' ? { kind: 'embedded', model } : { kind: 'local-model', folder: model };
  return { fields, suggestedName: state.spec.name };
}

async function rewardEndpoint(): Promise<Draft | undefined> {
  const url = await askForUrl('http://127.0.0.1:8000');
  if (!url) return undefined;
  const items = REWARD_APIS.map((api) => ({ label: APIS[api], api }));
  const picked = await vscode.window.showQuickPick(items, {
    title: TITLE,
    placeHolder: 'Which API?',
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  const model = await askForText('Name of the model there; empty where the server has only one', '');
  if (model === undefined) return undefined;
  const fields: Fields = { kind: 'reward-endpoint', url, api: picked.api, ...(model === '' ? {} : { model }) };
  return { fields, suggestedName: model || new URL(url).host };
}

async function judgeEndpoint(): Promise<Draft | undefined> {
  const url = await askForUrl('https://api.example.org/v1');
  if (!url) return undefined;
  const model = await askForText('Name of the model there', 'Qwen/Qwen3-8B', true);
  if (!model) return undefined;
  const judged = await askForJudge();
  return (
    judged && { fields: { kind: 'judge-endpoint', url, model, ...judged }, suggestedName: `${model} ${judged.method}` }
  );
}

async function editorModel(): Promise<Draft | undefined> {
  const models = await vscode.lm.selectChatModels();
  if (models.length === 0) {
    throw new StudioError('not-available', 'The editor offers no language model.', {
      hint: 'An extension such as GitHub Copilot offers some: install it and log in.',
    });
  }
  const items = models.map(({ name, vendor, family, id }) => ({
    label: name,
    description: `${vendor} · ${family}`,
    vendor,
    id,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: TITLE,
    placeHolder: 'Which model?',
    ignoreFocusOut: true,
  });
  const judged = picked && (await askForJudge());
  if (!judged) return undefined;
  const fields: Fields = { kind: 'editor-model', vendor: picked.vendor, model: picked.id, ...judged };
  return { fields, suggestedName: `${picked.label} ${judged.method}` };
}

async function askForJudge() {
  const methods: { label: string; detail: string; method: JudgeMethod }[] = [
    { label: 'Pointwise', detail: 'scores one response from 0 to 4', method: 'pointwise' },
    { label: 'Pairwise', detail: 'compares two responses in both orders: A, B or tie', method: 'pairwise' },
  ];
  const chosen = await vscode.window.showQuickPick(methods, {
    title: TITLE,
    placeHolder: 'How does it judge?',
    ignoreFocusOut: true,
  });
  if (!chosen) return undefined;
  const items = prompts.prompts
    .filter((prompt) => prompt.method === chosen.method)
    .flatMap(({ id, title }) => [
      { label: title, description: 'after reasoning', prompt: { template: id, reasoning: true } },
      { label: title, description: 'at once', prompt: { template: id, reasoning: false } },
    ]);
  const asked = {
    title: TITLE,
    placeHolder: 'What is it asked? A prompt of your own is written in graders.json',
    ignoreFocusOut: true,
  };
  const picked = await vscode.window.showQuickPick(items, asked);
  return picked && { method: chosen.method, prompt: picked.prompt };
}

const askForText = async (prompt: string, placeHolder: string, needed = false): Promise<string | undefined> =>
  (
    await vscode.window.showInputBox({
      title: TITLE,
      prompt,
      placeHolder,
      ignoreFocusOut: true,
      validateInput: (text) => (needed && text.trim() === '' ? 'It needs one.' : undefined),
    })
  )?.trim();

async function askForUrl(example: string): Promise<string | undefined> {
  const given = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'Address that the requests stand under',
    placeHolder: example,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? undefined : urlProblem(text.trim())),
  });
  return given?.trim() || undefined;
}

function urlProblem(url: string): string | undefined {
  const problem = endpointUrlProblem(url);
  if (problem !== undefined) return `It ${problem}.`;
  try {
    endpointUrl({ name: 'this', url, allow_http: false });
    return undefined;
  } catch (error) {
    if (error instanceof StudioError) return `Texts would go to another machine without encryption. ${error.hint}`;
    throw error;
  }
}

async function askForName(suggested: string, registered: RegisteredGraders): Promise<string | undefined> {
  const given = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'How is it called?',
    value: suggested.slice(0, 80),
    ignoreFocusOut: true,
    validateInput: (text) => nameProblem(text, registered),
  });
  return given?.trim();
}

/** Undefined where there is to be none. */
async function keyFor(url: string, name: string): Promise<{ name: string; value: string } | 'left' | undefined> {
  const value = await askForKey(TITLE, new URL(url).origin, true);
  if (value === undefined) return 'left';
  if (value === '') return undefined;
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return { name: KEY_NAME_FORM.test(plain) ? plain : 'key', value };
}

/** A folder that is open, or empty for the settings; undefined when the person leaves. */
async function whereTo({ fields }: Draft): Promise<string | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const items = [
    ...folders.map(({ name, uri }) => ({
      label: name,
      iconPath: new vscode.ThemeIcon('folder'),
      description: '.reward-studio/graders.json, which git keeps',
      folder: uri.fsPath,
    })),
    {
      label: 'User Settings',
      iconPath: new vscode.ThemeIcon('account'),
      description: 'rewardStudio.graders: in every workspace',
      folder: '',
    },
  ];
  const holding = folders.find(({ uri }) =>
    String(fields.model ?? fields.folder ?? '').startsWith(uri.fsPath + path.sep),
  );
  const sorted = holding
    ? items.sort((a, b) => Number(b.folder === holding.uri.fsPath) - Number(a.folder === holding.uri.fsPath))
    : items;
  return (
    await vscode.window.showQuickPick(sorted, {
      title: TITLE,
      placeHolder: 'Where is it written?',
      ignoreFocusOut: true,
    })
  )?.folder;
}

/** With forward slashes, so that the file is good on every system; absolute in the settings. */
function relativeTo(fields: Fields, folder: string): Fields {
  const name = fields.kind === 'embedded' ? 'model' : fields.kind === 'local-model' ? 'folder' : undefined;
  if (name === undefined || folder === '') return fields;
  const relative = path.relative(folder, String(fields[name]));
  return path.isAbsolute(relative) || relative.startsWith('..')
    ? fields
    : { ...fields, [name]: relative.split(path.sep).join('/') };
}

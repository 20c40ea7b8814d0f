/** Last step of the training command: every parameter with its value, and what to do with them. Starting comes first. */

import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { ENGINES } from '../../core/engines/known-engines.ts';
import { describeError, toStudioError } from '../../core/errors.ts';
import { METHODS } from '../../core/methods/method.ts';
import { defaultName } from '../../core/runs/run-name.ts';
import { type RunFile, runFileSchema, type Settings } from '../../core/runs/spec.ts';
import type { Studio } from '../studio.ts';
import { pickDataset } from './pick-dataset.ts';
import { pickStep, type StepItem } from './pick-steps.ts';

type SettingValue = Settings[string];

const JSON_EXAMPLES = { list: '["python", "train.py"]', group: '{ "learning_rate": 0.00001 }' } as const;

interface MemoryNote {
  readonly description: string;
  /** More than is free. */
  readonly tight: boolean;
}

interface Place {
  readonly title: string;
  readonly step: number;
}

export interface ChosenParameters {
  readonly runFile: RunFile;
  readonly next: 'start' | 'open';
}

type Choice = 'start' | 'open' | 'memory' | 'validation' | { readonly field: Field } | { readonly setting: string };

/** Fields of a run file that are a line of text or a number. */
const FIELDS = ['name', 'experiment', 'seed'] as const;
type Field = (typeof FIELDS)[number];

/** Undefined when the person leaves. */
export async function pickParameters(
  given: RunFile,
  place: Place,
  studio: Studio,
): Promise<ChosenParameters | 'back' | undefined> {
  const complete = await withRequired(given, place);
  if (!complete) return 'back';
  let runFile = complete;
  for (;;) {
    const controller = new AbortController();
    try {
      const memory = await askMemory(runFile, studio, controller.signal);
      const answer = await pickStep<Choice>({
        title: place.title,
        placeholder: `Start ${METHODS[runFile.method].title} on ${path.basename(runFile.data.train)}, or change a parameter`,
        step: place.step,
        totalSteps: place.step,
        items: items(runFile, memory && { description: 'being worked out…', tight: false }),
        ...(memory ? { later: memory.note.then((note) => items(runFile, note)) } : {}),
      });
      if (answer === undefined || answer === 'back') return answer;
      const { value } = answer;
      if (value === 'start' || value === 'open') return { runFile, next: value };
      runFile = (value === 'memory' ? await memory?.fit(place.title) : await changed(runFile, value, place)) ?? runFile;
    } finally {
      controller.abort();
    }
  }
}

/** Begins to ask how much memory it takes; undefined for engines whose memory is nobody's concern. */
async function askMemory(runFile: RunFile, { runtime }: Studio, signal: AbortSignal) {
  if (runFile.engine !== 'trl') return undefined;
  // Starts processes, which the other engines' parameters need not load.
  const { memoryNote, memoryOf, pickPreset } = await import('./pick-preset.ts');
  const asked = memoryOf(runFile, runtime, signal);
  return {
    note: memoryNote(asked),
    async fit(title: string): Promise<RunFile | undefined> {
      const settings = await pickPreset(title, asked).catch(tellWhyNot);
      return (
        settings && Object.entries(settings).reduce((file, [name, value]) => withSetting(file, name, value), runFile)
      );
    },
  };
}

/** Settings that have no default are asked for first; undefined where the person leaves one of them. */
async function withRequired(given: RunFile, place: Place): Promise<RunFile | undefined> {
  let { settings } = given;
  for (const [name, each] of Object.entries(ENGINES[given.engine]?.settingsSchema(given.method).shape ?? {})) {
    const schema = each as z.ZodType;
    if (schema.safeParse(settings[name]).success) continue;
    const value = await askValue(place, name, schema, schema instanceof z.ZodArray ? [] : '');
    if (value === undefined) return undefined;
    settings = { ...settings, [name]: value };
  }
  return { ...given, settings };
}

/** The parameters are asked for again after that. */
async function tellWhyNot(error: unknown): Promise<undefined> {
  const setUp = 'Set Up Python Environment';
  const noPython = toStudioError(error)?.hint?.includes(setUp) === true;
  const chosen = await vscode.window.showWarningMessage(describeError(error), ...(noPython ? [setUp] : []));
  if (chosen === setUp) await vscode.commands.executeCommand('rewardStudio.setUpPython');
  return undefined;
}

function items(runFile: RunFile, memory: MemoryNote | undefined): StepItem<Choice>[] {
  const { data, settings } = runFile;
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const field = (name: Field, value: string): StepItem<Choice> => ({
    label: name,
    description: value,
    detail: runFileSchema.shape[name].description ?? '',
    value: { field: name },
  });
  return [
    {
      label: 'Start',
      iconPath: new vscode.ThemeIcon('play'),
      description: 'writes the run file and trains',
      value: 'start',
    },
    {
      label: 'Open Run File',
      iconPath: new vscode.ThemeIcon('edit'),
      description: 'to edit it first; it is text that git keeps',
      value: 'open',
    },
    ...(memory
      ? [
          {
            label: 'Fit to Memory…',
            iconPath: new vscode.ThemeIcon(memory.tight ? 'warning' : 'dashboard'),
            description: memory.description,
            detail: 'sets LoRA, lengths and micro batches for the memory here, or for a GPU of 8 to 80 GB',
            value: 'memory' as const,
          },
        ]
      : []),
    separator('parameters'),
    ...Object.entries(parametersOf(runFile)).map(([name, { schema, value }]) => ({
      label: name,
      description: `${textOf(value)}${name in settings ? '  (changed)' : ''}`,
      detail: schema.description ?? '',
      value: { setting: name },
    })),
    separator('run'),
    field('name', runFile.name ?? defaultName(data.train, runFile.method)),
    field('experiment', runFile.experiment ?? 'from the name'),
    field('seed', String(runFile.seed)),
    {
      label: 'validation',
      description: data.validation === undefined ? 'a share of the prompts' : path.basename(data.validation),
      detail: 'rows for early stopping and evaluation',
      value: 'validation',
    },
  ];
}

/** The engine's parameters with their values: the defaults, but for those that were changed. */
function parametersOf({ engine, method, settings }: RunFile) {
  const found = ENGINES[engine];
  const values = found?.resolveSettings(settings, method) ?? {};
  return Object.fromEntries(
    Object.entries(found?.settingsSchema(method).shape ?? {}).map(([name, schema]) => [
      name,
      { schema: schema as z.ZodType, value: values[name] },
    ]),
  );
}

/** Undefined where the person leaves it as it is. */
async function changed(runFile: RunFile, choice: Exclude<Choice, 'start' | 'open' | 'memory'>, place: Place) {
  if (choice === 'validation') {
    const validation = await pickDataset(`${place.title}: validation rows`, 1);
    return validation === undefined ? undefined : { ...runFile, data: { ...runFile.data, validation } };
  }
  if ('field' in choice) {
    const { field } = choice;
    const schema = runFileSchema.shape[field];
    const now = runFile[field] ?? (field === 'name' ? defaultName(runFile.data.train, runFile.method) : '');
    const value = await askValue(place, field, schema, now);
    return value === undefined ? undefined : runFileSchema.parse({ ...runFile, [field]: value });
  }
  const { setting } = choice;
  const parameter = parametersOf(runFile)[setting];
  if (!parameter) return undefined;
  const { schema, value: now } = parameter;
  const value = typeof now === 'boolean' ? !now : await askValue(place, setting, schema, now ?? '');
  return value === undefined ? undefined : withSetting(runFile, setting, value);
}

/** What is set to its default again is not changed. */
function withSetting(runFile: RunFile, name: string, value: SettingValue): RunFile {
  const { [name]: _, ...others } = runFile.settings;
  const isDefault = textOf(parametersOf(runFile)[name]?.schema.safeParse(undefined).data) === textOf(value);
  return { ...runFile, settings: isDefault ? others : { ...others, [name]: value } };
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** JSON of a list or a group, a number where there is one now, else text; what the schema refuses cannot be entered. */
async function askValue(
  place: Place,
  name: string,
  schema: z.ZodType,
  now: SettingValue,
): Promise<SettingValue | undefined> {
  const read = (text: string): SettingValue => {
    if (typeof now === 'number') return Number(text.trim() || Number.NaN);
    return typeof now === 'object' ? parseJson(text) : text;
  };
  const text = await vscode.window.showInputBox({
    title: `${place.title}: ${name}`,
    prompt: schema.description ?? name,
    value: Array.isArray(now) && now.length === 0 ? '' : textOf(now),
    placeHolder: typeof now === 'object' ? JSON_EXAMPLES[Array.isArray(now) ? 'list' : 'group'] : '',
    ignoreFocusOut: true,
    validateInput: (given) => {
      const { error } = schema.safeParse(read(given));
      return error === undefined ? undefined : z.prettifyError(error).replaceAll(/^✖ /gm, '');
    },
  });
  return text === undefined ? undefined : read(text);
}

/** What is no JSON is left as text, which the schema of a list or a group refuses. */
function parseJson(text: string): SettingValue {
  try {
    return JSON.parse(text) as SettingValue;
  } catch {
    return text;
  }
}

/** Last step of the training command: every parameter with its value, and what to do with them. Starting comes first. */

import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { ENGINES } from '../../core/engines/known-engines.ts';
import { METHODS } from '../../core/methods/method.ts';
import { defaultName } from '../../core/runs/run-name.ts';
import { type RunFile, runFileSchema, type Settings } from '../../core/runs/spec.ts';
import { pickDataset } from './pick-dataset.ts';
import { pickStep, type StepItem } from './pick-steps.ts';

interface Place {
  readonly title: string;
  readonly step: number;
}

export interface ChosenParameters {
  readonly runFile: RunFile;
  readonly next: 'start' | 'open';
}

type Choice = 'start' | 'open' | 'validation' | { readonly field: Field } | { readonly setting: string };

/** Fields of a run file that are a line of text or a number. */
const FIELDS = ['name', 'experiment', 'seed'] as const;
type Field = (typeof FIELDS)[number];

/** Undefined when the person leaves. */
export async function pickParameters(given: RunFile, place: Place): Promise<ChosenParameters | 'back' | undefined> {
  let runFile = given;
  for (;;) {
    const answer = await pickStep<Choice>({
      title: place.title,
      placeholder: `Start ${METHODS[runFile.method].title} on ${path.basename(runFile.data.train)}, or change a parameter`,
      step: place.step,
      totalSteps: place.step,
      items: items(runFile),
    });
    if (answer === undefined || answer === 'back') return answer;
    const { value } = answer;
    if (value === 'start' || value === 'open') return { runFile, next: value };
    runFile = (await changed(runFile, value, place)) ?? runFile;
  }
}

function items(runFile: RunFile): StepItem<Choice>[] {
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
    separator('parameters'),
    ...Object.entries(parametersOf(runFile)).map(([name, { schema, value }]) => ({
      label: name,
      description: `${value}${name in settings ? '  (changed)' : ''}`,
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
async function changed(runFile: RunFile, choice: Exclude<Choice, 'start' | 'open'>, place: Place) {
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
  if (value === undefined) return undefined;
  // What is set to its default again is not changed.
  const { [setting]: _, ...others } = runFile.settings;
  const isDefault = schema.safeParse(undefined).data === value;
  const settings: Settings = isDefault ? others : { ...others, [setting]: value };
  return { ...runFile, settings };
}

/** A number where there is one now, else text; nothing that the schema refuses can be entered. */
async function askValue(
  place: Place,
  name: string,
  schema: z.ZodType,
  now: string | number,
): Promise<string | number | undefined> {
  const read = (text: string) => (typeof now === 'number' ? Number(text.trim() || Number.NaN) : text);
  const text = await vscode.window.showInputBox({
    title: `${place.title}: ${name}`,
    prompt: schema.description ?? name,
    value: String(now),
    ignoreFocusOut: true,
    validateInput: (given) => {
      const { error } = schema.safeParse(read(given));
      return error === undefined ? undefined : z.prettifyError(error).replaceAll(/^✖ /gm, '');
    },
  });
  return text === undefined ? undefined : read(text);
}

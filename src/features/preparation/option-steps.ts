/** "More options...": everything about a conversion that has a sensible default, each with what it is now. */

import * as vscode from 'vscode';
import { DEFAULT_MIN_MARGIN, DEFAULT_SEED, DEFAULT_TIE_BELOW } from '../../core/datasets/convert-options.ts';
import { pickStep, type Step, type StepItem } from '../training/pick-steps.ts';
import { chosen, type PreparationDraft, type PreparationOptions } from './preparation-draft.ts';

type Place = Pick<Step<unknown>, 'title' | 'step' | 'totalSteps'>;
type Toggle = 'stratify' | 'bothOrders' | 'dropDuplicates' | 'dropContradictions';
type Quantity = 'minMargin' | 'tieBelow' | 'seed';

interface Option {
  readonly label: string;
  readonly detail: string;
  /** What it is now. */
  readonly value: string;
  /** Asks for another value; the options stay as they are when the person leaves. */
  readonly change: () => Promise<void>;
}

const FORMAT_TITLES: Readonly<Record<string, string>> = { parquet: 'Parquet', jsonl: 'JSON Lines', arrow: 'Arrow' };
const HIGHEST_SCORE = 4;

/** Shows the options until the person is done with them; undefined when they leave the command altogether. */
export async function chooseOptions(place: Place, draft: PreparationDraft): Promise<'done' | undefined> {
  for (;;) {
    const options = optionsOf(place, draft);
    const answer = await pickStep<Option | 'done'>({
      ...place,
      placeholder: 'Choose what to change',
      items: [
        { label: 'Done', iconPath: new vscode.ThemeIcon('check'), value: 'done' },
        { label: 'options', kind: vscode.QuickPickItemKind.Separator },
        ...options.map((option) => ({
          label: option.label,
          description: option.value,
          detail: option.detail,
          value: option,
        })),
      ],
    });
    if (answer === undefined) return undefined;
    if (answer === 'back' || answer.value === 'done') return 'done';
    await answer.value.change();
  }
}

/** What differs from the defaults, in a few words. */
export function optionsText({ options, formats, method }: PreparationDraft): string {
  const { format = formats[0], dialect, ...others } = options;
  const layout = method?.dialects.find(({ id }) => id === dialect)?.id ?? 'own';
  const changed = Object.values(others).filter((value) => value !== undefined && value !== false).length;
  const more = changed === 0 ? '' : `, ${changed} more`;
  return `${titleOfFormat(format ?? 'parquet')}, layout "${layout}"${more}`;
}

function optionsOf(place: Place, draft: PreparationDraft): Option[] {
  const { method, source } = chosen(draft).method;
  const fromScores = source === 'pointwise';
  return [
    formatOption(place, draft),
    dialectOption(place, draft),
    ...(draft.split !== undefined && (method === 'pointwise' || method === 'pairwise')
      ? [toggle(draft, 'stratify', 'Stratify', 'The shares of the labels are alike in every part.')]
      : []),
    ...(method === 'pairwise'
      ? [toggle(draft, 'bothOrders', 'Both orders', 'Every comparison twice, the second time with A and B swapped.')]
      : []),
    ...(method === 'bradley-terry' && fromScores
      ? [quantity(draft, 'minMargin', 'Least margin', 'Two scores make a pair where they differ by this.')]
      : []),
    ...(method === 'pairwise' && fromScores
      ? [quantity(draft, 'tieBelow', 'Tie below', 'Two scores that differ by less are a tie.')]
      : []),
    toggle(draft, 'dropDuplicates', 'Drop duplicates', 'Leave out rows that repeat an earlier one.'),
    ...(method === 'sft'
      ? []
      : [
          toggle(draft, 'dropContradictions', 'Drop contradictions', 'Leave out rows that judge the same differently.'),
        ]),
    quantity(draft, 'seed', 'Seed', 'Of the split and of the positions A and B.'),
  ];
}

function formatOption(place: Place, draft: PreparationDraft): Option {
  const { formats, options } = draft;
  return {
    label: 'Format',
    detail: 'The format of the files.',
    value: titleOfFormat(options.format ?? formats[0] ?? 'parquet'),
    change: () =>
      choose(
        { ...place, placeholder: 'Format of the files' },
        formats.map((format) => ({ label: titleOfFormat(format), value: format })),
        (format) => set(draft, { format }),
      ),
  };
}

function dialectOption(place: Place, draft: PreparationDraft): Option {
  const { dialects } = chosen(draft).method;
  const current = dialects.find(({ id }) => id === draft.options.dialect) ?? dialects[0];
  return {
    label: 'Layout',
    detail: current?.title ?? '',
    value: current?.id ?? '',
    change: () =>
      choose(
        { ...place, placeholder: 'The layout of which trainer' },
        dialects.map(({ id, title }) => ({ label: id, detail: title, value: id })),
        (dialect) => set(draft, { dialect }),
      ),
  };
}

function toggle(draft: PreparationDraft, name: Toggle, label: string, detail: string): Option {
  const on = draft.options[name] === true;
  return { label, detail, value: on ? 'yes' : 'no', change: async () => set(draft, { [name]: !on }) };
}

const DEFAULTS: Readonly<Record<Quantity, number>> = {
  minMargin: DEFAULT_MIN_MARGIN,
  tieBelow: DEFAULT_TIE_BELOW,
  seed: DEFAULT_SEED,
};

function quantity(draft: PreparationDraft, name: Quantity, label: string, detail: string): Option {
  const value = String(draft.options[name] ?? DEFAULTS[name]);
  return {
    label,
    detail,
    value,
    change: async () => {
      const text = await vscode.window.showInputBox({
        title: label,
        prompt: detail,
        value,
        ignoreFocusOut: true,
        validateInput: (typed) => (name === 'seed' ? wholeNumberProblem(typed) : differenceProblem(typed)),
      });
      if (text !== undefined) set(draft, { [name]: Number(text) });
    },
  };
}

function wholeNumberProblem(text: string): string | undefined {
  return /^\d{1,9}$/.test(text.trim()) ? undefined : 'Give a whole number of at most nine digits.';
}

function differenceProblem(text: string): string | undefined {
  const fine = /^\d+(\.\d+)?$/.test(text.trim()) && Number(text) > 0 && Number(text) <= HIGHEST_SCORE;
  return fine
    ? undefined
    : `Scores are from 0 to ${HIGHEST_SCORE}: give a number above 0 and at most ${HIGHEST_SCORE}.`;
}

async function choose<T>(
  step: Omit<Step<T>, 'items'>,
  items: readonly StepItem<T>[],
  take: (value: T) => void,
): Promise<void> {
  const answer = await pickStep({ ...step, items });
  if (answer !== undefined && answer !== 'back') take(answer.value);
}

function set(draft: PreparationDraft, change: PreparationOptions): void {
  draft.options = { ...draft.options, ...change };
}

const titleOfFormat = (format: string): string => FORMAT_TITLES[format] ?? format;

/** "Train Reward Model": dataset, then method with advice, then engine and target, then parameters and start. */

import path from 'node:path';
import * as vscode from 'vscode';
import { ENGINES, resolveEngine } from '../../core/engines/known-engines.ts';
import { describeError, StudioError } from '../../core/errors.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import { ENGINE_IDS, type EngineId, type RunFile, runFileSchema } from '../../core/runs/spec.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import type { Studio } from '../studio.ts';
import { isTarget, listedTargets } from '../targets/targets-tree.ts';
import { pickBaseModel } from './pick-base-model.ts';
import { pickDataset } from './pick-dataset.ts';
import { pickParameters } from './pick-parameters.ts';
import { pickStep, type StepItem } from './pick-steps.ts';
import type { Runs } from './runs.ts';

const TITLE = 'Train Reward Model';
/** One more where the engine begins with a model. */
const TOTAL_STEPS = 4;

/** Where it is not what the others do. */
const WHAT_IT_DOES: Partial<Record<EngineId, string>> = {
  command: 'Its argument vector is asked for next; what it does with the rows is up to it.',
};

export interface AskedTraining {
  /** Names its data by absolute paths. */
  readonly runFile: RunFile;
  /** Absolute path of the training data. */
  readonly dataset: string;
  /** Whether to start it, or to open the run file. */
  readonly next: 'start' | 'open';
}

/** Asks step by step; undefined when the person leaves. */
export async function askForTraining(
  studio: Studio,
  runs: Runs,
  given?: vscode.Uri,
): Promise<AskedTraining | undefined> {
  let dataset = given?.fsPath;
  let method: MethodId | undefined;
  let where: { engine: EngineId; target: string } | undefined;
  let baseModel: string | undefined;
  for (;;) {
    if (dataset === undefined) {
      const answer = await pickDataset(TITLE, TOTAL_STEPS);
      if (answer === undefined) return undefined;
      dataset = answer;
    }
    if (method === undefined) {
      const answer = await pickMethod(studio, dataset);
      if (answer === undefined) return undefined;
      if (answer === 'back') {
        dataset = undefined;
        continue;
      }
      method = answer.value;
    }
    if (where === undefined) {
      const answer = await pickEngine(method, dataset);
      if (answer === undefined) return undefined;
      if (answer === 'back') {
        method = undefined;
        continue;
      }
      where = answer.value;
    }
    const needsBaseModel = ENGINES[where.engine]?.needsBaseModel === true;
    const totalSteps = needsBaseModel ? TOTAL_STEPS + 1 : TOTAL_STEPS;
    if (needsBaseModel && baseModel === undefined) {
      const answer = await pickBaseModel(method, runs.states, { title: TITLE, step: 4, totalSteps });
      if (answer === undefined) return undefined;
      if (answer === 'back') {
        where = undefined;
        continue;
      }
      baseModel = answer.value;
    }
    const base_model = needsBaseModel ? baseModel : undefined;
    const runFile = runFileSchema.parse({ method, ...where, base_model, data: { train: dataset } });
    const answer = await pickParameters(runFile, { title: TITLE, step: totalSteps }, studio);
    if (answer === undefined) return undefined;
    if (answer !== 'back') return { dataset, ...answer };
    if (needsBaseModel) baseModel = undefined;
    else where = undefined;
  }
}

async function pickMethod(studio: Studio, dataset: string) {
  const controller = new AbortController();
  try {
    return await pickStep<MethodId>({
      title: TITLE,
      placeholder: `What to train from ${path.basename(dataset)}; the methods its rows fit come first`,
      step: 2,
      totalSteps: TOTAL_STEPS,
      items: methodItems(studio, dataset, controller.signal),
    });
  } finally {
    controller.abort();
  }
}

async function methodItems(studio: Studio, dataset: string, signal: AbortSignal): Promise<StepItem<MethodId>[]> {
  const advice = await askDatasetTask(studio.runtime, { kind: 'advise', file: dataset }, { signal });
  const items: StepItem<MethodId>[] = [];
  const best = advice.methods.find((entry) => entry.fits);
  const groups = [
    { label: 'fits the rows', fits: true },
    { label: 'does not fit', fits: false },
  ];
  for (const { label, fits } of groups) {
    const members = advice.methods.filter((entry) => entry.fits === fits);
    if (members.length > 0) items.push({ label, kind: vscode.QuickPickItemKind.Separator });
    for (const entry of members) {
      const method = METHODS[entry.method];
      items.push({
        label: method.title,
        iconPath: new vscode.ThemeIcon(fits ? (entry === best ? 'star-full' : 'check') : 'circle-slash'),
        description: method.summary,
        detail: entry.reason,
        alwaysShow: true,
        ...(fits ? { value: method.id } : {}),
      });
    }
  }
  if (!best) {
    throw new StudioError('unrecognised-shape', 'The rows fit no training method.', {
      where: { file: dataset },
      hint: advice.methods[0]?.reason ?? 'Open the file to see its columns.',
    });
  }
  return items;
}

/** Engines that cannot train it here are listed with the reason, and cannot be picked. */
async function pickEngine(method: MethodId, dataset: string) {
  const here = ENGINE_IDS.filter((id) => ENGINES[id]?.methods.includes(method));
  // Names the engines that can, where none of those here does.
  if (here.length === 0) resolveEngine('embedded', method);
  const targets = (await listedTargets()).filter(isTarget);
  return pickStep<{ engine: EngineId; target: string }>({
    title: TITLE,
    placeholder: `What trains ${METHODS[method].title} on ${path.basename(dataset)}, and where`,
    step: 3,
    totalSteps: TOTAL_STEPS,
    items: [
      ...here.map((id) => ({
        label: `${ENGINES[id]?.title} on this machine`,
        iconPath: new vscode.ThemeIcon('vm'),
        description: ENGINES[id]?.summary ?? '',
        detail:
          WHAT_IT_DOES[id] ?? 'A share of the prompts is held out for validation; the data stays on this machine.',
        value: { engine: id, target: 'local' },
      })),
      ...here
        .filter((id) => ENGINES[id]?.elsewhere)
        .flatMap((engine) =>
          targets.map(({ name }) => ({
            label: `${ENGINES[engine]?.title} on ${name.replace(/^ssh:/, '')}`,
            iconPath: new vscode.ThemeIcon('remote'),
            description: ENGINES[engine]?.summary ?? '',
            detail: 'Data and base model are brought there; the run is followed from here, and its model is fetched.',
            value: { engine, target: name },
          })),
        ),
      { label: 'not available', kind: vscode.QuickPickItemKind.Separator },
      ...ENGINE_IDS.filter((id) => !here.includes(id)).map((id) => ({
        label: id,
        iconPath: new vscode.ThemeIcon('circle-slash'),
        detail: whyNot(id, method),
        alwaysShow: true,
      })),
    ],
  });
}

function whyNot(engine: EngineId, method: MethodId): string {
  try {
    resolveEngine(engine, method);
    return '';
  } catch (error) {
    return describeError(error);
  }
}

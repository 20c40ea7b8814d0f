/** The memory that a training will take, and the settings that fit what is here or a GPU of another size. */

import path from 'node:path';
import * as vscode from 'vscode';
import { findBaseModel } from '../../core/base-models/base-model.ts';
import { describePreset, estimateMemory, type MemoryEstimate } from '../../core/engines/trl/estimate.ts';
import { describeError, StudioError } from '../../core/errors.ts';
import type { RunFile, Settings } from '../../core/runs/spec.ts';
import type { Runtime } from '../../core/runtime.ts';
import { formatBytes } from '../../core/sizes.ts';
import { pickStep, type StepItem } from './pick-steps.ts';

/** @throws StudioError 'not-available' where it cannot be known yet */
export async function memoryOf(runFile: RunFile, runtime: Runtime, signal: AbortSignal): Promise<MemoryEstimate> {
  const model = await findBaseModel(runFile.base_model ?? '', path.dirname(runFile.data.train));
  if (model.kind === 'remote') {
    throw new StudioError('not-available', 'The memory is known once the base model is on this machine.');
  }
  return estimateMemory(runFile, model.folder, runtime, signal);
}

/** "about 8.1 GB on the CPU, 4.0 GB free". */
export function describeMemory({ total_bytes: total, available_bytes: free, device }: MemoryEstimate): string {
  const where = device === 'cuda' ? 'GPU' : 'CPU';
  return `about ${formatBytes(total)} on the ${where}${free === null ? '' : `, ${formatBytes(free)} free`}`;
}

/** The settings to change; undefined when the person leaves it as it is. */
export async function pickPreset(title: string, asked: Promise<MemoryEstimate>): Promise<Settings | undefined> {
  const answer = await pickStep<Settings>({
    title: `${title}: fit to memory`,
    placeholder: 'The settings that train most and fit, with a tenth of the memory left free',
    step: 1,
    totalSteps: 1,
    items: asked.then(presetItems),
  });
  return answer === undefined || answer === 'back' ? undefined : answer.value;
}

function presetItems(estimate: MemoryEstimate): StepItem<Settings>[] {
  const { device, available_bytes: free, preset, gpu_presets } = estimate;
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const item = (label: string, found: MemoryEstimate['preset'], icon: string): StepItem<Settings> => ({
    label,
    iconPath: new vscode.ThemeIcon(found ? icon : 'circle-slash'),
    description: found
      ? `${describePreset(found)}: about ${formatBytes(found.total_bytes)}`
      : 'nothing fits this model',
    ...(found ? { value: found.settings } : {}),
  });
  const here =
    free === null ? 'memory unknown' : `${formatBytes(free)} free on the ${device === 'cuda' ? 'GPU' : 'CPU'}`;
  return [
    separator('this machine'),
    item(here, preset, 'vm'),
    separator('another machine, with one GPU of'),
    ...gpu_presets.map(({ gigabytes, preset: found }) => item(`${gigabytes} GB`, found, 'circuit-board')),
  ];
}

/** What the list of parameters says of memory, as soon as it is known. */
export async function memoryNote(asked: Promise<MemoryEstimate>): Promise<{ description: string; tight: boolean }> {
  try {
    const estimate = await asked;
    const tight = estimate.fits === false;
    return { description: `${describeMemory(estimate)}${tight ? ': too little' : ''}`, tight };
  } catch (error) {
    return { description: describeError(error), tight: false };
  }
}

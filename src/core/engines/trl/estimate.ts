/** The memory that a run will take, as the trainer's own package works it out from the spec and the model's configuration. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { askPython } from '../../python/ask-python.ts';
import { pythonCommand } from '../../python/python-command.ts';
import { RUN_FORMAT_VERSION, type RunFile, type RunSpec, scalarSchema, UNKNOWN_DATA } from '../../runs/spec.ts';
import type { Runtime } from '../../runtime.ts';
import { resolveTrlSettings } from './settings.ts';

const bytes = z.number().min(0);
/** Settings that train most and fit. */
const presetSchema = z.object({ settings: z.record(z.string(), scalarSchema), total_bytes: bytes });

/** The answer of `estimate --json`; docs/training.md describes it. */
export const estimateSchema = z.object({
  /** Of one process. */
  total_bytes: bytes,
  parts: z.record(z.string(), bytes),
  /** Activations that `activation_offload` moves to the memory of the CPU; no part of the total. */
  offloaded_bytes: bytes,
  parameters: z.number().min(0),
  trainable_parameters: z.number().min(0),
  device: z.string(),
  available_bytes: bytes.nullable(),
  fits: z.boolean().nullable(),
  suggestions: z.array(
    z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]), total_bytes: bytes }),
  ),
  /** For the memory that is free here; null where none fits. */
  preset: presetSchema.nullable(),
  /** For one GPU of these sizes, wherever it is. */
  gpu_presets: z.array(z.object({ gigabytes: z.number(), preset: presetSchema.nullable() })),
});

export type MemoryEstimate = z.infer<typeof estimateSchema>;
export type MemoryPreset = z.infer<typeof presetSchema>;

/**
 * @param modelFolder of the base model, which is on this machine
 * @throws StudioError 'usage' for settings that cannot be
 */
export async function estimateMemory(
  { method, target, seed, settings }: Pick<RunFile, 'method' | 'target' | 'seed' | 'settings'>,
  modelFolder: string,
  runtime: Runtime,
  signal?: AbortSignal,
): Promise<MemoryEstimate> {
  const spec: RunSpec = {
    version: RUN_FORMAT_VERSION,
    id: 'estimate',
    name: 'estimate',
    created_at: new Date().toISOString(),
    method,
    data: { train: UNKNOWN_DATA },
    engine: 'trl',
    target,
    base_model: modelFolder,
    seed,
    settings: resolveTrlSettings(settings, method),
    versions: {},
  };
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-estimate-'));
  try {
    const file = path.join(folder, 'run.json');
    await writeFile(file, JSON.stringify(spec));
    const { env, ...command } = pythonCommand(runtime, 'estimate', [file, '--json']);
    return await askPython({ ...command, env: { ...env, HF_HUB_OFFLINE: '1' } }, estimateSchema, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** "LoRA 16, micro_batch_size 4, max_length 2048: about 5.3 GB" without the size. */
export const describePreset = ({
  settings: { lora_rank, gradient_checkpointing: _, ...others },
}: MemoryPreset): string =>
  [
    Number(lora_rank) > 0 ? `LoRA of rank ${lora_rank}` : 'all weights',
    ...Object.entries(others).map(([name, value]) => `${name} ${value}`),
  ].join(', ');

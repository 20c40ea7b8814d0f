/** The memory that a run will take, as the trainer's own package works it out from the spec and the model's configuration. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { askPython } from '../../python/ask-python.ts';
import { pythonCommand } from '../../python/python-command.ts';
import type { RunSpec } from '../../runs/spec.ts';
import type { Runtime } from '../../runtime.ts';

/** The answer of `estimate --json`; docs/training.md describes it. */
export const estimateSchema = z.object({
  /** Of one process. */
  total_bytes: z.number().min(0),
  parts: z.record(z.string(), z.number().min(0)),
  parameters: z.number().min(0),
  trainable_parameters: z.number().min(0),
  device: z.string(),
  available_bytes: z.number().min(0).nullable(),
  fits: z.boolean().nullable(),
  suggestions: z.array(
    z.object({
      name: z.string(),
      value: z.union([z.string(), z.number(), z.boolean()]),
      total_bytes: z.number().min(0),
    }),
  ),
});

export type MemoryEstimate = z.infer<typeof estimateSchema>;

export async function estimateMemory(spec: RunSpec, runtime: Runtime, signal?: AbortSignal): Promise<MemoryEstimate> {
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

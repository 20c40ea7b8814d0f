/** The engine `trl`: PyTorch on one machine, CPU or GPUs, by our own Python package in an environment of the person's. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { cachedSnapshot, hubCacheFolder } from '../base-models/hub-cache.ts';
import { pythonCommand } from '../python/python-command.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { Runtime } from '../runtime.ts';
import type { Engine } from './engine.ts';
import { resolveTrlSettings, trlSettingsSchema } from './trl/settings.ts';

export const trlEngine: Engine = {
  id: 'trl',
  title: 'PyTorch (TRL)',
  summary: 'A transformer with PyTorch and TRL, on the CPU or on GPUs',
  methods: ['bradley-terry', 'pointwise', 'pairwise', 'sft'],
  resumes: true,
  occupiesTarget: true,
  elsewhere: true,
  needsBaseModel: true,
  // The hub's opens private and gated models.
  secrets: ({ report_to }) => (report_to === 'wandb' ? ['HF_TOKEN', 'WANDB_API_KEY'] : ['HF_TOKEN']),

  settingsSchema: trlSettingsSchema,
  resolveSettings: resolveTrlSettings,
  inspect: async (file, options) => (await import('./trl/inspect.ts')).inspectForTrl(file, options),

  command(spec: RunSpec, folder: string, attempt: number, runtime: Runtime, checkpoint?: string) {
    const resume = checkpoint === undefined ? [] : ['--resume', checkpoint];
    const { env, ...command } = pythonCommand(runtime, 'train', [folder, '--attempt', String(attempt), ...resume]);
    // The hub is asked only for a model that is not on this machine.
    const model = spec.base_model ?? '';
    // Elsewhere a folder was brought, or is there; what the cache there has, is not seen from here.
    const here = runtime.python?.elsewhere ? path.posix.isAbsolute(model) : isHere(model);
    return { ...command, env: here ? { ...env, HF_HUB_OFFLINE: '1' } : env };
  },
};

const isHere = (model: string): boolean =>
  existsSync(model) || cachedSnapshot(hubCacheFolder(process.env), model) !== undefined;

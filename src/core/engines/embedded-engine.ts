/** The engine `embedded`: a sparse linear model trained by one of our own workers in seconds, without Python. */

import { StudioError } from '../errors.ts';
import { describeIssues, type RunSpec, type Settings } from '../runs/spec.ts';
import { type Runtime, workerCommand } from '../runtime.ts';
import { embeddedSettingsSchema } from './embedded/model.ts';
import type { Engine } from './engine.ts';

export const embeddedEngine: Engine = {
  id: 'embedded',
  title: 'Embedded',
  summary: 'A linear baseline over n-grams, in seconds, without Python',
  methods: ['bradley-terry', 'pointwise', 'pairwise'],

  resolveSettings(settings: Settings): Settings {
    const result = embeddedSettingsSchema.safeParse(settings);
    if (result.success) return result.data;
    throw new StudioError('usage', `The settings do not fit the embedded engine: ${describeIssues(result.error)}.`, {
      hint: `It knows: ${Object.keys(embeddedSettingsSchema.shape).join(', ')}.`,
    });
  },

  command: (_spec: RunSpec, folder: string, attempt: number, runtime: Runtime) =>
    workerCommand(runtime, 'train-embedded', [folder, String(attempt)]),
};

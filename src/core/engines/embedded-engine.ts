/** The engine `embedded`: a sparse linear model trained by one of our own workers in seconds, without Python. */

import type { RunSpec } from '../runs/spec.ts';
import { type Runtime, workerCommand } from '../runtime.ts';
import { embeddedSettingsSchema, parseEmbeddedSettings } from './embedded/model.ts';
import type { Engine } from './engine.ts';

export const embeddedEngine: Engine = {
  id: 'embedded',
  title: 'Embedded',
  summary: 'A linear baseline over n-grams, in seconds, without Python',
  methods: ['bradley-terry', 'pointwise', 'pairwise'],
  resumes: false,
  // One core for seconds: it waits for nobody and nobody for it.
  occupiesTarget: false,

  needsBaseModel: false,
  secrets: () => [],

  settingsSchema: () => embeddedSettingsSchema,
  resolveSettings: (settings) => parseEmbeddedSettings(settings),

  command: (_spec: RunSpec, folder: string, attempt: number, runtime: Runtime) =>
    workerCommand(runtime, 'train-embedded', [folder, String(attempt)]),
};

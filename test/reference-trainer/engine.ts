/**
 * The engine of the reference trainer, for tests: what the product starts, stops and resumes as it does any other. It
 * comes in by the parameter that `startRun` and its like take, under a name that the run format knows.
 */

import path from 'node:path';
import * as z from 'zod';
import type { Engine, Engines } from '../../src/core/engines/engine.ts';
import type { RunDraft } from '../../src/core/runs/prepare.ts';
import type { Settings } from '../../src/core/runs/spec.ts';

const step = z.number().int().min(1);

export const referenceSettingsSchema = z.strictObject({
  steps: step.default(60),
  rows: step.default(64),
  width: step.default(8),
  batch: step.default(8),
  learning_rate: z.number().default(0.5),
  checkpoint_every: step.default(10),
  /** Between two steps: makes a training of minutes of it. */
  pause_ms: z.number().int().min(0).default(0),
  /** What goes wrong, in the first attempt only, so that the next one shows what becomes of the run. */
  nan_at_step: step.optional(),
  out_of_memory_at_step: step.optional(),
  /** Takes no further step, but listens. */
  hold_at_step: step.optional(),
  /** Listens to nothing but SIGKILL. */
  deaf: z.boolean().default(false),
  /** Listens to signals but never looks for requests. */
  reads_requests: z.boolean().default(true),
});

export type ReferenceSettings = z.input<typeof referenceSettingsSchema>;

/** @param root of the checkout, where the trainer's bundle is */
export function referenceEngines(root: string): Engines {
  const engine: Engine = {
    id: 'trl',
    title: 'Reference',
    summary: 'A trainer for tests',
    methods: ['bradley-terry'],
    resumes: true,
    occupiesTarget: true,
    needsBaseModel: false,
    secrets: [],
    settingsSchema: () => referenceSettingsSchema,
    resolveSettings: (settings) => referenceSettingsSchema.parse(settings) as Settings,
    command: (_spec, folder, attempt, runtime, checkpoint) => ({
      file: runtime.nodePath,
      args: [
        path.join(root, 'dist-test', 'test', 'reference-trainer', 'trainer.mjs'),
        folder,
        String(attempt),
        ...(checkpoint === undefined ? [] : [checkpoint]),
      ],
      env: {},
    }),
  };
  return { trl: engine };
}

export function referenceDraft(settings: ReferenceSettings = {}, seed = 1): RunDraft {
  return {
    name: 'reference',
    method: 'bradley-terry',
    data: { train: { path: '/made-up', fingerprint: 'sha256:00', rows: 64 } },
    engine: 'trl',
    target: 'local',
    seed,
    settings: JSON.parse(JSON.stringify(referenceSettingsSchema.parse(settings))),
    versions: {},
  };
}

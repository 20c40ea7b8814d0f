/** Runs of the reference trainer, which the product starts, stops and resumes as it does any trainer of one's own. */

import path from 'node:path';
import type { CommandSettings } from '../../src/core/engines/command-engine.ts';
import type { RunDraft } from '../../src/core/runs/prepare.ts';
import { type ReferenceSettings, referenceSettingsSchema } from './settings.ts';

/** @param root of the checkout, where the trainer's bundle is */
export const referenceCommand = (root: string): string[] => [
  process.execPath,
  path.join(root, 'dist-test', 'test', 'reference-trainer', 'trainer.mjs'),
];

export function referenceDraft(root: string, parameters: ReferenceSettings = {}, seed = 1): RunDraft {
  const settings: CommandSettings = {
    command: referenceCommand(root),
    working_folder: root,
    resumes: true,
    occupies_target: true,
    secrets: [],
    parameters: JSON.parse(JSON.stringify(referenceSettingsSchema.parse(parameters))),
  };
  return {
    name: 'reference',
    method: 'bradley-terry',
    data: { train: { path: '/made-up', fingerprint: 'sha256:00', rows: 64 } },
    engine: 'command',
    target: 'local',
    seed,
    settings,
    versions: {},
  };
}

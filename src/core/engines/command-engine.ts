/**
 * The engine `command`: a trainer of the person's own, in any language, which reads `run.json` and writes `events.jsonl`
 * (docs/run-format.md). The run file says its argument vector; no shell ever reads it.
 */

import * as z from 'zod';
import { StudioError } from '../errors.ts';
import { METHOD_IDS } from '../methods/method.ts';
import { describeIssues } from '../runs/schema-issues.ts';
import { type RunSpec, type Settings, scalarSchema } from '../runs/spec.ts';
import type { Engine } from './engine.ts';

// Text with a zero byte cannot be passed to a process.
const word = z.string().regex(/^[^\0]+$/, 'must not be empty and have no zero byte');

const SECRETS = ['HF_TOKEN', 'WANDB_API_KEY'] as const;

export const commandSettingsSchema = z.strictObject({
  command: z
    .array(word)
    .min(1)
    .describe('argument vector that starts the trainer: the program, then its arguments; no shell reads it'),
  working_folder: word.default('.').describe('folder that it is started in; relative to the run file'),
  resumes: z.boolean().default(false).describe('whether it writes checkpoints and goes on from one'),
  occupies_target: z
    .boolean()
    .default(true)
    .describe('whether it fills the GPU or the memory, so that other trainings wait for it'),
  secrets: z
    .array(z.enum(SECRETS))
    .default([])
    .describe('tokens that VS Code keeps and that the trainer gets in its environment'),
  parameters: z
    .record(z.string(), scalarSchema)
    .default({})
    .describe("the trainer's own parameters, which it finds in run.json under settings.parameters"),
});

export type CommandSettings = z.infer<typeof commandSettingsSchema>;

/** @throws StudioError 'usage' for an unknown or impossible setting, and where there is no command */
export function parseCommandSettings(settings: Settings): CommandSettings {
  const result = commandSettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  const found = describeIssues(result.error, commandSettingsSchema);
  throw new StudioError('usage', `The settings do not fit a trainer of your own: ${found}.`, {
    hint: 'settings.command is a list of strings, for example ["python", "train.py"]; its own parameters are in settings.parameters.',
  });
}

export const commandEngine: Engine = {
  id: 'command',
  title: 'Own Trainer',
  summary: 'A program of your own that reads the run and writes its events',
  methods: METHOD_IDS,
  resumes: true,
  occupiesTarget: true,
  needsBaseModel: false,
  secrets: (settings) => parseCommandSettings(settings).secrets,
  traitsOf: ({ resumes, occupies_target }) => ({
    resumes: resumes === true,
    occupiesTarget: occupies_target !== false,
  }),
  pathSettings: ['working_folder'],
  settingsSchema: () => commandSettingsSchema,
  resolveSettings: (settings) => parseCommandSettings(settings),

  command(spec: RunSpec, folder: string, attempt: number, _runtime, checkpoint = '') {
    const { command, working_folder: workingFolder } = parseCommandSettings(spec.settings);
    const [file = '', ...args] = command;
    return {
      file,
      args,
      workingFolder,
      // All three always: a trainer that starts another run's must not hand its own checkpoint on.
      env: {
        REWARD_STUDIO_RUN: folder,
        REWARD_STUDIO_ATTEMPT: String(attempt),
        REWARD_STUDIO_CHECKPOINT: checkpoint,
      },
    };
  },
};

/**
 * What a run is asked to do. A run file (`*.rmrun.json`) is what a person writes and keeps in git; a run spec
 * (`run.json` in the run's folder) is the same with everything resolved and fingerprinted, and never changes again.
 */

import * as z from 'zod';
import { StudioError } from '../errors.ts';
import { METHOD_IDS } from '../methods/method.ts';
import { describeIssues } from './schema-issues.ts';

export const RUN_FORMAT_VERSION = 1;

export const ENGINE_IDS = ['embedded', 'trl', 'verl', 'command'] as const;
export type EngineId = (typeof ENGINE_IDS)[number];

/** The engine of a run that was trained elsewhere, of which only the log is here. */
export const FOREIGN_ENGINE = 'imported';

/** `local`, `ssh:HOST` or `ray:ADDRESS`. */
const targetSchema = z
  .string()
  .regex(/^(local|ssh:.+|ray:.+)$/, 'must be "local", "ssh:HOST" or "ray:ADDRESS"')
  .describe('where it runs: local, ssh:HOST or ray:ADDRESS');

/** One parameter's value. */
export const scalarSchema = z.union([z.number(), z.boolean(), z.string()]);

/** Parameters by name, as the engine's own schema checks them: values, lists of words, and groups of values. */
const settingsSchema = z
  .record(z.string(), z.union([scalarSchema, z.array(z.string()), z.record(z.string(), scalarSchema)]))
  .describe('parameters of the engine by name; its defaults where they are left out');
export type Settings = z.infer<typeof settingsSchema>;

const columnMapSchema = z
  .record(z.string(), z.string())
  .describe('field of the row shape -> column of the file, where the names differ');

const experimentSchema = z
  .string()
  .min(1)
  .max(80)
  .describe('what the run belongs to in lists; runs whose names differ by a number at the end belong together anyway');

export const runFileSchema = z.strictObject({
  $schema: z.string().optional().describe('where an editor finds the schema of run files'),
  version: z.literal(RUN_FORMAT_VERSION).default(RUN_FORMAT_VERSION).describe('version of the format of run files'),
  name: z.string().min(1).max(80).optional().describe('name shown in lists; made from the data and method if absent'),
  experiment: experimentSchema.optional(),
  method: z.enum(METHOD_IDS).describe('what is trained, and which rows it needs'),
  data: z
    .strictObject({
      train: z.string().min(1).describe('file, folder or glob of shards; relative to the run file'),
      validation: z.string().min(1).optional().describe('file for validation; else a share of the prompts is held out'),
      map: columnMapSchema.optional(),
    })
    .describe('the rows to learn from'),
  engine: z.enum(ENGINE_IDS).default('embedded').describe('the program that trains'),
  target: targetSchema.default('local'),
  base_model: z
    .string()
    .min(1)
    .optional()
    .describe('folder (relative to the run file) or id of the base model; the embedded engine needs none'),
  seed: z.number().int().min(0).max(0xffffffff).default(42).describe('seed of everything random'),
  settings: settingsSchema.default({}),
});

export type RunFile = z.infer<typeof runFileSchema>;

const dataReferenceSchema = z.strictObject({
  path: z.string().describe('absolute path'),
  fingerprint: z.string(),
  rows: z.number().int().min(0),
});

export type DataReference = z.infer<typeof dataReferenceSchema>;

/** The data of a run that was trained elsewhere, where nobody has said what they were. */
export const UNKNOWN_DATA: DataReference = { path: '', fingerprint: '', rows: 0 };

/** The formats of the logs that runs are imported from. */
export const IMPORT_FORMATS = ['trainer-state', 'verl-jsonl', 'verl-console', 'tensorboard'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const runSpecSchema = z.strictObject({
  version: z.literal(RUN_FORMAT_VERSION),
  id: z.string().min(1),
  name: z.string().min(1),
  experiment: experimentSchema.optional(),
  created_at: z.iso.datetime(),
  method: z.enum(METHOD_IDS),
  data: z.strictObject({
    train: dataReferenceSchema,
    validation: dataReferenceSchema.optional(),
    map: columnMapSchema.optional(),
  }),
  engine: z.enum([...ENGINE_IDS, FOREIGN_ENGINE]),
  target: targetSchema,
  base_model: z.string().optional(),
  seed: z.number().int(),
  settings: settingsSchema,
  versions: z.record(z.string(), z.string()),
  /** Absolute path of the run file that it came of. */
  run_file: z.string().optional(),
  /** The log that a run trained elsewhere was read from. */
  imported: z.strictObject({ format: z.enum(IMPORT_FORMATS), path: z.string() }).optional(),
});

export type RunSpec = z.infer<typeof runSpecSchema>;

/** Parses JSON text against a schema; every violation is named with its path. */
function parseJson<T>(schema: z.ZodType<T>, text: string, file: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StudioError('invalid-run', `This ${what} is not JSON: ${detail}.`, { where: { file }, cause: error });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new StudioError('invalid-run', `This ${what} is not valid: ${describeIssues(result.error, schema)}.`, {
    where: { file },
    hint: 'Correct the fields named; docs/run-format.md lists them all.',
  });
}

export const parseRunFile = (text: string, file: string): RunFile => parseJson(runFileSchema, text, file, 'run file');
export const parseRunSpec = (text: string, file: string): RunSpec => parseJson(runSpecSchema, text, file, 'run.json');

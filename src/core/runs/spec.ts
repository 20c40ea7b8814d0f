/**
 * What a run is asked to do. A run file (`*.rmrun.json`) is what a person writes and keeps in git; a run spec
 * (`run.json` in the run's folder) is the same with everything resolved and fingerprinted, and never changes again.
 */

import * as z from 'zod';
import { StudioError } from '../errors.ts';
import { METHOD_IDS } from '../methods/method.ts';

export const RUN_FORMAT_VERSION = 1;

export const ENGINE_IDS = ['embedded', 'trl', 'verl'] as const;
export type EngineId = (typeof ENGINE_IDS)[number];

/** `local`, `ssh:HOST` or `ray:ADDRESS`. */
const targetSchema = z
  .string()
  .regex(/^(local|ssh:.+|ray:.+)$/, 'must be "local", "ssh:HOST" or "ray:ADDRESS"')
  .describe('where it runs: local, ssh:HOST or ray:ADDRESS');

/** Parameters by name, as the engine's own schema checks them. */
const settingsSchema = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));
export type Settings = z.infer<typeof settingsSchema>;

const columnMapSchema = z
  .record(z.string(), z.string())
  .describe('field of the row shape -> column of the file, where the names differ');

export const runFileSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(RUN_FORMAT_VERSION).default(RUN_FORMAT_VERSION),
  name: z.string().min(1).max(80).optional().describe('name shown in lists; made from the data and method if absent'),
  method: z.enum(METHOD_IDS),
  data: z.strictObject({
    train: z.string().min(1).describe('file, folder or glob of shards; relative to the run file'),
    validation: z.string().min(1).optional().describe('file for validation; else a share of the prompts is held out'),
    map: columnMapSchema.optional(),
  }),
  engine: z.enum(ENGINE_IDS).default('embedded'),
  target: targetSchema.default('local'),
  base_model: z.string().min(1).optional().describe('folder or id of the base model; the embedded engine needs none'),
  seed: z.number().int().min(0).max(0xffffffff).default(42),
  settings: settingsSchema.default({}),
});

export type RunFile = z.infer<typeof runFileSchema>;

const dataReferenceSchema = z.strictObject({
  path: z.string().describe('absolute path'),
  fingerprint: z.string(),
  rows: z.number().int().min(0),
});

export const runSpecSchema = z.strictObject({
  version: z.literal(RUN_FORMAT_VERSION),
  id: z.string().min(1),
  name: z.string().min(1),
  created_at: z.iso.datetime(),
  method: z.enum(METHOD_IDS),
  data: z.strictObject({
    train: dataReferenceSchema,
    validation: dataReferenceSchema.optional(),
    map: columnMapSchema.optional(),
  }),
  engine: z.enum(ENGINE_IDS),
  target: targetSchema,
  base_model: z.string().optional(),
  seed: z.number().int(),
  settings: settingsSchema,
  versions: z.record(z.string(), z.string()),
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
  throw new StudioError('invalid-run', `This ${what} is not valid: ${describeIssues(result.error)}.`, {
    where: { file },
    hint: 'Correct the fields named; docs/run-format.md lists them all.',
  });
}

/** Every violation of a schema as `path: message`, in one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`))
    .join('; ');
}

export const parseRunFile = (text: string, file: string): RunFile => parseJson(runFileSchema, text, file, 'run file');
export const parseRunSpec = (text: string, file: string): RunSpec => parseJson(runSpecSchema, text, file, 'run.json');

/**
 * The two logs of a run. `events.jsonl` is written by the trainer alone, `control.jsonl` by the host alone; both are
 * append-only JSON Lines. A run's whole state is folded from them (`state.ts`).
 */

import * as z from 'zod';
import { ERROR_CODES } from '../errors.ts';
import type { Evaluation } from '../methods/evaluation.ts';

export const EVENT_FORMAT_VERSION = 1;

/** `attempt` counts launches of one run from 1; `seq` counts a writer's lines within the attempt from 1. */
const entry = {
  v: z.literal(EVENT_FORMAT_VERSION),
  attempt: z.number().int().min(1),
  seq: z.number().int().min(1),
  time: z.iso.datetime(),
};

const errorReportSchema = z.object({
  code: z.enum([...ERROR_CODES, 'internal']),
  message: z.string(),
  where: z.object({
    file: z.string().optional(),
    row: z.number().optional(),
    line: z.number().optional(),
    field: z.string().optional(),
  }),
  hint: z.string().optional(),
});

export const runEventSchema = z.discriminatedUnion('kind', [
  z.object({
    ...entry,
    kind: z.literal('status'),
    status: z.enum(['preparing', 'running', 'finished', 'stopped', 'failed']),
    /** What is being done, for a person: "reading rows", "fitting". */
    message: z.string().optional(),
    error: errorReportSchema.optional(),
  }),
  z.object({
    ...entry,
    kind: z.literal('metrics'),
    step: z.number().int().min(0),
    total_steps: z.number().int().min(1).optional(),
    epoch: z.number().min(0).optional(),
    /** Name -> finite number; names are `train/loss`, `validation/accuracy`, ... */
    values: z.record(z.string(), z.number()),
  }),
  z.object({ ...entry, kind: z.literal('warning'), message: z.string() }),
  z.object({
    ...entry,
    kind: z.literal('checkpoint'),
    step: z.number().int().min(0),
    /** Relative to the run's folder. */
    path: z.string(),
  }),
  z.object({
    ...entry,
    kind: z.literal('result'),
    /** Model file or folder, relative to the run's folder. */
    model: z.string(),
    /** On the validation rows. */
    evaluation: z.custom<Evaluation>((value) => typeof value === 'object' && value !== null).optional(),
    train_rows: z.number().int().min(0),
    validation_rows: z.number().int().min(0),
  }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;

export const controlEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    ...entry,
    kind: z.literal('launched'),
    pid: z.number().int().min(1),
    /** Start time of the process as the system tells it; with the pid it identifies the process. */
    process_start: z.string().nullable(),
    host: z.string(),
    command: z.array(z.string()),
  }),
  z.object({ ...entry, kind: z.literal('stop-requested') }),
  z.object({
    ...entry,
    kind: z.literal('exited'),
    exit_code: z.number().int().nullable(),
    signal: z.string().nullable(),
  }),
]);

export type ControlEntry = z.infer<typeof controlEntrySchema>;

/** What a writer supplies; version, attempt, number and time are added by the log. */
export type EventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, keyof typeof entry> : never) : never;
export type ControlBody = ControlEntry extends infer E
  ? E extends ControlEntry
    ? Omit<E, keyof typeof entry>
    : never
  : never;

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

/** What an evaluation says: the measures are the project's own, so that their shape is not checked twice. */
const evaluationSchema = z.custom<Evaluation>((value) => typeof value === 'object' && value !== null);

/** One thing that the model said to a prompt. */
const outputSchema = z.object({
  text: z.string(),
  /** What was read from the text: a score, or A, B, tie. Null where nothing could be. */
  verdict: z.union([z.string(), z.number()]).nullable(),
  /** Null where a reward makes no sense. */
  reward: z.number().nullable(),
  /** Of a comparison: which response stood first. */
  order: z.enum(['AB', 'BA']).optional(),
  tokens: z.number().int().min(0).optional(),
  /** Whether it ended at the most tokens allowed. */
  cut: z.boolean().optional(),
});

const sampleSchema = z.object({
  /** Of the dataset, zero-based. */
  row: z.number().int().min(0).optional(),
  /** What it belongs to where evaluations are told by slice: a source, a task. */
  slice: z.string().optional(),
  prompt: z.string(),
  outputs: z.array(outputSchema),
  /** The label, as the dataset has it. */
  gold: z.union([z.string(), z.number()]).nullable(),
});

export type Sample = z.infer<typeof sampleSchema>;

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
    /** Numbers of this step that JSON cannot hold, by name. */
    not_finite: z.record(z.string(), z.enum(['nan', 'inf', '-inf'])).optional(),
  }),
  z.object({ ...entry, kind: z.literal('warning'), message: z.string() }),
  z.object({
    ...entry,
    kind: z.literal('samples'),
    step: z.number().int().min(0),
    /** Rows of which set were answered. */
    set: z.enum(['train', 'validation']),
    /** Several entries of one step and set add up. */
    samples: z.array(sampleSchema),
  }),
  z.object({
    ...entry,
    kind: z.literal('evaluation'),
    step: z.number().int().min(0),
    /** On all validation rows. */
    evaluation: evaluationSchema,
    /** On parts of them: `by` is what they are told apart by (source, length), `value` which of them. */
    slices: z.array(z.object({ by: z.string(), value: z.string(), evaluation: evaluationSchema })).optional(),
  }),
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
    evaluation: evaluationSchema.optional(),
    train_rows: z.number().int().min(0),
    validation_rows: z.number().int().min(0),
  }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;

export const ALERT_IDS = [
  'loss-not-finite',
  'loss-at-ln-2',
  'accuracy-at-chance',
  'reward-flat',
  'groups-dead',
  'kl-runaway',
  'parse-failures',
  'stalled',
  'disk-nearly-full',
  'out-of-memory',
  'process-gone',
] as const;
export type AlertId = (typeof ALERT_IDS)[number];

export const controlEntrySchema = z.discriminatedUnion('kind', [
  /** Waits for its turn on its target. Of those that wait, the lowest `turn` is next; clocks decide nothing. */
  z.object({ ...entry, kind: z.literal('queued'), turn: z.number().int().min(1).optional() }),
  z.object({
    ...entry,
    kind: z.literal('launched'),
    pid: z.number().int().min(1),
    /** Start time of the process as the system tells it; with the pid it identifies the process. */
    process_start: z.string().nullable(),
    host: z.string(),
    command: z.array(z.string()),
    /** Where this attempt begins in `trainer.log`, in bytes. */
    log_start: z.number().int().min(0).optional(),
    /** The checkpoint that it goes on from: its step, and its path relative to the run's folder. */
    resumed_from: z.object({ step: z.number().int().min(0), path: z.string() }).optional(),
  }),
  /** Without a signal: to write a checkpoint and end. With one, of a run elsewhere: it goes to the processes there. */
  z.object({
    ...entry,
    kind: z.literal('stop-requested'),
    signal: z.enum(['SIGINT', 'SIGTERM', 'SIGKILL']).optional(),
  }),
  /** What a target elsewhere calls the job of this attempt. The process that was launched here follows it from now on. */
  z.object({
    ...entry,
    kind: z.literal('submitted'),
    job: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  /** Another process follows the job: the one before it is gone. */
  z.object({
    ...entry,
    kind: z.literal('attached'),
    pid: z.number().int().min(1),
    process_start: z.string().nullable(),
    host: z.string(),
  }),
  /** What there is to know of the way there: what is being brought, that it is cut off, that it is back. */
  z.object({
    ...entry,
    kind: z.literal('connection'),
    state: z.enum(['connecting', 'connected', 'lost']),
    message: z.string(),
  }),
  /** The job is not known there any more: how it ended, nobody can say. */
  z.object({ ...entry, kind: z.literal('vanished'), message: z.string() }),
  z.object({
    ...entry,
    kind: z.literal('alert'),
    alert: z.enum(ALERT_IDS),
    step: z.number().int().min(0).optional(),
    /** What was seen, with the numbers. */
    message: z.string(),
    /** What to do about it. */
    hint: z.string(),
  }),
  z.object({
    ...entry,
    kind: z.literal('exited'),
    exit_code: z.number().int().nullable(),
    signal: z.string().nullable(),
    /** Why it could not be brought there, where that was the end of it. */
    error: errorReportSchema.optional(),
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

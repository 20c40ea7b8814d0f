/** What the reference trainer does, and what goes wrong with it. */

import * as z from 'zod';

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

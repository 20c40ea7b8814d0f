/** What to change, by the name that the setting has in the run at hand. */

import type { RunSpec } from '../spec.ts';

/** The run's own setting, with its value: "learning_rate (now 0.01)". */
function settingOf(spec: RunSpec, names: RegExp, otherwise: string): string {
  const name = Object.keys(spec.settings).find((key) => names.test(key));
  return name === undefined ? otherwise : `${name} (now ${spec.settings[name]})`;
}

const LEARNING_RATE = /(^|[._])(learning_rate|lr)$/;
const BATCH = /(^|[._])\w*(micro_batch|batch_size|batch)\w*$/;
const GENERATION_MEMORY = /gpu_memory_utilization$/;

export const learningRateHint = (spec: RunSpec): string =>
  `Lower ${settingOf(spec, LEARNING_RATE, 'the learning rate')} or clip the gradient, and go on from a checkpoint before that step; in fp16, use bf16.`;

export const batchHint = (spec: RunSpec): string =>
  `Lower ${settingOf(spec, BATCH, 'the batch size')} or the length of the sequences.`;

/** A generator that takes its share of the GPU first has a setting of its own (verl issue 302). */
export function memoryHint(spec: RunSpec, line: string): string {
  const generates = /vllm|sglang|wake.?up|cache blocks/i.test(line);
  if (!generates && !Object.keys(spec.settings).some((key) => GENERATION_MEMORY.test(key))) return batchHint(spec);
  return `Lower ${settingOf(spec, GENERATION_MEMORY, 'gpu_memory_utilization')}. ${batchHint(spec)}`;
}

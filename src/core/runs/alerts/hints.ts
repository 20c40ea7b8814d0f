/** What to change, by the name that the setting has in the run at hand. */

import type { RunSpec } from '../spec.ts';

/** Parameters by name, those in a group of their own too. */
const parametersOf = ({ settings }: RunSpec): [string, unknown][] =>
  Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' ? (Array.isArray(value) ? [] : Object.entries(value)) : [[name, value]],
  );

/** The run's own setting, with its value: "learning_rate (now 0.01)". */
function settingOf(spec: RunSpec, names: RegExp, otherwise: string): string {
  const found = parametersOf(spec).find(([name]) => names.test(name));
  return found === undefined ? otherwise : `${found[0]} (now ${found[1]})`;
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
  if (!generates && !parametersOf(spec).some(([name]) => GENERATION_MEMORY.test(name))) return batchHint(spec);
  return `Lower ${settingOf(spec, GENERATION_MEMORY, 'gpu_memory_utilization')}. ${batchHint(spec)}`;
}

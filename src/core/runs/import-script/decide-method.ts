/** Which method a launch trains: told by its trainer, its classes and its names, the most telling first. */

import { METHODS, type MethodId } from '../../methods/method.ts';
import type { Launch } from './find-launch.ts';
import type { Override } from './overrides.ts';

export interface MethodDecision {
  readonly method: MethodId;
  /** What told, for the report. */
  readonly reason: string;
}

/** Options whose text may name the method, from the code that reads the rows to mere labels. */
const TELLING_OPTIONS = [
  'data.custom_cls.name',
  'data.custom_cls.path',
  'custom_reward_function.path',
  'reward.custom_reward_function.path',
  'custom_reward_function.name',
  'reward.custom_reward_function.name',
  'data.train_files',
  'trainer.experiment_name',
  'trainer.default_local_dir',
  'trainer.project_name',
] as const;

const NAMES: readonly (readonly [MethodId, RegExp])[] = [
  ['pairwise', /pair[-_]?wise/i],
  ['pointwise', /point[-_]?wise/i],
  ['bradley-terry', /bradley[-_]?terry|(?:^|[^a-z])bt(?:[^a-z]|$)/i],
  ['sft', /(?:^|[^a-z])sft(?:[^a-z]|$)/i],
];

/** Options that only a reader of preference pairs has. */
const PAIR_OPTIONS = new Set(['data.chosen_key', 'data.rejected_key']);

/** @param scriptName name of the script's file, the last resort */
export function decideMethod(
  launch: Launch,
  overrides: readonly Override[],
  scriptName: string,
): MethodDecision | undefined {
  const { trainer } = launch;
  const decision = (method: MethodId, reason: string) => ({ method, reason: `${METHODS[method].title}: ${reason}` });
  if (/(?:^|[./])(?:fsdp_)?sft_trainer(?:_ray)?(?:\.py)?$/.test(trainer)) {
    return decision('sft', `the trainer is ${trainer} (line ${launch.line})`);
  }
  const reinforced = /(?:^|\.)main_ppo/.test(trainer);
  const named = (text: string): MethodId | undefined => {
    const found = NAMES.filter(([method, pattern]) => pattern.test(text) && !(reinforced && isFitted(method)));
    return found.length === 1 ? found[0]![0] : undefined;
  };
  const pairs = overrides.find(({ key }) => PAIR_OPTIONS.has(key));
  if (pairs && !reinforced) return decision('bradley-terry', `${pairs.key} is given (line ${pairs.line})`);
  const ofTrainer = named(trainer);
  if (ofTrainer) return decision(ofTrainer, `the trainer is ${trainer} (line ${launch.line})`);
  for (const key of TELLING_OPTIONS) {
    const override = overrides.findLast((candidate) => candidate.key === key);
    const method = override && named(override.text);
    if (method) return decision(method, `${key} is ${override.text} (line ${override.line})`);
  }
  const ofScript = named(scriptName);
  if (ofScript) return decision(ofScript, `the script is called ${scriptName}`);
  const model = overrides.find(({ key }) => key === 'model.partial_pretrain');
  if (model && /(?:^|\/)trainer\.py$/.test(trainer)) {
    return decision('bradley-terry', `${trainer} with model.partial_pretrain is the reward trainer of the recipes`);
  }
  return undefined;
}

/** Methods that main_ppo does not train. */
const isFitted = (method: MethodId): boolean => method === 'bradley-terry' || method === 'sft';

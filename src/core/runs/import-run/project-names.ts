/** The names of metrics in TRL, transformers and verl, and what this project calls the same thing. */

/** Of training, without a prefix or below `train/`. */
const TRAIN: Readonly<Record<string, string>> = {
  lr: 'learning_rate',
  acc: 'accuracy',
  'rewards/accuracies': 'accuracy',
  'rewards/margins': 'margin',
  'rewards/chosen': 'reward_chosen',
  'rewards/rejected': 'reward_rejected',
  'time(s)': 'step_time',
};

/** Names of verl that stand for themselves. Others of verl are kept: they name what nothing here has a name for. */
const VERL: Readonly<Record<string, string>> = {
  'actor/lr': 'train/learning_rate',
  'actor/grad_norm': 'train/grad_norm',
  'actor/entropy': 'train/entropy',
  'actor/entropy_loss': 'train/entropy',
  'actor/kl_loss': 'train/kl',
  'actor/pg_loss': 'train/policy_loss',
  'critic/rewards/mean': 'train/reward',
  'critic/rewards/min': 'train/reward/min',
  'critic/rewards/max': 'train/reward/max',
  'response_length/mean': 'train/response_length',
  'response_length/min': 'train/response_length/min',
  'response_length/max': 'train/response_length/max',
  'response_length/clip_ratio': 'train/response_length/clip_ratio',
  'perf/throughput': 'train/tokens_per_second',
  'perf/time_per_step': 'train/step_time',
  'perf/max_memory_allocated_gb': 'system/gpu_memory_gb',
  'perf/cpu_memory_used_gb': 'system/memory_gb',
};

/** What transformers logs of a step without a prefix. Anything else without one keeps its name. */
const BARE = new Set([
  'loss',
  'accuracy',
  'margin',
  'mean_reward',
  'min_reward',
  'max_reward',
  'reward',
  'reward_std',
  'kl',
  'entropy',
  'learning_rate',
  'grad_norm',
  'num_tokens',
  'mean_token_accuracy',
  ...Object.keys(TRAIN),
]);

export type ProjectMetric = 'epoch' | 'step' | { readonly name: string; readonly value: number };

/** A metric under the project's name; 'epoch' and 'step' where it tells the place of the line instead. */
export function projectMetric(name: string, value: number): ProjectMetric {
  if (/^(train\/|training\/)?epoch$/.test(name)) return 'epoch';
  if (/^(train\/|training\/)?global_step$/.test(name)) return 'step';
  // verl up to 0.7.0 writes the learning rate of SFT in thousandths.
  if (name === 'train/lr(1e-3)') return { name: 'train/learning_rate', value: value / 1000 };
  const verl = VERL[name];
  if (verl !== undefined) return { name: verl, value };
  const [, prefix, rest = ''] = /^(train\/|eval\/|eval_|val\/|validation\/)?(.*)$/s.exec(name) ?? [];
  const known = TRAIN[rest] ?? rest;
  if (prefix === 'train/') return { name: `train/${known}`, value };
  if (prefix !== undefined) return { name: `validation/${known}`, value };
  return { name: BARE.has(rest) ? `train/${known}` : name, value };
}

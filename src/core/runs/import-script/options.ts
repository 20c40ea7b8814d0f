/**
 * What the options of verl and of the trainers built on it are in a run file. Names and versions: verl 0.6.1 to 0.9.0,
 * trainer/config and docs; OpenJudge, cookbooks/training_judge_model.
 */

import type { MethodId } from '../../methods/method.ts';

/** Fields of a run file that an option becomes; `map.FIELD` is the column of a field of the row shape. */
export type RunField = 'data.train' | 'data.validation' | 'base_model' | 'name' | 'seed' | `data.map.${string}`;

export const FIELD_OF_OPTION: ReadonlyMap<string, RunField> = new Map(
  Object.entries<RunField>({
    'data.train_files': 'data.train',
    'data.val_files': 'data.validation',
    'model.partial_pretrain': 'base_model',
    'model.path': 'base_model',
    'actor_rollout_ref.model.path': 'base_model',
    'trainer.experiment_name': 'name',
    'trainer.seed': 'seed',
    'data.seed': 'seed',
    'data.chosen_key': 'data.map.chosen',
    'data.rejected_key': 'data.map.rejected',
    'data.messages_key': 'data.map.messages',
    'data.multiturn.messages_key': 'data.map.messages',
  }),
);

/** Options that verl calls otherwise today; all since 0.7.1. */
const RENAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'custom_reward_function.path': 'reward.custom_reward_function.path',
    'custom_reward_function.name': 'reward.custom_reward_function.name',
    'reward_model.reward_manager': 'reward.reward_manager.name',
  }),
);

/** The same for its SFT trainer, which 0.7.1 replaced. */
const RENAMED_SFT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'model.partial_pretrain': 'model.path',
    'data.multiturn.messages_key': 'data.messages_key',
    'data.multiturn.tools_key': 'data.tools_key',
    ulysses_sequence_parallel_size: 'engine.ulysses_sequence_parallel_size',
    use_remove_padding: 'model.use_remove_padding',
    'model.strategy': 'engine.strategy',
    'model.fsdp_config.model_dtype': 'engine.model_dtype',
    'optim.lr_scheduler': 'optim.lr_scheduler_type',
  }),
);

/** The name that verl has for an option today. */
export function currentName(option: string, method: MethodId): string {
  if (method === 'sft') return RENAMED_SFT.get(option) ?? RENAMED.get(option) ?? option;
  return RENAMED.get(option) ?? option;
}

const OWN_FOLDER = 'a run keeps its checkpoints in its own folder, .reward-studio/runs/ID';
const WITHOUT_PLACE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'trainer.default_local_dir': OWN_FOLDER,
    'trainer.default_hdfs_dir': OWN_FOLDER,
  }),
);

const SFT_WITHOUT_PLACE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'data.multiturn.enable': 'rows of message lists are always multi-turn since verl 0.7.1',
    'data.micro_batch_size':
      'counts rows of all GPUs together and is gone from verl; data.micro_batch_size_per_gpu is its successor: set that',
    'model.fsdp_config.cpu_offload':
      'became several options in verl 0.7.1 (engine.param_offload, engine.optimizer_offload, engine.offload_policy): choose one',
    'model.fsdp_config.offload_params':
      'became several options in verl 0.7.1 (engine.param_offload, engine.optimizer_offload, engine.offload_policy): choose one',
  }),
);

/** Why an option has no place in a run file whatever the engine; undefined for the others. */
export function withoutPlace(option: string, method: MethodId): string | undefined {
  return WITHOUT_PLACE.get(option) ?? (method === 'sft' ? SFT_WITHOUT_PLACE.get(option) : undefined);
}

/** Options of torchrun that verl has as its own. */
export const LAUNCHER_OPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '--nproc_per_node': 'trainer.n_gpus_per_node',
    '--nproc-per-node': 'trainer.n_gpus_per_node',
    '--nnodes': 'trainer.nnodes',
  }),
);

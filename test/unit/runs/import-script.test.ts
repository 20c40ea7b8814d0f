import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importScriptFile } from '../../../src/core/runs/import-script/import-script-file.ts';
import { parseRunFile } from '../../../src/core/runs/spec.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FIXTURES, importedFixture, launch } from './imported-script.ts';

describe('scripts in the form of the recipes', () => {
  it('GRPO through ray job submit: every option has its place, old names become those of today', () => {
    const { text, report } = importedFixture('run_pointwise.sh', { engine: 'verl' });
    expect(JSON.parse(text)).toEqual({
      method: 'pointwise',
      data: {
        train: '../../../examples/pointwise/train.parquet',
        validation: '../../../examples/pointwise/test.parquet',
      },
      engine: 'verl',
      target: 'ray:http://127.0.0.1:8265',
      base_model: 'Qwen/Qwen3-8B',
      settings: {
        'algorithm.adv_estimator': 'grpo',
        'data.prompt_key': 'input',
        'data.train_batch_size': 96,
        'data.max_prompt_length': 4096,
        'data.max_response_length': 2048,
        'data.truncation': 'right',
        'data.custom_cls.path': './judge_rows.py',
        'data.custom_cls.name': 'PointwiseRows',
        'actor_rollout_ref.actor.optim.lr': 1e-6,
        'actor_rollout_ref.actor.use_kl_loss': true,
        'actor_rollout_ref.rollout.n': 4,
        'actor_rollout_ref.rollout.tensor_model_parallel_size': 8,
        'actor_rollout_ref.rollout.gpu_memory_utilization': 0.6,
        '+actor_rollout_ref.rollout.engine_kwargs.vllm.swap_space': 8,
        'reward.custom_reward_function.path': './judge_reward.py',
        'reward.custom_reward_function.name': 'compute_score',
        'reward.reward_manager.name': 'naive',
        'trainer.critic_warmup': 0,
        'trainer.logger': '["console","swanlab"]',
        'trainer.project_name': 'judges',
        'trainer.n_gpus_per_node': 8,
        'trainer.nnodes': 1,
        'trainer.total_epochs': 1,
      },
    });
    expect(report.method_reason).toContain('data.custom_cls.name is PointwiseRows (line 30)');
    expect(report.options.filter(({ outcome }) => outcome === 'unresolved')).toMatchObject([
      {
        line: 46,
        option: 'trainer.experiment_name',
        reason: expect.stringContaining('$(date +%Y%m%d_%H%M%S), line 10'),
      },
      { line: 50, option: '$@' },
    ]);
    expect(report.options.find(({ line }) => line === 36)?.reason).toContain('given again on line 37');
    expect(report.defaults).toContainEqual({ name: 'MODEL_PATH', text: 'Qwen/Qwen3-8B', line: 7 });
    expect(report.ignored_lines.map(({ line }) => line)).toEqual([3, 14, 15, 16]);
    expect(JSON.stringify(report)).not.toContain('not-a-key');
  });

  it('GRPO from a list of overrides: the list, the here-document and the conditions are told apart', () => {
    const { text, report } = importedFixture('run_pairwise.sh', { engine: 'verl', variables: { DATA_DIR: '/data' } });
    expect(JSON.parse(text)).toEqual({
      name: 'judge-pairwise',
      method: 'pairwise',
      data: { train: '/data/pairwise_train.parquet', validation: '/data/pairwise_val.parquet' },
      engine: 'verl',
      base_model: './models/Qwen3-8B',
      settings: {
        'data.train_batch_size': 96,
        'trainer.total_epochs': 30,
        'trainer.n_gpus_per_node': 4,
        'data.custom_cls.name': 'PairwiseRows',
      },
    });
    expect(report.launch).toEqual({ line: 31, trainer: 'verl.trainer.main_ppo' });
    expect(report.options.find(({ option }) => option === 'trainer.experiment_name')?.line).toBe(22);
    expect(report.warnings.join('\n')).toMatch(/EPOCHS is set under a condition \(line 9\)/);
    expect(report.options.filter(({ option }) => option.startsWith('--config'))).toMatchObject([
      { outcome: 'ignored' },
      { outcome: 'ignored' },
    ]);
  });

  it('Bradley-Terry: the embedded engine trains it here, and what it has no use for is named', () => {
    const { runFile, report } = importedFixture('run_bt.sh');
    expect(runFile).toMatchObject({
      method: 'bradley-terry',
      engine: 'embedded',
      seed: 7,
      settings: {},
      data: { train: '../../../examples/bradley-terry/train.parquet' },
    });
    expect(report.options).toHaveLength(17);
    expect(report.options.find(({ option }) => option === 'optim.lr')).toMatchObject({
      line: 18,
      value: '2e-6',
      outcome: 'ignored',
      reason: 'only the engine verl has it',
    });
  });

  it('SFT: the names of the trainer that verl has today, a list of files as one glob, a cut-off command', () => {
    const { text, report } = importedFixture('run_sft.sh');
    expect(JSON.parse(text)).toEqual({
      name: 'judge-sft',
      method: 'sft',
      data: {
        train: 'data/{part-1.parquet,part-2.parquet}',
        validation: 'data/test.parquet',
        map: { messages: 'turns' },
      },
      engine: 'verl',
      base_model: 'Qwen/Qwen3-14B',
      settings: {
        'data.max_length': 4096,
        'engine.model_dtype': 'bf16',
        'engine.ulysses_sequence_parallel_size': 8,
        'model.use_remove_padding': true,
        'trainer.project_name': 'judges',
        'trainer.nnodes': 1,
        'trainer.n_gpus_per_node': 8,
      },
    });
    expect(report.warnings.join('\n')).toMatch(/data.train_files is given twice: data\/part-1.parquet \(line 9\)/);
    expect(report.ignored_lines).toContainEqual({
      line: 25,
      text: 'trainer.save_freq=500',
      reason: expect.stringContaining('stands outside the command'),
    });
  });

  it('every run file written is one that the product reads', () => {
    for (const name of readdirSync(FIXTURES)) {
      for (const engine of ['verl', undefined] as const) {
        const extra = { variables: { DATA_DIR: 'data' }, ...(engine ? { engine } : {}) };
        const { text, runFile } = importedFixture(name, extra);
        expect(parseRunFile(text, name)).toEqual(runFile);
      }
    }
  });
});

describe('from disk to disk', () => {
  function folderWithScript(): string {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'run_pairwise.sh'), launch('trainer.x=1'));
    return folder;
  }

  it('writes beside the script, and never over a file unless told to', async () => {
    const folder = folderWithScript();
    const script = path.join(folder, 'run_pairwise.sh');
    const runFile = path.join(folder, 'run_pairwise.rmrun.json');
    writeFileSync(runFile, 'mine');
    await expect(importScriptFile({ script, force: false })).rejects.toMatchObject({ code: 'already-exists' });
    expect(readFileSync(runFile, 'utf8')).toBe('mine');
    const { text, report } = await importScriptFile({ script, force: true });
    expect(report.run_file).toBe(runFile);
    expect(readFileSync(runFile, 'utf8')).toBe(text);
    expect(readdirSync(folder).sort()).toEqual(['run_pairwise.rmrun.json', 'run_pairwise.sh']);
  });

  it('says which data are not there yet', async () => {
    const folder = folderWithScript();
    const script = path.join(folder, 'run_pairwise.sh');
    const { report } = await importScriptFile({ script, force: false });
    expect(report.warnings).toEqual([expect.stringContaining(path.join(folder, 'pairwise.parquet'))]);
    writeFileSync(path.join(folder, 'pairwise.parquet'), '');
    expect((await importScriptFile({ script, force: true })).report.warnings).toEqual([]);
  });

  it('refuses a folder, an absent script and a name that is none of a run file', async () => {
    const folder = folderWithScript();
    mkdirSync(path.join(folder, 'x.sh'));
    const refused = (script: string, runFile?: string) =>
      expect(importScriptFile({ script: path.join(folder, script), force: false, ...(runFile ? { runFile } : {}) }))
        .rejects;
    await refused('x.sh').toMatchObject({ code: 'unsupported-file', where: { file: path.join(folder, 'x.sh') } });
    await refused('absent.sh').toMatchObject({ code: 'file-not-found' });
    await refused('run_pairwise.sh', path.join(folder, 'a.json')).toMatchObject({ code: 'usage' });
  });

  it('names the script in what it refuses', async () => {
    const folder = temporaryFolder();
    const script = path.join(folder, 'run.sh');
    writeFileSync(script, 'echo "');
    await expect(importScriptFile({ script, force: false })).rejects.toMatchObject({
      where: { file: script, line: 1 },
    });
    expect(readdirSync(folder)).toEqual(['run.sh']);
  });
});

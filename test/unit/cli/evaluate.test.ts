import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../../src/core/evaluations/report.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXAMPLES, runCli, runCliJson } from './run-cli.ts';

const TEST = path.join(EXAMPLES, 'bradley-terry', 'test.parquet');

async function trained(): Promise<{ folder: string; id: string; model: string }> {
  const folder = temporaryFolder();
  const run = await runCliJson<{ id: string; model: string }>(folder, [
    ...['train', path.join(EXAMPLES, 'bradley-terry', 'train.parquet'), '--method', 'bt'],
  ]);
  return { id: run.id, model: run.model, folder };
}

describe('evaluate', () => {
  it('keeps what it printed with the run where it is told to', async () => {
    const { folder, id } = await trained();
    const { file, ...printed } = await runCliJson<EvaluationReport & { file: string }>(folder, [
      ...['evaluate', id, TEST, '--save'],
    ]);
    expect(path.dirname(file)).toBe(path.join(folder, '.reward-studio', 'runs', id, 'evaluations'));
    expect(readdirSync(path.dirname(file))).toEqual([`${printed.id}.rmeval.json`]);
    expect(printed.run).toEqual({ id, name: 'bradley-terry-train' });
  });

  it('takes a model file, whose training data it knows by the model', async () => {
    const { folder, model } = await trained();
    const report = await runCliJson<EvaluationReport>(folder, ['evaluate', model, TEST]);
    expect(report.run).toBeNull();
    expect(report.overlap).toMatchObject({ files: [{ state: 'same' }], shared_prompts: 0, rows: 0 });
    const refused = await runCli(folder, ['evaluate', model, TEST, '--save']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('Only the evaluation of a run can be saved');
  });

  it('says in one sentence what is wrong with model or file', async () => {
    const { folder, id, model } = await trained();
    const file = (name: string, text: string) => {
      writeFileSync(path.join(folder, name), text);
      return name;
    };
    const empty = file('empty.jsonl', '');
    const none = file('none.jsonl', '{"prompt": "p", "chosen": "same", "rejected": "same"}\n');
    for (const [args, code, message] of [
      [[id, 'gone.jsonl'], 'file-not-found', /no such|not exist|No file/i],
      [[id, empty], 'empty-file', /empty/i],
      [[id, none], 'unrecognised-shape', /do not fit Bradley-Terry/],
      [[id, path.join(EXAMPLES, 'sft', 'test.parquet')], 'unrecognised-shape', /The rows are conversations/],
      [['nobody', TEST], 'run-not-found', /no run "nobody"/],
    ] as const) {
      const { error } = await runCliJson<{ error: { code: string; message: string } }>(folder, ['evaluate', ...args]);
      expect(error, args.join(' ')).toMatchObject({ code, message: expect.stringMatching(message) });
    }
    rmSync(model);
    const { error } = await runCliJson<{ error: object }>(folder, ['evaluate', id, TEST]);
    expect(error).toMatchObject({ code: 'invalid-model', message: expect.stringContaining('not there any more') });
    const unfinished = path.join(folder, '.reward-studio', 'runs', 'unfinished');
    mkdirSync(unfinished);
    const spec = JSON.parse((await runCli(folder, ['runs', 'show', id, '--json'])).stdout) as {
      settings: object;
      data: object;
    };
    writeFileSync(
      path.join(unfinished, 'run.json'),
      JSON.stringify({
        version: 1,
        id: 'unfinished',
        created_at: '2026-01-02T03:04:05.000Z',
        name: 'unfinished',
        method: 'bradley-terry',
        engine: 'embedded',
        target: 'local',
        seed: 1,
        settings: spec.settings,
        data: spec.data,
        versions: { reward_studio: '0' },
      }),
    );
    const { stderr } = await runCli(folder, ['evaluate', 'unfinished', TEST]);
    expect(stderr).toMatch(/This run has no model: it is queued/);
  });
});

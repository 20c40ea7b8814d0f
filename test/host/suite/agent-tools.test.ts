import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';

const TOOL = 'reward_studio_describe_dataset';

describe('language models of the editor', () => {
  before(async () => {
    await vscode.extensions.getExtension('reward-studio.reward-studio')?.activate();
  });

  it('are offered the tools', () => {
    const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('reward_studio_'));
    assert.deepEqual(names.sort(), [
      'reward_studio_compare_responses',
      TOOL,
      'reward_studio_grade_response',
      'reward_studio_training_status',
    ]);
  });

  it('are told what a dataset is, by a process of its own', async () => {
    const answer = await ask({ path: 'bradley-terry/train.parquet' });
    assert.equal(answer.kind, 'parquet');
    assert.equal(answer.methods[0].method, 'bradley-terry');
  });

  it('are told what is wrong and what to do', async () => {
    await assert.rejects(ask({ path: '../../etc' }), /no such file in the workspace|outside of the workspace/);
  });
});

async function ask(input: object) {
  const { content } = await vscode.lm.invokeTool(TOOL, { input, toolInvocationToken: undefined });
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value);
}

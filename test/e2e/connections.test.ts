/** With the settings as they are, nothing of the extension connects to anything, whatever a person does with it. */

import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { chat, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { RecordedConnections } from './connections.ts';
import { useWorkbench } from './use-workbench.ts';

const endpoint = await ScriptedEndpoint.start(chat('Kind. <score>3</score>'));
const recorded = new RecordedConnections();
const workbench = useWorkbench('connections', {
  ...recorded.options,
  workspace: path.join(root, 'examples'),
  files: {
    '.reward-studio/graders.json': JSON.stringify({
      version: 1,
      graders: [
        { name: 'judge', kind: 'judge-endpoint', url: `${endpoint.origin}/v1`, model: 'm', method: 'pointwise' },
      ],
    }),
  },
});
afterAll(async () => {
  recorded.remove();
  await endpoint.close();
});

const putCursorInResponse = () => workbench().page.locator('.view-line').getByText('motion alerts').first().click();

test('reading, training, hovering, explaining and grading connect to nothing, not even on this machine', async () => {
  await workbench().openFile('bradley-terry/train.parquet');
  await workbench().webview().getByText('Bradley-Terry').first().waitFor();
  await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'train.parquet');
  await workbench().pick('Bradley-Terry');
  await workbench().pick('Embedded on this machine');
  await workbench().pick('Start');
  await workbench().notification('Trained bradley-terry-train');
  await workbench().openFile('replies.jsonl');
  await workbench().hover('motion alerts work', /Reward margin/);
  await workbench().select('motion alerts work');
  await workbench().runCommand('Reward Studio: Grade Selection');
  await workbench().notification(/Reward .*bradley-terry-train/);
  await putCursorInResponse();
  await workbench().clearNotifications();
  await workbench().runCommand('Reward Studio: Explain Score');
  await workbench().notification(/bradley-terry-train: \d+ sentences explained/);
  expect([...recorded.watched()]).toEqual(
    expect.arrayContaining([
      'extension host',
      ...['dataset-task', 'follow-run', 'read-dataset', 'train-embedded'].map((name) => `dist/workers/${name}.mjs`),
    ]),
  );
  expect(recorded.all()).toEqual([]);
});

test('a judge that the person chooses is connected to when it is asked, and the watch sees it', async () => {
  await workbench().runCommandAndPick('Reward Studio: Use as Grader', 'judge');
  await putCursorInResponse();
  expect(recorded.all()).toEqual([]);
  await workbench().runCommand('Reward Studio: Grade Selection');
  await workbench().notification(/Score 3\.0 of 4 · judge/);
  expect(new Set(recorded.all().map(({ who, host }) => `${who} ${host}`))).toEqual(
    new Set(['extension host 127.0.0.1']),
  );
});

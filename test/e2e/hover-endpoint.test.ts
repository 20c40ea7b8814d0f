/** Hovering asks an endpoint where the person allows it, no more often than they do. */

import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { chat, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { useWorkbench } from './use-workbench.ts';

const endpoint = await ScriptedEndpoint.start(chat('It says what to do. <score>3</score>'));
afterAll(() => endpoint.close());

const workbench = useWorkbench('hover-endpoint', {
  workspace: path.join(root, 'examples'),
  settings: { 'rewardStudio.grading.hoverEndpoints': 1 },
  files: {
    '.reward-studio/graders.json': JSON.stringify({
      version: 1,
      graders: [
        { name: 'judge', kind: 'judge-endpoint', url: `${endpoint.origin}/v1`, model: 'm', method: 'pointwise' },
      ],
    }),
  },
});

test('a judge is asked for as many grades as it may be, then offered; what it said is kept', async () => {
  await workbench().runCommandAndPick('Reward Studio: Use as Grader', 'judge');
  await workbench().openFile('replies.jsonl');
  await workbench().hover('motion alerts work', /Score 3\.0 of 4/);
  expect(endpoint.asked.length).toBe(1);
  await workbench().hover(
    'popular choice and',
    /Hovering has asked for as many grades in the last hour as it may \(1\)/,
  );
  await workbench().screenshot('hover-budget');
  await workbench().hover('motion alerts work', /kept since/);
  expect(endpoint.asked.length).toBe(1);
});

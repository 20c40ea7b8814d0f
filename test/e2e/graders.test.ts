/** Graders of the registry in the workbench: listed, given keys, tried, used; a scripted model API answers on loopback. */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { chat, json, type Reply, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { useWorkbench } from './use-workbench.ts';

const RESPONSE = 'need not send the whole kettle back';
const KEY = 'key-of-the-test';

let judgeSays: Reply = chat('<think>It says what to do.</think>\n<score>3</score>');
const endpoint = await ScriptedEndpoint.start((response, asked) => {
  if (asked.path === '/v1/chat/completions') return judgeSays(response, asked);
  if (asked.headers.authorization !== `Bearer ${KEY}`)
    return json({ error: { message: 'no key' } }, 401)(response, asked);
  return json({ data: [{ probs: [asked.body.messages.at(-1).content.length / 10] }] })(response, asked);
});
afterAll(() => endpoint.close());

const graders = {
  version: 1,
  graders: [
    {
      name: 'bt-gpu',
      kind: 'reward-endpoint',
      url: endpoint.origin,
      api: 'vllm-classify',
      model: 'bt',
      key: 'gpu-box',
    },
    {
      name: 'strict judge',
      kind: 'judge-endpoint',
      url: `${endpoint.origin}/v1`,
      model: 'qwen',
      method: 'pointwise',
      limits: { retries: 0 },
    },
    { name: 'odd', kind: 'judge-endpiont' },
  ],
};
const workbench = useWorkbench('graders', {
  others: [path.join(root, 'test', 'e2e', 'model-provider')],
  workspace: path.join(root, 'examples'),
  files: { '.reward-studio/graders.json': `${JSON.stringify(graders, null, 2)}\n` },
});
const written = () =>
  JSON.parse(readFileSync(path.join(workbench().folder, '.reward-studio', 'graders.json'), 'utf8')).graders as Record<
    string,
    unknown
  >[];

test('graders of the registry are listed with kind, scale and host; a mistake is there with its line', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/bt-gpu, no key · reward endpoint · reward \(logit\) · bt at 127\.0\.0\.1/)
    .waitFor();
  await workbench()
    .treeItem(/strict judge, judge endpoint · score 0-4 · qwen at 127\.0\.0\.1/)
    .waitFor();
  const mistake = workbench().treeItem(/There is no kind "judge-endpiont": did you mean "judge-endpoint"/);
  await mistake.waitFor();
  await workbench().screenshot('graders-view');
  await mistake.click();
  await workbench().editorTab('graders.json').waitFor();
  await workbench().page.locator('.squiggly-warning').first().waitFor();
  await workbench().screenshot('graders-json');
  expect(endpoint.connections).toBe(0);
});

test('hovering asks no endpoint: nothing grades before one is chosen, and then it is offered', async () => {
  expect(await workbench().page.locator('.statusbar-item', { hasText: 'bt-gpu' }).count()).toBe(0);
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/bt-gpu/)
    .click();
  await workbench()
    .treeItem(/bt-gpu, active/)
    .waitFor();
  await workbench().openFile('replies.jsonl');
  await workbench().hover(RESPONSE, /Grade This Response with bt-gpu/);
  expect(endpoint.connections).toBe(0);
});

test('a key is asked for, kept as a secret, and sent to its endpoint', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().chooseFromMenu(workbench().treeItem(/bt-gpu/), 'Test Grader');
  await workbench().notification(
    /The key "gpu-box" for 127\.0\.0\.1:\d+ is not set\. Set it with "Reward Studio: Set Key"/,
  );
  await workbench().screenshot('graders-no-key');
  expect(endpoint.connections).toBe(0);
  await workbench().clearNotifications();
  await workbench().chooseFromMenu(workbench().treeItem(/bt-gpu/), 'Set Key…');
  await workbench().quickInput.getByText(`sent to ${endpoint.origin} alone`).first().waitFor();
  await workbench().screenshot('graders-set-key');
  await workbench().enterText(KEY);
  await workbench().notification(/The key "gpu-box" for http:\/\/127\.0\.0\.1:\d+ is set/);
  await workbench().chooseFromMenu(workbench().treeItem(/bt-gpu/), 'Test Grader');
  await workbench().notification(/Reward margin \+1\.70 · bt-gpu · \d+ ms\. Asked: "The capital of France is Paris\."/);
  await workbench()
    .treeItem(/bt-gpu, active · \d+ ms · reward endpoint/)
    .waitFor();
  await workbench().screenshot('graders-tested');
  expect(endpoint.asked.at(-1)!.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(JSON.stringify(written())).not.toContain(KEY);
});

test('Grade Selection asks the judge that is chosen; hovering then shows what was kept, with its reason', async () => {
  await workbench().clearNotifications();
  await workbench()
    .treeItem(/strict judge/)
    .click();
  await workbench()
    .treeItem(/strict judge, active/)
    .waitFor();
  await workbench().openFile('replies.jsonl');
  await workbench().select(RESPONSE);
  await workbench().runCommand('Reward Studio: Grade Selection');
  const told = await workbench().notification(/Score 3\.0 of 4 · strict judge/);
  await told.getByRole('button', { name: 'Show Details' }).click();
  const card = workbench()
    .page.locator('.monaco-hover:not(.hidden):visible', { hasText: /kept since/ })
    .first();
  await card.waitFor();
  expect(await card.textContent()).toMatch(/Score 3\.0 of 4 \(label 3\).*qwen at 127\.0\.0\.1.*It says what to do\./s);
  const progress = workbench().page.locator('.notification-list-item', { hasText: 'Grading: strict judge' });
  await progress.first().waitFor({ state: 'hidden' });
  await workbench().screenshot('graders-judged');
});

test('kept grades are there after the window is reloaded, and gone when they are cleared', async () => {
  const before = endpoint.asked.length;
  await workbench().open();
  await workbench().openFile('replies.jsonl');
  await workbench().select(RESPONSE);
  await workbench().hover(RESPONSE, /kept since/);
  await workbench().runCommand('Reward Studio: Clear Kept Grades');
  await workbench().notification('No grades are kept any more');
  await workbench().hover(RESPONSE, /Grade This Response with strict.judge/);
  expect(endpoint.asked.length).toBe(before);
});

test('what a judge writes without a verdict is shown as that, never as a score', async () => {
  await workbench().clearNotifications();
  judgeSays = chat('What a nice reply!');
  await workbench().select(RESPONSE);
  await workbench().runCommand('Reward Studio: Grade Selection');
  await workbench().notification(/The judge gave no verdict\. It wrote: What a nice reply! That is not a score/);
  await workbench().screenshot('graders-no-verdict');
  judgeSays = json({ error: { message: 'overloaded' } }, 503);
  await workbench().clearNotifications();
  await workbench().runCommand('Reward Studio: Grade Selection');
  await workbench().notification(/The endpoint cannot answer now \(503\)\. It says: overloaded/);
});

test('Add Grader writes a judge with its key as a secret', async () => {
  judgeSays = chat('<better>A</better>');
  await workbench().clearNotifications();
  await workbench().runCommandAndPick('Reward Studio: Add Grader…', 'Judge Endpoint');
  await workbench().enterText('http://gpu-box:8000');
  await workbench()
    .quickInput.getByText(/Texts would go to another machine without encryption/)
    .first()
    .waitFor();
  await workbench().screenshot('graders-add-url');
  await workbench().enterText(`${endpoint.origin}/v1`);
  await workbench().quickInput.getByText('Name of the model there').first().waitFor();
  await workbench().enterText('qwen-judge');
  await workbench().pick('Pairwise');
  await workbench()
    .quickInput.getByText('What is it asked?')
    .or(
      workbench()
        .quickInput.getByRole('option', { name: /A, B or tie, for small models/ })
        .first(),
    )
    .first()
    .waitFor();
  await workbench().screenshot('graders-add-prompt');
  await workbench().pick('A, B or tie, for small models');
  await workbench().quickInput.getByText('How is it called?').first().waitFor();
  await workbench().enterText('pair judge');
  await workbench().quickInput.getByText(`sent to ${endpoint.origin} alone`).first().waitFor();
  await workbench().enterText('another-key');
  await workbench().pick('User Settings');
  const added = await workbench().notification(/The grader "pair judge" is added/);
  await added.getByRole('button', { name: 'Test Grader' }).click();
  await workbench().notification(/A\/B verdict tie · pair judge · \d+ ms\. .*The verdict depends on the order/);
  expect(endpoint.asked.at(-1)!.headers.authorization).toBe('Bearer another-key');
  expect(written()).toHaveLength(3);
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/pair judge, \d+ ms · judge endpoint · A\/B\/tie · .* · user settings/)
    .waitFor();
});

test('a finished run becomes a grader under a name of its own, tried at once; renamed and removed', async () => {
  await workbench().clearNotifications();
  const fixed = { version: 1, graders: graders.graders.slice(0, 2) };
  writeFileSync(path.join(workbench().folder, '.reward-studio', 'graders.json'), JSON.stringify(fixed, null, 2));
  await expect
    .poll(() =>
      workbench()
        .treeItem(/There is no kind/)
        .count(),
    )
    .toBe(0);
  await execa(process.execPath, [path.join(root, 'dist', 'cli.mjs'), 'train', 'support.rmrun.json'], {
    cwd: workbench().folder,
  });
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await workbench()
    .treeItem(/support-bradley-terry, Bradley-Terry/)
    .waitFor();
  await workbench().runCommandAndPick('Reward Studio: Add Grader…', 'Finished Run');
  await workbench().pick('support-bradley-terry');
  await workbench().quickInput.getByText('How is it called?').first().waitFor();
  await workbench().enterText('our support model');
  await workbench().pick('examples');
  await workbench().notification(/Reward margin .* · our support model · \d+ ms/);
  const model = written().at(-1)!.model as string;
  expect(written().at(-1)).toMatchObject({ name: 'our support model', kind: 'embedded' });
  expect(model).toMatch(/^\.reward-studio\/runs\//);
  // A list that is drawn anew under an open menu forgets whose menu it is.
  const tested = workbench().treeItem(/our support model, \d+ ms/);
  await tested.waitFor();
  await workbench().chooseFromMenu(tested, 'Rename Grader…');
  await workbench().quickInput.getByText('Rename our support model').first().waitFor();
  await workbench().enterText('support');
  await workbench()
    .treeItem(/support, .*embedded model/)
    .waitFor();
  await workbench().chooseFromMenu(workbench().treeItem(/support, .*embedded model/), 'Remove Grader…');
  await workbench().page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => written().map(({ name }) => name)).toEqual(['bt-gpu', 'strict judge']);
  await workbench().screenshot('graders-removed');
});

test('two graders are compared on a file from the list, once the person knows who is sent its texts', async () => {
  await workbench().clearNotifications();
  const model = workbench().treeItem(/support-bradley-terry, (active · )?Bradley-Terry/);
  await workbench().chooseFromMenu(model, 'Compare with Another Grader…');
  await workbench().quickInput.getByPlaceholder('Compare support-bradley-terry with which grader?').waitFor();
  // A judge of scores is measured by other labels.
  expect(await workbench().quickInput.getByText('strict judge').count()).toBe(0);
  await workbench().pick('bt-gpu');
  await workbench()
    .quickInput.getByRole('option', { name: /^test\.parquet.*bradley-terry/ })
    .click();
  const question = workbench()
    .page.getByRole('dialog')
    .filter({ hasText: /Compare graders\?/ });
  await question.getByText(/The texts of all labelled rows of test\.parquet are sent to bt at 127\.0\.0\.1/).waitFor();
  await workbench().screenshot('graders-compare-question');
  await question.getByRole('button', { name: 'Compare' }).click();
  const page = workbench().webview();
  await page.getByRole('heading', { name: 'support-bradley-terry on test.parquet' }).waitFor();
  await page.getByText(/McNemar's test/).waitFor();
  await workbench().screenshot('graders-compared');
  expect(await page.locator('body').textContent()).toMatch(/bt-gpu/);
  await workbench().activityBar('Reward Studio');
});

test('a model of the editor is chosen from those that are offered, and asked only when the person allows it each time', async () => {
  await workbench().clearNotifications();
  await workbench().runCommandAndPick('Reward Studio: Add Grader…', 'Model of the Editor');
  await workbench().pick('First Please');
  await workbench().pick('Pairwise');
  await workbench().pick('A, B or tie, for small models');
  await workbench().quickInput.getByText('How is it called?').first().waitFor();
  await workbench().enterText('editor judge');
  await workbench().pick('examples');
  await workbench().notification(/The grader "editor judge" is added/);
  const question = workbench()
    .page.getByRole('dialog')
    .filter({ hasText: /Send this prompt and response to First Please\?/ });
  for (const answer of ['Cancel', 'Send']) {
    await workbench().chooseFromMenu(workbench().treeItem(/editor judge/), 'Test Grader');
    await question.waitFor();
    await workbench().screenshot('graders-editor-model');
    await question.getByRole('button', { name: answer }).click();
    await question.waitFor({ state: 'hidden' });
    expect(
      await workbench()
        .treeItem(/editor judge, .*test failed/)
        .count(),
    ).toBe(0);
  }
  await workbench().notification(/A\/B verdict tie · editor judge · \d+ ms\. .*The verdict depends on the order/);
});

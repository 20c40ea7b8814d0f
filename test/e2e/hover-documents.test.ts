/** Hovering a response in every kind of document: what the embedded model says of it, over exactly that response. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { runCliJson } from '../unit/cli/run-cli.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('hover-documents', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1440, height: 640 },
  others: [path.join(root, 'test', 'e2e', 'notebooks')],
  settings: { 'editor.wordWrap': 'on', 'editor.minimap.enabled': false, 'diffEditor.renderSideBySide': true },
});

const PROMPT = 'Where is my parcel?';
const CHOSEN = 'I am sorry for the wait: it left Leeds today and arrives tomorrow.';
const REJECTED = 'No idea, ask somebody else.';
const row = { prompt: PROMPT, chosen: CHOSEN, rejected: REJECTED };

const DOCUMENTS: Readonly<Record<string, string>> = {
  'rows.jsonl': `${JSON.stringify(row)}\n`,
  'rows.json': `${JSON.stringify([row], null, 2)}\n`,
  'answers.md': `## User\n\n${PROMPT}\n\n## Assistant (a)\n\n${CHOSEN}\n\n## Assistant (b)\n\n${REJECTED}\n`,
  'chat.txt': `User: ${PROMPT}\n\nAssistant (a): ${CHOSEN}\n\nAssistant (b): ${REJECTED}\n`,
  'rows.py': `rows = [\n    {\n        "prompt": ${JSON.stringify(PROMPT)},\n        "chosen": "I am sorry for the wait: "\n        "it left Leeds today and arrives tomorrow.",\n        "rejected": "${REJECTED}",\n    },\n]\n`,
  'rows.ts': `export const prompt = '${PROMPT}';\nexport const chosen = \`${CHOSEN}\`;\nexport const rejected = '${REJECTED}';\n`,
};

/** A conversation over the Markdown cells of a notebook, with a cell of code between. */
const NOTEBOOK = JSON.stringify({
  cells: [
    { cell_type: 'markdown', metadata: {}, source: `## User\n\n${PROMPT}` },
    { cell_type: 'code', metadata: {}, source: 'answer()', outputs: [], execution_count: null },
    { cell_type: 'markdown', metadata: {}, source: `## Assistant (a)\n\n${CHOSEN}` },
    { cell_type: 'markdown', metadata: {}, source: `## Assistant (b)\n\n${REJECTED}` },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

beforeAll(async () => {
  const { folder } = workbench();
  await runCliJson(folder, ['train', 'bradley-terry/train.parquet', '--method', 'bt']);
  mkdirSync(path.join(folder, 'replies'));
  for (const [name, text] of Object.entries(DOCUMENTS)) writeFileSync(path.join(folder, 'replies', name), text);
  writeFileSync(path.join(folder, 'replies', 'chat.testbook'), NOTEBOOK);
  const changed = { ...row, chosen: `${CHOSEN} Sorry again.` };
  writeFileSync(path.join(folder, 'replies', 'edited.jsonl'), `${JSON.stringify(changed)}\n`);
});

/** The numbers in the headline of a hover. */
const marginOf = async (text: string): Promise<string> => {
  const hover = await workbench().hover(text, /Reward margin/);
  return (
    /Reward margin ([+\u2212]?[\d.]+) over its sibling response/.exec((await hover.textContent()) ?? '')?.[1] ?? ''
  );
};
const opposite = (margin: string): string =>
  margin.startsWith('\u2212') ? margin.replace('\u2212', '+') : margin.replace('+', '\u2212');

for (const name of Object.keys(DOCUMENTS)) {
  test(`${name}: both responses are graded against each other, with the prompt that they answer`, async () => {
    await workbench().openFile(`replies/${name}`);
    const chosen = await marginOf('it left Leeds today');
    await workbench().screenshot(`hover-${name}`);
    expect(chosen).toMatch(/\d/);
    const sibling = await workbench().hover('ask somebody else', `Reward margin ${opposite(chosen)} over its sibling`);
    expect(await sibling.textContent()).not.toContain('The prompt is unknown');
    await workbench().runCommand('View: Close Editor');
  });
}

test('what a hover offers is done for the response under the mouse, wherever the cursor is', async () => {
  await workbench().openFile('replies/answers.md');
  const link = async (title: string) => {
    const hover = await workbench().hover('it left Leeds today', /Grade with Another/);
    await hover.getByRole('link', { name: title }).click();
  };
  await link('Explain');
  await workbench().notification(/bradley-terry-train: \d sentences? explained/);
  await workbench().clearNotifications();
  await link('Compare');
  await workbench().notification(/verdict: A \(margin .* of A over B/);
  await workbench().screenshot('hover-links');
  await workbench().runCommand('Reward Studio: Clear Explanation');
  await workbench().runCommand('View: Close Editor');
});

test('notebook: an answer in one cell has the question of a cell before, and the other answer behind it', async () => {
  await workbench().openFile('replies/chat.testbook');
  const { page } = workbench();
  await page.locator('.notebookOverlay .code-cell-row').first().waitFor();
  // What is rendered is edited by a double click.
  await workbench().webview().getByText('it left Leeds today').dblclick();
  await page.locator('.markdown-cell-row .view-line', { hasText: 'Leeds' }).first().waitFor();
  const margin = await marginOf('it left Leeds today');
  await workbench().screenshot('hover-notebook');
  expect(margin).toMatch(/^[+\u2212]\d/);
  const card = await workbench().hover('it left Leeds today', /Reward margin/);
  expect(await card.textContent()).not.toContain('The prompt is unknown');
  await workbench().runCommand('View: Close Editor');
});

test('two files beside each other: each side of the diff has the grade of its own text', async () => {
  await workbench().activityBar('Explorer');
  await workbench().chooseFromMenu(workbench().treeItem(/^rows\.jsonl/), 'Select for Compare');
  await workbench().chooseFromMenu(workbench().treeItem(/^edited\.jsonl/), 'Compare with Selected');
  const [original, modified] = ['original', 'modified'].map((side) =>
    workbench().page.locator(`.monaco-diff-editor .editor.${side} .view-line`, { hasText: 'somebody' }).first(),
  );
  await original!.waitFor();
  await modified!.waitFor();
  const before = await marginOf('it left Leeds today');
  await workbench().screenshot('hover-diff-original');
  const hover = await workbench().hover('Sorry again', new RegExp(`Reward margin (?!${before.replace('+', '\\+')} )`));
  expect(await hover.textContent()).toMatch(/Reward margin [+\u2212]\d.* over its sibling response/);
  await workbench().screenshot('hover-diff-modified');
});

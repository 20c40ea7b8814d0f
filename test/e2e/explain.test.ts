import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { runCliJson } from '../unit/cli/run-cli.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('explain', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1440, height: 700 },
  settings: { 'editor.wordWrap': 'on' },
});

const GOOD = 'I am sorry for the wait. Your parcel left "Leeds" today.\nIt arrives tomorrow.';

beforeAll(async () => {
  await runCliJson(workbench().folder, ['train', 'bradley-terry/train.parquet', '--method', 'bt']);
  const write = (name: string, text: string) => writeFileSync(path.join(workbench().folder, name), text);
  write(
    'answers.json',
    JSON.stringify([{ prompt: 'Where is my parcel?', chosen: GOOD, rejected: 'No idea.' }], null, 2),
  );
  write(
    'candidates.json',
    JSON.stringify(
      [{ prompt: 'Where is it?', chosen: 'Our van brings it today.', rejected: 'Nobody knows.' }],
      null,
      2,
    ),
  );
  write('answer.md', `## User\n\nWhere is my parcel?\n\n## Assistant\n\n${GOOD}\n`);
});

for (const file of ['answers.json', 'answer.md']) {
  test(`the sentences of a response in ${file} show what they add to the score, and no longer once it is edited`, async () => {
    await workbench().openFile(file);
    await workbench()
      .page.locator('.view-line', { hasText: 'sorry for the wait' })
      .getByText('sorry for the wait')
      .first()
      .click();
    await workbench().runCommand('Reward Studio: Explain Score');
    await workbench().notification(/bradley-terry-train: 3 sentences explained\./);
    await workbench().hover('It arrives tomorrow', /by this sentence: without it the score is .*need not add up/);
    await workbench().screenshot(`explain-${file}`);
    await workbench().clearNotifications();
    const drawn = workbench().page.locator('.editor-instance .view-overlays [class*="ced-"]');
    await drawn.first().waitFor({ state: 'attached' });
    await workbench().page.locator('.view-line').getByText('sorry for the wait').first().click();
    await workbench().page.keyboard.type('x');
    await drawn.first().waitFor({ state: 'detached' });
  });
}

test('what sentences add can be read in light and high contrast themes', async () => {
  await workbench().openFile('answer.md');
  await workbench().page.locator('.view-line').getByText('your parcel', { exact: false }).first().click();
  await workbench().runCommand('Reward Studio: Explain Score');
  await workbench().notification(/bradley-terry-train: \d+ sentences explained\./);
  await workbench().clearNotifications();
  const drawn = workbench().page.locator('.editor-instance .view-overlays [class*="ced-"]').first();
  for (const [theme, name] of [
    ['Dark High Contrast', 'hc-black'],
    ['Light Modern', 'vs'],
    ['Dark Modern', 'vs-dark'],
  ] as const) {
    await workbench().runCommand('Preferences: Color Theme');
    // The list is longer than this window.
    await workbench()
      .quickInput.getByPlaceholder(/Select Color Theme/)
      .fill(theme);
    await workbench().pick(theme);
    await workbench().page.locator(`.monaco-workbench.${name}`).waitFor();
    await drawn.waitFor({ state: 'attached' });
    await workbench().screenshot(`explain-${name}`);
  }
});

test('two selections are compared, and candidates ranked, the best first', async () => {
  await workbench().openFile('candidates.json');
  // A part of each response.
  await workbench().select('brings it today');
  await workbench().page.keyboard.down('Alt');
  await workbench()
    .page.locator('.view-line')
    .getByText('Nobody')
    .first()
    .dblclick({ position: { x: 30, y: 8 }, modifiers: ['Alt'] });
  await workbench().page.keyboard.up('Alt');
  await workbench().runCommand('Reward Studio: Compare Selections');
  await workbench().notification(
    /verdict: (A|B|tie) \(margin .* of A over B, reward \(logit\), probability of A 0\.\d\d\); A stands first/,
  );
  // What is selected stays selected.
  await workbench().runCommand('Reward Studio: Rank Candidates');
  await workbench().quickInput.getByText('2 candidates by reward (logit)').waitFor();
  await workbench().screenshot('rank-candidates');
  await workbench().pick('1');
});

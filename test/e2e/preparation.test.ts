import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { useWorkbench } from './use-workbench.ts';

/** Two rows that cannot be used, and one pair twice. */
function pairsWithFaults(): string {
  const pairs = Array.from({ length: 40 }, (_, index) => ({
    prompt: `Where is order ${index}?`,
    chosen: `Order ${index} left our store this morning and arrives tomorrow.`,
    rejected: index === 7 ? '' : `No idea about ${index}.`,
  }));
  const rows = [...pairs, pairs[3], { ...pairs[5], chosen: null }];
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Labels of which nobody can tell whether 0 is the first response or a tie. */
function numericLabels(): string {
  return Array.from({ length: 60 }, (_, index) => ({
    question: `Which way to stop ${index}?`,
    response_1: `Take tram ${index} to the square.`,
    response_2: `It is ${index} minutes on foot from here, past the mill.`,
    label: index % 10 === 0 ? 2 : index % 3 === 0 ? 1 : 0,
  }))
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}

/** Scores from 1 to 5, several to a prompt. */
function fivePointScores(): string {
  return Array.from({ length: 80 }, (_, index) => ({
    prompt: `How do I clean part ${index % 40}?`,
    response: `With ${index % 2 === 0 ? 'warm' : 'cold'} water and cloth ${index}.`,
    score: (index % 5) + 1,
    length: index * 10,
  }))
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}

const workbench = useWorkbench('preparation', {
  workspace: path.join(root, 'examples'),
  files: { 'orders.jsonl': pairsWithFaults(), 'ways.jsonl': numericLabels(), 'cleaning.jsonl': fivePointScores() },
  viewport: { width: 1280, height: 800 },
});

test('training data is prepared from the palette, and what was left out is told', async () => {
  await workbench().openFile('orders.jsonl');
  await workbench().runCommandAndPick('Reward Studio: Prepare Training Data', 'orders.jsonl');
  await workbench().pick('Bradley-Terry');
  await workbench().pick('No split');
  await workbench().pick('orders-bradley-terry');
  const told = await workbench().notification('records for Bradley-Terry');
  expect(await told.textContent()).toContain('40 records for Bradley-Terry: data.parquet 40. 2 rows were left out');
  await workbench().screenshot('preparation-told');
  const folder = path.join(workbench().folder, 'orders-bradley-terry');
  expect(existsSync(path.join(folder, 'data.parquet'))).toBe(true);
  expect(JSON.parse(readFileSync(path.join(folder, 'dataset.json'), 'utf8'))).toMatchObject({
    method: 'bradley-terry',
  });
  await workbench().clearNotifications();
});

test('the checks of a dataset are a view of its editor, and a finding leads to its rows', async () => {
  await workbench().openFile('orders-bradley-terry/data.parquet');
  const page = workbench().webview();
  await page.getByRole('tab', { name: 'Checks' }).click();
  await page.getByText('Fit to train on').waitFor();
  const repeated = page.getByRole('listitem').filter({ hasText: 'Exact duplicate rows' });
  await repeated.waitFor();
  await workbench().screenshot('dataset-checks');
  await repeated.getByRole('button', { name: /^row / }).first().click();
  await page.getByRole('heading', { name: /^Row / }).waitFor();
});

test('a fix writes a new file and leaves the dataset as it was', async () => {
  const page = workbench().webview();
  await page.getByRole('tab', { name: 'Checks' }).click();
  const repeated = page.getByRole('listitem').filter({ hasText: 'Exact duplicate rows' });
  await repeated.getByRole('button', { name: 'Fix into New File' }).click();
  const told = await workbench().notification('data-fixed.parquet has 39 records');
  expect(await told.textContent()).toContain('data.parquet is as it was');
  await told.getByRole('button', { name: 'Open' }).click();
  await workbench().editorTab('data-fixed.parquet').waitFor();
  await workbench().webview().getByText('39 rows').first().waitFor();
  await workbench().screenshot('dataset-fixed');
});

const datasheet = (folder: string) =>
  JSON.parse(readFileSync(path.join(workbench().folder, folder, 'dataset.json'), 'utf8'));

test('labels that can be read in two ways are asked about, with what each reading would mean', async () => {
  await workbench().clearNotifications();
  await workbench().openFile('ways.jsonl');
  await workbench().runCommandAndPick('Reward Studio: Prepare Training Data', 'ways.jsonl');
  await workbench().pick('Pairwise (A/B/tie)');
  const reading = workbench().quickInput.getByRole('option', { name: /0 first, 1 second, 2 tie/ });
  await reading.waitFor();
  expect(await reading.textContent()).toContain('of 60 sampled: first better: 36, second better: 18, tie: 6');
  await workbench().screenshot('preparation-question');
  await reading.click();
  await workbench().pick('Other shares');
  await workbench().enterText('train=0.75,test=0.25');
  await workbench().pick('More options');
  await workbench().pick('Format');
  await workbench().pick('JSON Lines');
  await workbench().pick('Both orders');
  await workbench().pick('Stratify');
  await workbench().screenshot('preparation-options');
  await workbench().pick('Done');
  await workbench().pick('ways-pairwise');
  const told = await workbench().notification('120 records for Pairwise');
  await told.getByRole('button', { name: 'Datasheet' }).click();
  await workbench().editorTab('dataset.json').waitFor();
  expect(existsSync(path.join(workbench().folder, 'ways-pairwise', 'train.jsonl'))).toBe(true);
  expect(datasheet('ways-pairwise').steps).toEqual([
    expect.objectContaining({ do: 'read', map: { label_0_1_2: 'label' } }),
    { do: 'split', shares: { train: 0.75, test: 0.25 }, by: 'prompt', stratified: true },
    { do: 'both-orders' },
    { do: 'write', dialect: 'own', format: 'jsonl' },
  ]);
  await workbench().clearNotifications();
});

test('scores from 1 to 5 become 0 to 4 only after the person has said so', async () => {
  await workbench().runCommandAndPick('Reward Studio: Prepare Training Data', 'cleaning.jsonl');
  await workbench().pick('Pointwise (0-4)');
  await workbench().pick('score');
  await workbench().pick('No split');
  await workbench().pick('cleaning-pointwise');
  await workbench().notification('80 records for Pointwise');
  expect(datasheet('cleaning-pointwise').labels.data).toEqual({ 0: 16, 1: 16, 2: 16, 3: 16, 4: 16 });
  await workbench().clearNotifications();
});

test('pairs become scores only after the person has said which ones the two sides stand for', async () => {
  await workbench().runCommandAndPick('Reward Studio: Prepare Training Data', 'orders.jsonl');
  await workbench().pick('Pointwise (0-4)');
  await workbench()
    .quickInput.getByRole('option', { name: /Chosen 4/ })
    .waitFor();
  await workbench().screenshot('preparation-pair-scores');
  await workbench().pick('Other scores');
  await workbench().enterText('3, 1');
  await workbench().pick('No split');
  await workbench().pick('orders-pointwise');
  await workbench().notification(/80 records for Pointwise.*2 rows were left out/);
  expect(datasheet('orders-pointwise').labels.data).toEqual({ 1: 40, 3: 40 });
});

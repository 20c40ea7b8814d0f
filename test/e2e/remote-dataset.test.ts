import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FileServer } from '../unit/remote/file-server.ts';
import { pairRow, pairsParquet } from '../unit/remote/remote-files.ts';
import { useWorkbench } from './use-workbench.ts';

const ROWS = 150_000;
const MIDDLE = 75_100;

const content = pairsParquet(ROWS);
const server = await FileServer.start({ '/data/pairs.parquet': content });
afterAll(() => server.close());

/** A hub that knows one private dataset, whose files lie elsewhere. */
const TOKEN = 'hf_e2e';
const hub = await FileServer.start();
afterAll(() => hub.close());
const splits = { default: { test: [hub.url('/files/0').href], train: [hub.url('/files/1').href] } };
hub.files.set('/api/datasets/owner/pairs/parquet', new TextEncoder().encode(JSON.stringify(splits)));
hub.behaviour = (request, response) => {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) response.writeHead(401).end();
  else if (request.url?.startsWith('/files/')) {
    response.writeHead(302, { location: server.url('/data/pairs.parquet').href }).end();
  } else return false;
  return true;
};

const workbench = useWorkbench('remote-dataset', {
  theme: 'light',
  viewport: { width: 1400, height: 900 },
  env: { HF_ENDPOINT: hub.origin },
});
const page = () => workbench().webview();
const row = (number: number) => page().locator(`.grid-row[data-row="${number}"]`);

test('a Parquet file on a server is read in its middle, and only a small part of it is fetched', async () => {
  await workbench().runCommand('Reward Studio: Open Remote Dataset');
  await workbench().enterText(server.url('/data/pairs.parquet').href);
  await row(0).getByText(pairRow(0)[0], { exact: true }).waitFor();
  await workbench().runCommand('Reward Studio: Go to Row');
  await page().getByRole('textbox', { name: 'Go to row' }).fill(String(MIDDLE));
  await workbench().page.keyboard.press('Enter');
  await row(MIDDLE).getByText(pairRow(MIDDLE)[1].slice(0, 30)).waitFor();
  await page()
    .getByText(/^\d.* of 2\d\.\d MB fetched · 150,000 rows/)
    .waitFor();
  expect(server.sent).toBeGreaterThan(0);
  expect(server.sent).toBeLessThan(content.length / 5);
  await workbench().screenshot('remote-middle');
});

test('what needs every row says so, and offers a download', async () => {
  const before = server.requests.length;
  await page().getByRole('tab', { name: 'Statistics' }).click();
  await page().locator('.problem', { hasText: 'the rows are on another machine' }).waitFor();
  await workbench().screenshot('remote-statistics');
  await page().getByRole('tab', { name: 'Data', exact: true }).click();
  await page().getByRole('button', { name: 'Prepare Training Data…' }).click();
  await workbench().notification(/It works on a copy/);
  expect(server.requests.slice(before).filter(({ range }) => range === undefined)).toEqual([]);
});

test('after a reload of the window nothing is fetched until it is asked for', async () => {
  await workbench().open();
  await page().getByRole('heading', { name: 'A dataset on another machine' }).waitFor();
  const before = server.requests.length;
  await workbench().screenshot('remote-resting');
  expect(server.requests.length).toBe(before);
  await page().getByRole('button', { name: 'Fetch Again' }).click();
  await page().locator('.grid-row').first().waitFor();
  expect(server.requests.length).toBeGreaterThan(before);
});

test('the whole file is downloaded to where the person says, and the copy opens', async () => {
  await page().getByRole('button', { name: 'Download…' }).click();
  const target = path.join(workbench().folder, 'copy.parquet');
  await workbench().enterPath(target, /pairs\.parquet$/);
  await workbench().editorTab('copy.parquet').waitFor();
  await page()
    .getByText(/^2\d\.\d MB · 150,000 rows/)
    .waitFor();
  expect(readFileSync(target).equals(content)).toBe(true);
});

test('a split of a private dataset of the hub opens with the token, which goes to the hub alone', async () => {
  await workbench().runCommand('Reward Studio: Open Remote Dataset');
  await workbench().enterText('owner/pairs');
  await workbench().notification(/give a token that may read it/);
  await workbench().runCommand('Reward Studio: Set Hugging Face Token');
  await workbench().enterText(TOKEN);
  await workbench().notification('The Hugging Face token is set.');
  const before = server.requests.length;
  await workbench().runCommand('Reward Studio: Open Remote Dataset');
  await workbench().enterText('owner/pairs');
  await workbench().pick('default/train');
  await workbench().editorTab('pairs-train').waitFor();
  await row(0).getByText(pairRow(0)[0], { exact: true }).waitFor();
  await workbench().screenshot('remote-hub');
  expect(server.requests.length).toBeGreaterThan(before);
  expect(server.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
});

test('a server that does not answer is told in one sentence', async () => {
  const gone = await FileServer.start();
  const url = gone.url('/pairs.parquet').href;
  await gone.close();
  await workbench().runCommand('Reward Studio: Open Remote Dataset');
  await workbench().enterText(url);
  await page()
    .getByText(/cannot be reached: it refuses connections/)
    .waitFor();
  await workbench().screenshot('remote-unreachable');
});

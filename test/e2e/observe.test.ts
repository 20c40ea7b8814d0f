/** What counts as having asked another host. */

import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../scripts/environments/chromium.mjs';
import { recordForeignHosts } from './observe.ts';
import { orThrow } from './workbench.ts';

const RESOURCE = 'https://vscode-remote.vscode-resource.vscode-cdn.net/main.js';

let browser: Browser;

beforeAll(async () => {
  const { executable } = orThrow(await ensureChromium());
  // No name is looked up, so that none of these tests asks anyone either.
  browser = await chromium.launch({
    executablePath: executable,
    args: [...CHROMIUM_ARGUMENTS, '--host-resolver-rules=MAP * ~NOTFOUND'],
  });
});

afterAll(() => browser?.close());

async function observed(use: (page: Page) => Promise<unknown>): Promise<string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const hosts = recordForeignHosts(page);
  await use(page);
  await context.close();
  return [...hosts()];
}

test('a request to another host counts, whether or not it is reached', async () => {
  expect(await observed((page) => page.goto('https://example.org/').catch(() => {}))).toEqual(['example.org']);
});

test('a resource of a webview that was looked for outside counts', async () => {
  expect(await observed((page) => page.goto(RESOURCE).catch(() => {}))).toEqual([new URL(RESOURCE).hostname]);
});

test('a resource of a webview that was given up does not', async () => {
  const hosts = await observed(async (page) => {
    await page.route(RESOURCE, (route) => route.abort('aborted'));
    await page.goto(RESOURCE).catch(() => {});
  });
  expect(hosts).toEqual([]);
});

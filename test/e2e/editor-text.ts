/** Finds a text on the screen inside a text editor, whose lines are cut into spans by token. */

import type { Locator, Page } from 'playwright-core';
import { untilShown } from './again.ts';

const FIND_MS = 60_000;
const TRY_MS = 5_000;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Rests the mouse on the middle of a text until a hover shows (that says `expected`). A hover asked for before the
 * language's providers are registered stays empty, so the mouse comes back until one answers.
 */
export async function hoverText(page: Page, text: string, expected: string | RegExp = /\S/): Promise<Locator> {
  const hover = page
    .locator('.monaco-hover:not(.hidden):visible')
    .filter({ hasText: expected, hasNotText: /^Loading\.\.\.$/ })
    .first();
  const rest = async () => {
    const { x, y, width, height } = await boxOfText(page, text);
    await page.mouse.move(x + width / 2, y + height / 2 + 200);
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
  };
  await untilShown(page, hover, rest, TRY_MS);
  return hover;
}

export async function selectText(page: Page, text: string): Promise<void> {
  const { x, y, width, height } = await boxOfText(page, text);
  await page.mouse.move(x + 1, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width - 1, y + height / 2, { steps: 8 });
  await page.mouse.up();
  await page.locator('.monaco-editor .selected-text').first().waitFor();
}

async function boxOfText(page: Page, text: string): Promise<Box> {
  const handle = await page.waitForFunction(findBox, text, { timeout: FIND_MS });
  return (await handle.jsonValue()) as Box;
}

/* Runs in the page, whose types this project does not load. */
interface TextNode {
  readonly length: number;
}
interface Dom {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
  createTreeWalker(root: unknown, show: number): { nextNode(): TextNode | null };
  createRange(): {
    setStart(node: TextNode, offset: number): void;
    setEnd(node: TextNode, offset: number): void;
    getBoundingClientRect(): Box;
  };
}

function findBox(text: string): Box | undefined {
  const { document } = globalThis as unknown as { document: Dom };
  const SHOW_TEXT = 4;
  for (const line of document.querySelectorAll('.monaco-editor .view-line')) {
    const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, SHOW_TEXT);
    let offset = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = start - offset;
      const to = start + text.length - offset;
      if (from >= 0 && from < node.length) range.setStart(node, from);
      if (to > 0 && to <= node.length) range.setEnd(node, to);
      offset += node.length;
    }
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x, y, width, height };
  }
  return undefined;
}

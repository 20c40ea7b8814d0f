/** What a person would do again when the window did not take it. */

import type { Locator, Page } from 'playwright-core';

const WAIT_MS = 60_000;
/** After that something is done again. */
const SHOWN_MS = 10_000;
const CLICK_MS = 1_000;
const CLICKS_A_MENU = 5;

/** Does what shows something, and does it again while it does not show (within `tryMs`). */
export async function untilShown(
  page: Page,
  shown: Locator,
  show: () => Promise<void>,
  tryMs = SHOWN_MS,
): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (true) {
    await show();
    try {
      return await shown.waitFor({ timeout: tryMs });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Opens the context menu of an item and chooses from it. */
export async function chooseFromMenu(page: Page, item: Locator, label: string): Promise<void> {
  const entry = page.getByRole('menuitem', { name: label });
  const deadline = Date.now() + WAIT_MS;
  do {
    await item.click({ button: 'right' });
    // A menu takes no clicks for a moment after it has opened.
    for (let tries = 0; tries < CLICKS_A_MENU; tries++) {
      const clicked = await entry.click({ timeout: CLICK_MS }).then(
        () => true,
        () => false,
      );
      if (clicked && (await isGone(entry))) return;
    }
    // What takes the clicks, a tooltip of the entry below, goes when the mouse does.
    await page.keyboard.press('Escape');
    await page.mouse.move(0, 0);
  } while (Date.now() < deadline);
  throw new Error(`The menu of ${item} has no ${label} that can be clicked.`);
}

function isGone(locator: Locator): Promise<boolean> {
  return locator.waitFor({ state: 'hidden', timeout: CLICK_MS }).then(
    () => true,
    () => false,
  );
}

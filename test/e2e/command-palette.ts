import type { Locator, Page } from 'playwright-core';

const FIND_MS = 60_000;
const TRY_MS = 3_000;
const MOST_STEPS = 40;

const isFocused = (option: Locator): Promise<boolean> =>
  option.evaluate((element) => element.closest('.monaco-list-row')?.classList.contains('focused') ?? false);

export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget:visible');
}

/** The entry, of the quick pick that is shown, whose label starts with this. */
export function quickPick(page: Page, label: string): Locator {
  return quickInput(page)
    .getByRole('option', { name: startingWith(label) })
    .first();
}

/**
 * Opens the palette with the command under the cursor. The palette's list is made when it opens, and a starting window
 * turns commands on one by one (those that need a trusted workspace late), so it is opened again until the command is there.
 */
export async function showCommand(page: Page, title: string): Promise<void> {
  const deadline = Date.now() + FIND_MS;
  // The palette ranks by what was used and how well it matches: "Close Editor" may stand below "Close All Editors".
  const found = quickInput(page)
    .getByRole('option')
    .filter({
      has: page.locator('.monaco-icon-label-container', { hasText: new RegExp(`^${escapeForRegExp(title)}$`) }),
    })
    .first();
  while (true) {
    await page.keyboard.press('F1');
    try {
      // What ran before may take the focus back, which closes the palette: then it is opened again.
      await quickInput(page).locator('input').first().fill(`>${title}`, { timeout: TRY_MS });
      await found.waitFor({ timeout: TRY_MS });
      for (let step = 0; step < MOST_STEPS; step++) {
        if (await isFocused(found)) return;
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`"${title}" is listed but is not reached with the arrow keys.`);
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`The palette has no command "${title}".`, { cause: error });
      await page.keyboard.press('Escape');
      await quickInput(page).waitFor({ state: 'hidden' });
    }
  }
}

/** Accessible names go on after the label: with a description, a keybinding, a badge. */
export const startingWith = (text: string): RegExp => new RegExp(`^${escapeForRegExp(text)}`);

export const escapeForRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

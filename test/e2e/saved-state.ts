import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** A workbench in the browser writes its state every few seconds, and not when it is left: waits until it has. */
export async function savedByWorkbench(page: Page, text: string): Promise<void> {
  const saved = `(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('vscode-web-state-db'));
    const texts = await Promise.all(names.map((name) => new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => resolve('');
      opening.onsuccess = () => {
        const all = opening.result.transaction('ItemTable').objectStore('ItemTable').getAll();
        all.onsuccess = () => { opening.result.close(); resolve(all.result.map(String).join('')); };
      };
    })));
    return texts.join('').replaceAll('\\\\', '');
  })()`;
  await expect.poll(() => page.evaluate(saved), { timeout: 60_000 }).toContain(text);
}

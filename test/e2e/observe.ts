/** What a page says and whom it asks. */

import fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Adds to `foreign` every host outside the loopback that a request or a web socket goes to. */
export function recordRequests(page: Page, foreign: Set<string>): void {
  const record = (address: string) => {
    const { hostname } = new URL(address);
    if (hostname && !LOOPBACK.has(hostname)) foreign.add(hostname);
  };
  page.context().on('request', (request) => record(request.url()));
  page.on('websocket', (socket) => record(socket.url()));
}

export async function recordLogs(page: Page, file: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const log = await fs.open(file, 'w');
  page.on('console', (message) => void log.appendFile(`${message.type()} ${message.text()}\n`).catch(() => {}));
  page.on('pageerror', (error) => void log.appendFile(`error ${error.stack}\n`).catch(() => {}));
  page.on('close', () => void log.close());
}

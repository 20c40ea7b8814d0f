/** What a page says and whom it asks. */

import fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Follows the requests of a page. A webview's resources have addresses of a public host that never hears of them: VS
 * Code's service worker answers, and what it answered does not count.
 * @returns the hosts, other than this one, that were asked for anything
 */
export function recordForeignHosts(page: Page): () => Set<string> {
  const asked = new Map<object, string>();
  const ask = (source: object, address: string) => {
    const { hostname } = new URL(address);
    if (hostname && !LOOPBACK.has(hostname)) asked.set(source, hostname);
  };
  page.context().on('request', (request) => ask(request, request.url()));
  page.context().on('response', (response) => {
    if (response.fromServiceWorker()) asked.delete(response.request());
  });
  page.on('websocket', (socket) => ask(socket, socket.url()));
  return () => new Set(asked.values());
}

export async function recordLogs(page: Page, file: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const log = await fs.open(file, 'w');
  page.on('console', (message) => void log.appendFile(`${message.type()} ${message.text()}\n`).catch(() => {}));
  page.on('pageerror', (error) => void log.appendFile(`error ${error.stack}\n`).catch(() => {}));
  page.on('close', () => void log.close());
}

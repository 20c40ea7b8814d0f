/** What a page says and whom it asks. */

import fs from 'node:fs/promises';
import path from 'node:path';
import type { Page, Request } from 'playwright-core';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Where a webview's resources seem to lie: a public host that never hears of them, since VS Code's service worker answers. */
const RESOURCES = /\.vscode-resource\.vscode-cdn\.net$/;

/** A request that was given up before it was sent: its webview was closed. */
const GIVEN_UP = new Set(['net::ERR_ABORTED', 'net::ERR_FAILED']);

/**
 * Follows the requests of a page. One for a resource of a webview counts once it is known to have passed by the service
 * worker: an answer of someone else's, or a failed attempt to reach the host. (Of one whose webview is closed meanwhile,
 * neither comes.)
 * @returns the hosts, other than this one, that were asked for anything
 */
export function recordForeignHosts(page: Page): () => Set<string> {
  const asked = new Set<string>();
  const ask = (address: string) => {
    const { hostname } = new URL(address);
    if (hostname && !LOOPBACK.has(hostname)) asked.add(hostname);
  };
  const ofResource = (request: Request) => RESOURCES.test(new URL(request.url()).hostname);
  page.context().on('request', (request) => {
    if (!ofResource(request)) ask(request.url());
  });
  page.context().on('response', (response) => {
    if (ofResource(response.request()) && !response.fromServiceWorker()) ask(response.url());
  });
  page.context().on('requestfailed', (request) => {
    if (ofResource(request) && !GIVEN_UP.has(request.failure()?.errorText ?? '')) ask(request.url());
  });
  page.on('websocket', (socket) => ask(socket.url()));
  return () => new Set(asked);
}

export async function recordLogs(page: Page, file: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const log = await fs.open(file, 'w');
  page.on('console', (message) => void log.appendFile(`${message.type()} ${message.text()}\n`).catch(() => {}));
  page.on('pageerror', (error) => void log.appendFile(`error ${error.stack}\n`).catch(() => {}));
  page.on('close', () => void log.close());
}

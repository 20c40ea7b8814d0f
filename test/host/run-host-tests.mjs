// Runs test/host/suite inside the extension host of a code-server that has the package installed.
// Results: artifacts/host-results.json, as mocha's json reporter writes it.
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { buildHostTests } from '../../scripts/build.mjs';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../scripts/environments/chromium.mjs';
import { ensureCodeServer } from '../../scripts/environments/code-server.mjs';
import { startCodeServer } from '../../scripts/environments/code-server-process.mjs';
import { isMain, root } from '../../scripts/main.mjs';
import { vsixPath } from '../../scripts/package.mjs';

const TESTS_MS = 300_000;
const ARTIFACTS = path.join(root, 'artifacts');

/**
 * @param {{ vsix?: string, log?: (line: string) => void }} options
 * @returns {Promise<string>} the file with mocha's results
 */
export async function runHostTests({ vsix = vsixPath(), log = console.log } = {}) {
  const codeServer = await ensureCodeServer(log);
  const { executable, missing } = await ensureChromium(log);
  if (codeServer.missing ?? missing) throw new Error(codeServer.missing ?? missing);
  await buildHostTests({ log: () => {} });
  const results = path.join(ARTIFACTS, 'host-results.json');
  await fs.rm(results, { force: true });
  const home = await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), 'reward-studio-host-'));
  let server;
  let browser;
  try {
    const workspace = path.join(home, 'workspaces/examples');
    await fs.cp(path.join(root, 'examples'), workspace, { recursive: true });
    server = await startCodeServer({
      codeServer,
      home,
      log: path.join(ARTIFACTS, 'logs/host-server.log'),
      vsix: [vsix],
      env: { REWARD_STUDIO_HOST_RESULTS: results },
      // A built VS Code ignores the request to run tests without it.
      serverArguments: ['--vscode-option', 'enable-smoke-test-driver'],
    });
    browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_ARGUMENTS });
    await runInWindow(await browser.newPage(), server.url, workspace);
  } finally {
    await browser?.close();
    await server?.stop();
    await fs.rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
  await fs.access(results).catch(() => {
    throw new Error(`The extension host ended without results; see ${path.join(ARTIFACTS, 'logs')}`);
  });
  return results;
}

/** Settles when the extension host has run the tests; whether they passed is in the results file. */
async function runInWindow(page, url, workspace) {
  const ended = deferred();
  const window = createWriteStream(path.join(ARTIFACTS, 'logs/host-window.log'));
  await page.exposeFunction('codeAutomationExit', ended.resolve);
  await page.exposeFunction('codeAutomationLog', (type, values) => window.write(`${type} ${values.join(' ')}\n`));
  const remote = (file) => `vscode-remote://${new URL(url).host}${file}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(path.join(root, 'test/host/driver'))],
    ['extensionTestsPath', remote(path.join(root, 'dist-test/host/index.cjs'))],
  ]);
  await page.goto(`${url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(payload)}`);
  const timer = setTimeout(
    () => ended.reject(new Error(`The host tests did not end in ${TESTS_MS / 1000} s`)),
    TESTS_MS,
  );
  await ended.promise.finally(() => {
    clearTimeout(timer);
    window.end();
  });
}

function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  return result;
}

if (isMain(import.meta)) {
  const { stats, failures } = JSON.parse(await fs.readFile(await runHostTests(), 'utf8'));
  for (const failure of failures) console.log(`${failure.fullTitle}\n${failure.err.stack ?? failure.err.message}`);
  console.log(`${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
  process.exitCode = stats.failures > 0 || stats.passes === 0 ? 1 : 0;
}

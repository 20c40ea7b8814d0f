// Runs a program inside the extension host of a code-server that has the package installed, on a copy of the examples.
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { buildHostTests } from '../../scripts/build.mjs';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../scripts/environments/chromium.mjs';
import { ensureCodeServer } from '../../scripts/environments/code-server.mjs';
import { startCodeServer } from '../../scripts/environments/code-server-process.mjs';
import { root } from '../../scripts/main.mjs';
import { vsixPath } from '../../scripts/package.mjs';

const PROGRAM_MS = 300_000;
const ARTIFACTS = path.join(root, 'artifacts');

/**
 * @param {object} options
 * @param {string} options.name of the program's bundle in dist-test/host, and of the logs; it exports `run`
 * @param {string} options.results a file that the program writes, named to it in REWARD_STUDIO_HOST_RESULTS
 * @param {(workspace: string) => Promise<void>} [options.fill] adds to the workspace
 * @param {string} [options.vsix]
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<string>} `results`, when the program has ended and has written it
 */
export async function runInExtensionHost({ name, results, fill, vsix = vsixPath(), log = console.log }) {
  const codeServer = await ensureCodeServer(log);
  const { executable, missing } = await ensureChromium(log);
  if (codeServer.missing ?? missing) throw new Error(codeServer.missing ?? missing);
  await buildHostTests({ log: () => {} });
  await fs.rm(results, { force: true });
  const home = await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), 'reward-studio-host-'));
  let server;
  let browser;
  try {
    const workspace = path.join(home, 'workspaces/examples');
    await fs.cp(path.join(root, 'examples'), workspace, { recursive: true });
    await fill?.(workspace);
    server = await startCodeServer({
      codeServer,
      home,
      log: path.join(ARTIFACTS, 'logs', `${name}-server.log`),
      vsix: [vsix],
      env: { REWARD_STUDIO_HOST_RESULTS: results },
      // A built VS Code ignores the request to run tests without it.
      serverArguments: ['--vscode-option', 'enable-smoke-test-driver'],
    });
    browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_ARGUMENTS });
    await runInWindow(await browser.newPage(), server.url, workspace, name);
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

/** Settles when the program has ended. */
async function runInWindow(page, url, workspace, name) {
  const ended = deferred();
  const window = createWriteStream(path.join(ARTIFACTS, 'logs', `${name}-window.log`));
  await page.exposeFunction('codeAutomationExit', ended.resolve);
  await page.exposeFunction('codeAutomationLog', (type, values) => window.write(`${type} ${values.join(' ')}\n`));
  const remote = (file) => `vscode-remote://${new URL(url).host}${file}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(path.join(root, 'test/host/driver'))],
    ['extensionTestsPath', remote(path.join(root, 'dist-test/host', `${name}.cjs`))],
  ]);
  await page.goto(`${url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(payload)}`);
  const timer = setTimeout(() => ended.reject(new Error(`${name} did not end in ${PROGRAM_MS / 1000} s`)), PROGRAM_MS);
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

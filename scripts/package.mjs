// npm run package [-- --target PLATFORM]: a production build, then artifacts/reward-studio-<version>.vsix for this machine's
// platform, or reward-studio-<version>-<platform>.vsix for the one named. Needs the network for another platform only.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';
import { hostTarget, stageDuckDb, TARGETS, unstageDuckDb } from './duckdb.mjs';
import { isMain, root } from './main.mjs';

/**
 * @param {string} [target] the platform as VS Code names it; this machine's when left out
 * @returns {Promise<string>} the path of the package
 */
export async function packageExtension(log = console.log, target = undefined) {
  await buildAll({ production: true, log });
  const vsix = vsixPath(target);
  fs.mkdirSync(path.dirname(vsix), { recursive: true });
  const platform = target ?? hostTarget();
  try {
    await stageDuckDb(platform, log);
    await createVSIX({
      cwd: root,
      packagePath: vsix,
      ...(TARGETS.includes(platform) ? { target: platform } : {}),
      dependencies: false,
      allowMissingRepository: true,
      // Links in the README stay relative: the images they name travel in the package.
      rewriteRelativeLinks: false,
    });
  } finally {
    unstageDuckDb();
  }
  return vsix;
}

export function vsixPath(target = undefined) {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return path.join(root, 'artifacts', `${name}-${version}${target === undefined ? '' : `-${target}`}.vsix`);
}

if (isMain(import.meta)) {
  try {
    const { target } = parseArgs({ options: { target: { type: 'string' } } }).values;
    if (target !== undefined && !TARGETS.includes(target)) {
      throw new Error(`There is no platform ${target}; there are: ${TARGETS.join(', ')}`);
    }
    await packageExtension(console.log, target);
  } catch (error) {
    console.error(error.errors ? 'The build failed: see above.' : error.message);
    process.exitCode = 1;
  }
}

// npm run package: a production build, then artifacts/reward-studio-<version>.vsix. Needs no network.
import fs from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';
import { isMain, root } from './main.mjs';

/** @returns {Promise<string>} the path of the package */
export async function packageExtension(log = console.log) {
  await buildAll({ production: true, log });
  const vsix = vsixPath();
  fs.mkdirSync(path.dirname(vsix), { recursive: true });
  await createVSIX({
    cwd: root,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    // Links in the README stay relative: the images they name travel in the package.
    rewriteRelativeLinks: false,
  });
  return vsix;
}

export function vsixPath() {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return path.join(root, 'artifacts', `${name}-${version}.vsix`);
}

if (isMain(import.meta)) {
  try {
    await packageExtension();
  } catch (error) {
    console.error(error.errors ? 'The build failed: see above.' : error.message);
    process.exitCode = 1;
  }
}

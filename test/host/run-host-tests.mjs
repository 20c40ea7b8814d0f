// Runs test/host/suite inside the extension host of a code-server that has the package installed.
// Results: artifacts/host-results.json, as mocha's json reporter writes it.
import fs from 'node:fs/promises';
import path from 'node:path';
import { isMain, root } from '../../scripts/main.mjs';
import { runInExtensionHost } from './extension-host.mjs';

/**
 * @param {{ log?: (line: string) => void }} options
 * @returns {Promise<string>} the file with mocha's results; whether the tests passed is in it
 */
export const runHostTests = ({ log = console.log } = {}) =>
  runInExtensionHost({ name: 'index', results: path.join(root, 'artifacts', 'host-results.json'), log });

if (isMain(import.meta)) {
  const { stats, failures } = JSON.parse(await fs.readFile(await runHostTests(), 'utf8'));
  for (const failure of failures) console.log(`${failure.fullTitle}\n${failure.err.stack ?? failure.err.message}`);
  console.log(`${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
  process.exitCode = stats.failures > 0 || stats.passes === 0 ? 1 : 0;
}

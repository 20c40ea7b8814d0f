// Runs a TypeScript program of the checkout: bundled by esbuild into dist-test/, then started by this Node.
import path from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { ESM } from './bundles.mjs';
import { root } from './main.mjs';

/** Programs that tests start: the trainer whose runs they watch, and a host to be killed. */
export const TEST_PROGRAMS = ['test/reference-trainer/trainer.ts', 'test/reference-trainer/host.ts'];

/**
 * @param {string} entry path relative to the checkout
 * @returns {Promise<string>} the bundle
 */
export async function bundleTypeScript(entry) {
  const outfile = path.join(root, 'dist-test', entry.replace(/\.ts$/, '.mjs'));
  await build({
    ...ESM,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    // They find their own files and programs beside themselves.
    external: ['@duckdb/*', 'esbuild', 'playwright-core'],
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * @param {string} entry path relative to the checkout
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code of the program
 */
export async function runTypeScript(entry, args) {
  const program = await bundleTypeScript(entry);
  const { exitCode } = await execa(process.execPath, ['--enable-source-maps', program, ...args], {
    cwd: root,
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? 1;
}

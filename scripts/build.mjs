// npm run build -- [--production] [--quiet] [--if-stale] [--watch] [--tests]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { globSync } from 'tinyglobby';
import { bundles, missingEntries } from './bundles.mjs';
import { isMain, root, seconds } from './main.mjs';

const SOURCES = ['src/**', 'webview/**', 'package.json', 'tsconfig.json', 'scripts/build.mjs', 'scripts/bundles.mjs'];
const TEST_SOURCES = ['test/host/**'];

/** @param {{ production?: boolean, tests?: boolean, ifStale?: boolean, log?: (line: string) => void }} options */
export async function buildAll({ production = false, tests = false, ifStale = false, log = console.log } = {}) {
  const stamp = path.join(root, tests ? 'dist-test/.built' : 'dist/.built');
  if (ifStale && !isStale(stamp, tests)) return;
  const since = performance.now();
  const startedAt = new Date();
  const wanted = bundles({ tests });
  for (const entry of missingEntries()) log(`skipped ${entry}: not written yet`);
  const results = await Promise.all(wanted.map((bundle) => build({ ...settings(bundle, production), write: false })));
  const files = results.flatMap((result) => result.outputFiles);
  for (const file of files) writeAtomically(file.path, file.contents);
  removeOthers(path.join(root, 'dist'), new Set(files.map((file) => file.path)));
  writeAtomically(stamp, '');
  fs.utimesSync(stamp, startedAt, startedAt);
  for (const { path: file, contents } of files) {
    if (!file.endsWith('.map'))
      log(`${path.relative(root, file).padEnd(36)} ${(contents.length / 1024).toFixed(0).padStart(6)} KiB`);
  }
  log(`built in ${seconds(since)}`);
}

async function watchAll({ production, tests, log }) {
  for (const bundle of bundles({ tests })) {
    const watcher = await context({ ...settings(bundle, production), logLevel: 'info' });
    await watcher.watch();
  }
  log('watching; end with Ctrl+C');
}

function settings({ entry, outfile, options }, production) {
  const minify = production || options.minify === true;
  return {
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path.join(root, outfile),
    bundle: true,
    minify,
    // The names of classes and functions appear in logs and error messages.
    keepNames: minify,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** A folder is newer than its stamp when a file in it was added or removed, so folders count as sources too. */
function isStale(stamp, tests) {
  const built = fs.statSync(stamp, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  const patterns = tests ? [...SOURCES, ...TEST_SOURCES] : SOURCES;
  const sources = globSync(patterns, { cwd: root, onlyFiles: false, absolute: true });
  return sources.some((source) => (fs.statSync(source, { throwIfNoEntry: false })?.mtimeMs ?? 0) > built);
}

/** Whoever starts a worker during a build gets the whole old file or the whole new one. */
function writeAtomically(file, contents) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  fs.writeFileSync(partial, contents);
  fs.renameSync(partial, file);
}

/** Outputs of entries that are gone must not travel in the package. */
function removeOthers(folder, keep) {
  for (const file of globSync('**/*.{cjs,mjs,js,css,map}', { cwd: folder, absolute: true })) {
    if (!keep.has(path.normalize(file))) fs.rmSync(file, { force: true });
  }
}

if (isMain(import.meta)) {
  const { values } = parseArgs({
    options: {
      production: { type: 'boolean' },
      tests: { type: 'boolean' },
      quiet: { type: 'boolean' },
      'if-stale': { type: 'boolean' },
      watch: { type: 'boolean' },
    },
  });
  const log = values.quiet ? () => {} : console.log;
  const options = { production: values.production, tests: values.tests, ifStale: values['if-stale'], log };
  try {
    await (values.watch ? watchAll(options) : buildAll(options));
  } catch (error) {
    // esbuild has printed what is wrong and where.
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  }
}

// npm run build -- [--production] [--quiet] [--if-stale] [--watch] [--tests]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { globSync } from 'tinyglobby';
import { hostTestBundles, missingEntries, productBundles } from './bundles.mjs';
import { jsonSchemaTexts } from './json-schemas.mjs';
import { isMain, root, seconds } from './main.mjs';
import { copyPython } from './python-files.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const SOURCES = [
  'src/**',
  'webview/**',
  'python/reward_studio/**/*.py',
  'python/requirements/*',
  'package.json',
  'tsconfig.json',
  'scripts/build.mjs',
  'scripts/bundles.mjs',
  'scripts/python-files.mjs',
];

/** @param {{ production?: boolean, ifStale?: boolean, log?: (line: string) => void }} options */
export async function buildAll({ production = false, ifStale = false, log = console.log } = {}) {
  const stamp = path.join(root, 'dist/.built');
  if (ifStale && !isStale(stamp)) return;
  const startedAt = new Date();
  for (const entry of missingEntries()) log(`skipped ${entry}: not written yet`);
  const metafiles = await bundleInto(productBundles(), path.join(root, 'dist'), { production, log });
  writeAtomically(path.join(root, 'dist/third-party-notices.txt'), thirdPartyNotices(metafiles));
  for (const [name, text] of Object.entries(await jsonSchemaTexts())) {
    writeAtomically(path.join(root, 'dist/schemas', name), text);
  }
  copyPython(path.join(root, 'dist/python'), writeAtomically);
  writeAtomically(stamp, '');
  fs.utimesSync(stamp, startedAt, startedAt);
}

export const buildHostTests = ({ log = console.log } = {}) =>
  bundleInto(hostTestBundles(), path.join(root, 'dist-test/host'), { production: false, log });

async function bundleInto(bundles, folder, { production, log }) {
  const since = performance.now();
  const results = await Promise.all(bundles.map((bundle) => build({ ...settings(bundle, production), write: false })));
  const files = results.flatMap((result) => result.outputFiles);
  for (const file of files) writeAtomically(file.path, file.contents);
  removeOthers(folder, new Set(files.map((file) => file.path)));
  for (const file of files.filter(({ path }) => !path.endsWith('.map'))) {
    const size = `${(file.contents.length / 1024).toFixed(0)} KiB`;
    log(`${path.relative(root, file.path).padEnd(36)} ${size.padStart(9)}`);
  }
  log(`built in ${seconds(since)}`);
  return results.map((result) => result.metafile);
}

async function watchProduct({ production, log }) {
  for (const bundle of productBundles()) {
    const watcher = await context({ ...settings(bundle, production), logLevel: 'info' });
    await watcher.watch();
  }
  log('watching; end with Ctrl+C');
}

function settings({ entry, outfile, outdir, options }, production) {
  const minify = production || options.minify === true;
  const shortNames = options.platform === 'browser';
  return {
    ...options,
    minify: false,
    absWorkingDir: root,
    entryPoints: [entry].flat(),
    ...(outdir ? { outdir: path.join(root, outdir) } : { outfile: path.join(root, outfile) }),
    bundle: true,
    minifyWhitespace: minify,
    minifySyntax: minify,
    // The names of classes and functions appear in logs and error messages. Short ones that are told their names anew
    // would be fewer bytes, and more to do at every start: only pages, which are shown from afar, have them.
    minifyIdentifiers: minify && shortNames,
    keepNames: minify && shortNames,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  };
}

/** A folder is newer than its stamp when a file in it was added or removed, so folders count as sources too. */
function isStale(stamp) {
  const built = fs.statSync(stamp, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  const sources = globSync(SOURCES, { cwd: root, onlyFiles: false, absolute: true });
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
  const { production } = values;
  try {
    if (values.watch) await watchProduct({ production, log });
    else await buildAll({ production, ifStale: values['if-stale'], log });
    if (values.tests) await buildHostTests({ log });
  } catch (error) {
    // esbuild has printed what is wrong and where.
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  }
}

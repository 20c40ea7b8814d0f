// What is bundled, and into which file. The layout is a contract: running code finds `workers/*.mjs` beside its own bundle.
//   dist/extension.cjs   dist/packages/<name>.cjs   dist/cli.mjs   dist/workers/<name>.mjs (and parts of them)   dist/webview/<page>/main.{js,css}
import fs from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { root } from './main.mjs';

const NODE = {
  platform: 'node',
  target: 'node20.18',
  // Some packages have a UMD `main` whose inner requires cannot be bundled, and an ES `module` which can.
  mainFields: ['module', 'main'],
};
// CommonJS packages inside an ES bundle call `require`, which Node does not define there.
const REQUIRE_IN_ESM =
  "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);";
// ES packages inside a CommonJS bundle ask where they are.
const URL_IN_CJS = "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;";

export const ESM = { ...NODE, format: 'esm', banner: { js: REQUIRE_IN_ESM } };
const cjs = { ...NODE, format: 'cjs', banner: { js: URL_IN_CJS }, define: { 'import.meta.url': 'importMetaUrl' } };
const page = { platform: 'browser', format: 'iife', target: 'es2022', minify: true };

/** What the extension imports late and does not share code with: not even looked at while a window opens. */
const LATE_PACKAGES = ['@lezer/javascript', '@lezer/python', 'execa', 'hyparquet', 'jsonc-parser', 'tinyglobby'];
/** @param {string} name `@scope/name` */
const fileOf = (name) => `${name.replace('@', '').replace('/', '-')}.cjs`;
const latePackages = {
  name: 'late-packages',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${LATE_PACKAGES.join('|')})$`) }, ({ path: name, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./packages/${fileOf(name)}`, external: true },
    );
  },
};

/**
 * The bundles of the product, of entries that exist.
 * @typedef {{ entry: string | string[], outfile?: string, outdir?: string, options: import('esbuild').BuildOptions }} Bundle
 * @returns {Bundle[]}
 */
export const productBundles = () => [
  ...find('src/extension.ts').map((entry) => ({
    entry,
    outfile: 'dist/extension.cjs',
    options: { ...cjs, external: ['vscode'], plugins: [latePackages] },
  })),
  ...LATE_PACKAGES.map((name) => ({ entry: name, outfile: `dist/packages/${fileOf(name)}`, options: cjs })),
  ...find('src/cli/main.ts').map((entry) => ({ entry, outfile: 'dist/cli.mjs', options: ESM })),
  // What a worker imports late stands in files beside it, which workers share: whoever waits for it to start waits for less.
  {
    entry: find('src/workers/*.ts'),
    outdir: 'dist/workers',
    options: { ...ESM, splitting: true, chunkNames: '[name]-[hash]', outExtension: { '.js': '.mjs' } },
  },
  ...find('webview/*/main.{ts,tsx}').map((entry) => ({
    entry,
    outfile: `dist/webview/${path.basename(path.dirname(entry))}/main.js`,
    options: page,
  })),
];

/** @returns {Bundle[]} the tests and programs that run inside an extension host: dist-test/host/<name>.cjs */
export const hostTestBundles = () =>
  find('test/{host/suite,bench/in-host}/*.ts').map((entry) => ({
    entry,
    outfile: `dist-test/host/${path.basename(entry, '.ts')}.cjs`,
    options: { ...cjs, external: ['vscode', 'mocha'] },
  }));

/** Entry points the layout names but nobody has written. */
export const missingEntries = () =>
  ['src/extension.ts', 'src/cli/main.ts'].filter((entry) => !fs.existsSync(path.join(root, entry)));

const find = (pattern) => globSync(pattern, { cwd: root, ignore: ['**/*.d.ts'] }).sort();

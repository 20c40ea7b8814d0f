// DuckDB inside the package: its JavaScript and the binary of one platform, laid out so that the workers find them.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { globSync } from 'tinyglobby';
import { root } from './main.mjs';

/** The platforms of VS Code and DuckDB's names for them. Elsewhere the product works without whole-file questions. */
const BINDINGS = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'alpine-x64': 'linux-x64-musl',
  'alpine-arm64': 'linux-arm64-musl',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};
export const TARGETS = Object.keys(BINDINGS);

/** What DuckDB's JavaScript is made of; the last tells it one C library of Linux from another. */
export const SHIPPED_PACKAGES = ['@duckdb/node-api', '@duckdb/node-bindings', 'detect-libc'];
const FILES = ['package.json', 'LICENSE', '**/*.js', '*.node', '*.so', '*.dylib', '*.dll'];
/** Beside the workers' folder, where Node looks for what they require. */
export const STAGED = path.join(root, 'dist/node_modules');

/** The platform of this machine as VS Code names it. */
export function hostTarget() {
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}

/** Lays DuckDB out in `dist/node_modules`; call `unstage` when the package is made. */
export async function stageDuckDb(target, log) {
  unstageDuckDb();
  const binding = BINDINGS[target];
  if (binding === undefined) {
    log(`no DuckDB for ${target}: whole-file questions will say that it is missing`);
    return;
  }
  for (const name of SHIPPED_PACKAGES) copyPackage(path.join(root, 'node_modules', name), name);
  const name = `@duckdb/node-bindings-${binding}`;
  copyPackage(await bindingFolder(name, log), name);
}

export const unstageDuckDb = () => fs.rmSync(STAGED, { recursive: true, force: true });

function copyPackage(folder, name) {
  for (const file of globSync(FILES, { cwd: folder })) {
    const to = path.join(STAGED, name, file);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(path.join(folder, file), to);
  }
}

/** npm installs the binary of this machine only; that of another platform is fetched, in the version that is locked. */
async function bindingFolder(name, log) {
  const installed = path.join(root, 'node_modules', name);
  if (fs.existsSync(installed)) return installed;
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`];
  const cache = path.join(root, 'artifacts/duckdb', `${path.basename(name)}-${version}`);
  const unpacked = path.join(cache, 'package');
  if (fs.existsSync(path.join(unpacked, 'package.json'))) return unpacked;
  log(`fetching ${name} ${version}`);
  fs.mkdirSync(cache, { recursive: true });
  const { stdout } = await execa('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', cache], {
    cwd: root,
  });
  const archive = path.join(cache, path.basename(JSON.parse(stdout)[0].filename));
  const [algorithm, digest] = integrity.split(/-(.*)/s);
  const found = crypto.createHash(algorithm).update(fs.readFileSync(archive)).digest('base64');
  if (found !== digest) throw new Error(`${name} ${version} is not what package-lock.json says it is`);
  await execa('tar', ['-xzf', path.basename(archive)], { cwd: cache });
  fs.rmSync(archive);
  return unpacked;
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import { globSync } from 'tinyglobby';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hostTarget } from '../../scripts/duckdb.mjs';
import { root } from '../../scripts/main.mjs';
import { vsixPath } from '../../scripts/package.mjs';
import { pythonFiles } from '../../scripts/python-files.mjs';
import { QueryProcess } from '../../src/features/dataset-viewer/query-process.ts';
import { temporaryFolder } from '../unit/temporary-folder.ts';
import { zipEntries } from './zip.ts';

const entries = zipEntries(readFileSync(vsixPath()));
const names = entries.map(({ name }) => name);
const text = (name: string) =>
  entries
    .find((entry) => entry.name === name)!
    .read()
    .toString('utf8');
const manifest = JSON.parse(text('extension/package.json'));
const MEGABYTE = 1_000_000;
const MODULES = 'extension/dist/node_modules/';

describe('the package', () => {
  test('holds only what runs, what is shown and what explains it', () => {
    const expected =
      /^(extension\.vsixmanifest|\[Content_Types\]\.xml|extension\/(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|media\/.+|docs\/images\/.+|dist\/(extension\.cjs|packages\/[\w-]+\.cjs|cli\.mjs|workers\/[\w-]+\.mjs|schemas\/[\w-]+\.json|python\/(reward_studio\/([\w-]+\/)*[\w-]+\.(py|json)|requirements\/[\w-]+\.txt)|webview\/[\w-]+\/main\.(js|css)|third-party-notices\.txt|node_modules\/(@duckdb\/[\w-]+|detect-libc)\/([\w/-]+\.js|package\.json|LICENSE|duckdb\.node|(lib)?duckdb\.(so|dylib|dll)))))$/;
    expect(names.filter((name) => !expected.test(name))).toEqual([]);
  });

  test('holds the entry point and every file that the manifest names', () => {
    const { contributes } = manifest;
    const icons = (contributes.viewsContainers?.activitybar ?? []).map(({ icon }: { icon: string }) => icon);
    const schemas = contributes.jsonValidation.map(({ url }: { url: string }) => url);
    for (const file of [manifest.main, manifest.icon, ...icons, ...schemas].filter(Boolean)) {
      expect(names).toContain(path.posix.join('extension', file));
    }
  });

  test('holds every worker and every page of the sources', () => {
    const of = (pattern: string) => globSync(pattern, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
    const workers = of('src/workers/*.ts').map((file) => `extension/dist/workers/${path.basename(file, '.ts')}.mjs`);
    const pages = of('webview/*/main.ts*').map((file) => `extension/dist/webview/${file.split('/')[1]}/main.js`);
    expect(names).toEqual(expect.arrayContaining([...workers, ...pages]));
  });

  test('holds the whole Python package, its declarations and its lists of packages', () => {
    const files = pythonFiles().map(({ target }) =>
      path.posix.join('extension/dist/python', target.replaceAll('\\', '/')),
    );
    expect(names).toEqual(expect.arrayContaining(files));
    expect(names).toEqual(
      expect.arrayContaining([
        'extension/dist/python/reward_studio/__main__.py',
        'extension/dist/python/reward_studio/declared/engines/trl/settings.json',
        'extension/dist/python/requirements/trl.txt',
      ]),
    );
  });

  test('brings its own code with it', () => {
    const bundle = text('extension/dist/extension.cjs');
    const required = [...bundle.matchAll(/\brequire\("([^"./][^"]*)"\)/g)].map(([, name]) => name!);

    const provided = new Set(['vscode', ...builtinModules]);
    expect(required.filter((name) => !name.startsWith('node:') && !provided.has(name))).toEqual([]);
  });

  test('brings the licences of the packages inside its bundles', () => {
    const notices = text('extension/dist/third-party-notices.txt');
    for (const name of ['hyparquet', 'zod', 'execa', 'jsonc-parser', '@duckdb/node-api', '@duckdb/node-bindings'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices).toContain('Permission is hereby granted');
  });

  test('names no path of the machine that built it', () => {
    const scripts = entries.filter(({ name }) => /\.(c|m)?js$/.test(name));
    expect(scripts.filter((entry) => entry.read().includes(root)).map(({ name }) => name)).toEqual([]);
  });

  test('is small, but for DuckDB', () => {
    const duckDb = entries.filter(({ name }) => name.startsWith(MODULES)).reduce((sum, { packed }) => sum + packed, 0);
    expect(readFileSync(vsixPath()).length - duckDb).toBeLessThan(10 * MEGABYTE);
    expect(duckDb).toBeLessThan(50 * MEGABYTE);
  });

  test('holds DuckDB with the binary of one platform, the one that its manifest names', () => {
    const [, target] = /TargetPlatform="([\w-]+)"/.exec(text('extension.vsixmanifest')) ?? [];
    expect(target).toBe(hostTarget());
    const bindings = names.filter((name) => name.endsWith('.node'));
    expect(bindings).toEqual([
      `${MODULES}@duckdb/node-bindings-${target!.replace(/alpine-(.*)/, 'linux-$1-musl')}/duckdb.node`,
    ]);
    expect(names).toEqual(
      expect.arrayContaining([`${MODULES}@duckdb/node-api/lib/index.js`, `${MODULES}@duckdb/node-bindings/duckdb.js`]),
    );
  });

  test('answers a question about a whole file with nothing but what it holds', async () => {
    const folder = temporaryFolder();
    for (const entry of entries.filter(({ name }) => name.startsWith('extension/dist/'))) {
      const file = path.join(folder, entry.name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, entry.read());
    }
    const dataset = path.join(folder, 'rows.jsonl');
    writeFileSync(dataset, '{"text": "one"}\n{"text": "two"}\n');
    const workersFolder = path.join(folder, 'extension/dist/workers');
    const runtime = { nodePath: process.execPath, workersFolder, version: manifest.version };
    const asked = new QueryProcess(runtime, dataset);
    onTestFinished(() => asked.dispose());
    expect(await asked.search({ text: 'TWO' })).toMatchObject({ ok: true, value: { rows: 1 } });
  });

  test('opens a window without the packages that only commands need', async () => {
    const extension = path.join(root, 'dist', 'extension.cjs');
    const program = path.join(root, 'test', 'bench', 'activate-extension.mjs');
    const { stdout } = await execa(process.execPath, [program, extension, temporaryFolder(), '0']);
    expect(JSON.parse(stdout)).toMatchObject({ packages: [], schemas: false });
  });

  test('resolves every text of the manifest that is to be translated', () => {
    const messages = names.includes('extension/package.nls.json') ? JSON.parse(text('extension/package.nls.json')) : {};
    const keys = [...JSON.stringify(manifest).matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key!);
    expect(keys.filter((key) => !(key in messages))).toEqual([]);
  });

  test('holds the images that the README shows', () => {
    if (!existsSync(path.join(root, 'README.md'))) return;
    const images = [...text('extension/readme.md').matchAll(/!\[[^\]]*\]\(([^)\s]+)/g)].map(([, target]) => target!);
    const local = images.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !names.includes(path.posix.join('extension', target)))).toEqual([]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { vsixPath } from '../../scripts/package.mjs';
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

describe('the package', () => {
  test('holds only what runs, what is shown and what explains it', () => {
    const expected =
      /^(extension\.vsixmanifest|\[Content_Types\]\.xml|extension\/(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|media\/.+|docs\/images\/.+|dist\/(extension\.cjs|cli\.mjs|workers\/[\w-]+\.mjs|webview\/[\w-]+\/main\.(js|css)|third-party-notices\.txt)))$/;
    expect(names.filter((name) => !expected.test(name))).toEqual([]);
  });

  test('holds the entry point and every file that the manifest names', () => {
    const { contributes } = manifest;
    const icons = (contributes.viewsContainers?.activitybar ?? []).map(({ icon }: { icon: string }) => icon);
    for (const file of [manifest.main, manifest.icon, ...icons].filter(Boolean)) {
      expect(names).toContain(path.posix.join('extension', file));
    }
  });

  test('holds every worker and every page of the sources', () => {
    const of = (pattern: string) => globSync(pattern, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
    const workers = of('src/workers/*.ts').map((file) => `extension/dist/workers/${path.basename(file, '.ts')}.mjs`);
    const pages = of('webview/*/main.ts*').map((file) => `extension/dist/webview/${file.split('/')[1]}/main.js`);
    expect(names).toEqual(expect.arrayContaining([...workers, ...pages]));
  });

  test('brings its own code with it', () => {
    const bundle = text('extension/dist/extension.cjs');
    const required = [...bundle.matchAll(/\brequire\("([^"./][^"]*)"\)/g)].map(([, name]) => name!);

    const provided = new Set(['vscode', ...builtinModules]);
    expect(required.filter((name) => !name.startsWith('node:') && !provided.has(name))).toEqual([]);
  });

  test('brings the licences of the packages inside its bundles', () => {
    const notices = text('extension/dist/third-party-notices.txt');
    for (const name of ['hyparquet', 'zod', 'execa', 'jsonc-parser'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices).toContain('Permission is hereby granted');
  });

  test('names no path of the machine that built it', () => {
    const scripts = entries.filter(({ name }) => /\.(c|m)?js$/.test(name));
    expect(scripts.filter((entry) => entry.read().includes(root)).map(({ name }) => name)).toEqual([]);
  });

  test('is small', () => {
    expect(readFileSync(vsixPath()).length).toBeLessThan(10 * MEGABYTE);
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

// The licences of the packages that are inside our bundles or shipped beside them: dist/third-party-notices.txt.
import fs from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { SHIPPED_PACKAGES } from './duckdb.mjs';
import { root } from './main.mjs';

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles of all bundles of the product
 * @returns {string} every package once, with version, licence and its full text
 */
export function thirdPartyNotices(metafiles) {
  const bundled = metafiles.flatMap((metafile) => Object.keys(metafile.inputs)).flatMap(packageFolder);
  const folders = new Set([...bundled, ...SHIPPED_PACKAGES.map((name) => `node_modules/${name}`)]);
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const [file] = globSync('{licen[sc]e,copying}*', { cwd: path.join(root, folder), caseSensitiveMatch: false });
    if (!file && !license) throw new Error(`${name} is bundled but states no licence`);
    const text = file ? fs.readFileSync(path.join(root, folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}`;
  });
  const head = 'Reward Studio contains the following packages, each under its own licence.';
  return `${[head, ...notices].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The package a bundled file belongs to, as a list of one folder; our own files belong to none. */
function packageFolder(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
  return match ? [match[1]] : [];
}

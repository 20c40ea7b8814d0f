// The Python package as it travels: its modules, the declarations that it shares with TypeScript, and the lists of packages
// that it needs. The layout is that of python/setup.py: dist/python/reward_studio, dist/python/requirements.
import fs from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { root } from './main.mjs';

const CORE = path.join(root, 'src/core');

/** Under the folder -> of the package. */
const COPIED = [
  { from: path.join(root, 'python'), pattern: 'reward_studio/**/*.py', to: '' },
  { from: path.join(root, 'python'), pattern: 'requirements/*.txt', to: '' },
  { from: path.join(CORE, 'datasets/formats/shapes'), pattern: '*.json', to: 'reward_studio/formats/shapes' },
  { from: CORE, pattern: 'engines/trl/*.json', to: 'reward_studio/declared' },
  { from: CORE, pattern: 'methods/judges/*.json', to: 'reward_studio/declared' },
];

/** @returns {{ source: string, target: string }[]} what is copied: the file, and its path under dist/python */
export function pythonFiles() {
  return COPIED.flatMap(({ from, pattern, to }) => {
    const found = globSync(pattern, { cwd: from }).sort();
    if (found.length === 0) throw new Error(`Nothing of the Python package is at ${path.join(from, pattern)}`);
    return found.map((file) => ({ source: path.join(from, file), target: path.join(to, file) }));
  });
}

/** @param {(file: string, contents: Buffer) => void} write */
export function copyPython(folder, write) {
  const files = pythonFiles();
  for (const { source, target } of files) write(path.join(folder, target), fs.readFileSync(source));
  const kept = new Set(files.map(({ target }) => path.normalize(target)));
  for (const file of globSync('**/*.{py,json,txt}', { cwd: folder })) {
    if (!kept.has(path.normalize(file))) fs.rmSync(path.join(folder, file));
  }
}

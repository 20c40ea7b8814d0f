// What a test layer may need and how it is made ready. A layer of a later kind (Python, a cluster) adds its own line here.
import { execa } from 'execa';
import { root } from '../main.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureCodeServer } from './code-server.mjs';
import { ensurePython } from './python.mjs';
import { ensurePythonOverlay } from './python-overlay.mjs';
import { ensurePythonPackages } from './python-packages.mjs';
import { ensureSshd } from './sshd.mjs';

/** @type {Record<string, (log: (line: string) => void) => Promise<{ missing?: string }>>} */
const ENVIRONMENTS = {
  'code-server': ensureCodeServer,
  chromium: ensureChromium,
  python: ensurePython,
  sshd: ensureSshd,
  'python-packages': (log) => ensurePythonPackages('python-packages', log),
  'python-trl': (log) => ensurePythonPackages('python-trl', log),
  'python-openjudge': (log) => ensurePythonPackages('python-openjudge', log),
  'transformers-serve': (log) => ensurePythonOverlay('transformers-serve', log),
  // Not an excuse to skip: a package that cannot be built throws, which fails the layer.
  package: () => execa(process.execPath, ['scripts/package.mjs'], { cwd: root, all: true, stdin: 'ignore' }),
};

const made = new Map();

/**
 * Makes an environment ready, once per process.
 * @returns {Promise<string | undefined>} what is missing, in one line
 */
export async function ensureEnvironment(name, log) {
  if (!made.has(name)) made.set(name, ENVIRONMENTS[name](log));
  return (await made.get(name)).missing;
}

// npm run bench:python: a real model trained on real pairs, and the speed of a run beside a bare script of TRL. Never part of a test.
import path from 'node:path';
import { execa } from 'execa';
import { cacheFolder, installOnce } from './environments/cache.mjs';
import { ensurePythonPackages } from './environments/python-packages.mjs';
import { root } from './main.mjs';

const { executable, missing } = await ensurePythonPackages('python-trl');
if (missing) throw new Error(missing);
const requirements = path.join(root, 'test/environments/python-bench/requirements.txt');
const weights = await cacheFolder('python-bench', [requirements]);
await installOnce(weights, install, console.log);
const script = path.join(root, 'python/scripts/bench_training.py');
const { exitCode } = await execa(executable, [script, ...process.argv.slice(2)], {
  cwd: root,
  env: { PYTHONPATH: [path.join(root, 'python'), weights].join(path.delimiter), HF_HUB_OFFLINE: '1' },
  stdio: 'inherit',
  reject: false,
});
process.exitCode = exitCode ?? 1;

async function install(folder) {
  const options = ['--disable-pip-version-check', '--no-input', '--quiet', '--no-deps', '--only-binary=:all:'];
  await execa(executable, ['-m', 'pip', 'install', ...options, '--target', folder, '-r', requirements]);
}

// npm run bench:python: a real model trained on real pairs, and the speed of a run beside a bare script of TRL. Never part of a test.
import path from 'node:path';
import { execa } from 'execa';
import { ensurePythonOverlay } from './environments/python-overlay.mjs';
import { ensurePythonPackages } from './environments/python-packages.mjs';
import { root } from './main.mjs';

const { executable, missing } = await ensurePythonPackages('python-trl');
if (missing) throw new Error(missing);
const { folder: weights, missing: lacking } = await ensurePythonOverlay('python-bench');
if (lacking) throw new Error(lacking);
const script = path.join(root, 'python/scripts/bench_training.py');
const { exitCode } = await execa(executable, [script, ...process.argv.slice(2)], {
  cwd: root,
  env: { PYTHONPATH: [path.join(root, 'python'), weights].join(path.delimiter), HF_HUB_OFFLINE: '1' },
  stdio: 'inherit',
  reject: false,
});
process.exitCode = exitCode ?? 1;

/** Long repetitions: trainers killed at random moments. Each case is named by its seed, so that it can be repeated. */

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { killTrainer } from './killed-trainer.ts';

const count = Number(process.argv[2] ?? 200);
const first = Number(process.argv[3] ?? 1);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(first)) {
  console.error('usage: npm run soak -- [COUNT] [FIRST_SEED]');
  process.exit(2);
}

let failed = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-soak-'));
  try {
    await killTrainer(process.cwd(), folder, seed);
  } catch (error) {
    failed += 1;
    console.error(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if ((seed - first + 1) % 25 === 0)
    console.log(`${seed - first + 1} of ${count} trainers killed, ${failed} cases failed`);
}
console.log(`${count - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

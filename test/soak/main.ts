/**
 * Long repetitions: processes killed at random moments, and damaged documents. Each case is named by its seed, so that it
 * can be repeated.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DOCUMENTS, findInDamagedDocuments } from './damaged-documents.ts';
import { killAndResume } from './killed-and-resumed.ts';
import { killHost } from './killed-host.ts';
import { killTrainer } from './killed-trainer.ts';

const CASES: readonly [name: string, attempt: (root: string, folder: string, seed: number) => Promise<unknown>][] = [
  ['trainers killed', killTrainer],
  ['trainers killed and resumed', killAndResume],
  ['hosts killed', killHost],
];

const count = Number(process.argv[2] ?? 200);
const first = Number(process.argv[3] ?? 1);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(first)) {
  console.error('usage: npm run soak -- [COUNT] [FIRST_SEED]');
  process.exit(2);
}

let failed = 0;
try {
  findInDamagedDocuments(first);
  console.log(`responses looked for in ${DOCUMENTS.toLocaleString('en')} documents: none wrong`);
} catch (error) {
  failed += 1;
  console.error(`documents, seed ${first}: ${error instanceof Error ? error.message : error}`);
}
for (const [name, attempt] of CASES) {
  for (let seed = first; seed < first + count; seed += 1) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-soak-'));
    try {
      await attempt(process.cwd(), folder, seed);
    } catch (error) {
      failed += 1;
      console.error(`${name}, seed ${seed}: ${error instanceof Error ? error.message : error}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const done = seed - first + 1;
    if (done % 25 === 0 || done === count) console.log(`${name}: ${done} of ${count}, ${failed} failures so far`);
  }
}
const cases = 1 + count * CASES.length;
console.log(`${cases - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

// The property tests with other examples than those of `npm test`: one run of all of them for every twenty cases asked for.
import fs from 'node:fs/promises';
import path from 'node:path';
import { localTool } from './local-tool.mjs';
import { root } from './main.mjs';

/** @returns {Promise<number>} 0, or 1 where a property failed with some seed */
export async function propertiesWithOtherExamples(count, first) {
  const files = await propertyTests();
  const runs = Math.max(1, Math.round(count / 20));
  let failed = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    const result = await localTool('vitest', ['run', ...files], { FAST_CHECK_SEED: String(seed) });
    if (!result.failed) continue;
    failed += 1;
    console.error(`FAST_CHECK_SEED=${seed}\n${result.all}`);
  }
  console.log(`properties with other examples: ${runs - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function propertyTests() {
  const folder = path.join(root, 'test', 'unit');
  const names = await fs.readdir(folder, { recursive: true });
  const tests = names.filter((name) => name.endsWith('.test.ts')).map((name) => path.join(folder, name));
  const texts = await Promise.all(tests.map((file) => fs.readFile(file, 'utf8')));
  return tests.filter((_, index) => texts[index].includes("from 'fast-check'"));
}

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { statedRowCount } from '../../../src/core/datasets/stated-row-count.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const EXAMPLE = path.join(root, 'examples', 'bradley-terry', 'train.parquet');

it('says of a Parquet file what reading it would', async () => {
  for (const method of readdirSync(path.join(root, 'examples'))) {
    const file = path.join(root, 'examples', method, 'train.parquet');
    const dataset = await openDataset(file).catch(() => undefined);
    if (!dataset) continue;
    expect(await statedRowCount(file)).toBe(dataset.rowCount);
    await dataset.close();
  }
  expect(await statedRowCount(EXAMPLE)).toBeGreaterThan(0);
});

it('says nothing where it would have to read rows, or there is no file', async () => {
  expect(await statedRowCount(path.join(root, 'examples', 'replies.jsonl'))).toBeUndefined();
  expect(await statedRowCount(path.join(root, 'absent.parquet'))).toBeUndefined();
});

it('says nothing of a file that is cut off anywhere, and never fails', async () => {
  const bytes = readFileSync(EXAMPLE);
  const file = path.join(temporaryFolder(), 'cut.parquet');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
      writeFileSync(file, bytes.subarray(0, length));
      expect(await statedRowCount(file)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

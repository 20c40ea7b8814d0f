import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../src/core/datasets/checks/check-dataset.ts';
import { fixDataset } from '../../../src/core/datasets/fix-dataset.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function writePairs(folder: string): string {
  const pairs = Array.from({ length: 30 }, (_, index) => ({
    prompt: `Where is order ${index}?`,
    chosen: `Order ${index} left this morning.`,
    rejected: `No idea about ${index}.`,
  }));
  const file = path.join(folder, 'pairs.jsonl');
  writeFileSync(file, [...pairs, pairs[3], pairs[4]].map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

async function findings(file: string) {
  const dataset = await openDataset(file);
  try {
    return (await checkDataset(dataset, 'bradley-terry')).findings;
  } finally {
    await dataset.close();
  }
}

describe('fixing what a check found', () => {
  it('writes a new file without the repeated rows, in which the check finds nothing', async () => {
    const folder = temporaryFolder();
    const input = writePairs(folder);
    const repeated = (await findings(input)).find(({ fix }) => fix?.kind === 'drop-duplicates');
    expect(repeated?.fix?.count).toBe(2);
    const output = path.join(folder, 'pairs-fixed.parquet');
    const findingId = repeated?.id ?? '';
    const report = await fixDataset({ input, method: 'bradley-terry', findingId, output });
    expect(report).toMatchObject({ records: 30, fix: { kind: 'drop-duplicates' } });
    expect((await findings(output)).map(({ id }) => id)).not.toContain(findingId);
    expect((await loadRecords(input, METHODS['bradley-terry'])).records).toHaveLength(32);
    await expect(fixDataset({ input, method: 'bradley-terry', findingId, output })).rejects.toMatchObject({
      code: 'already-exists',
    });
  });

  it('says so when there is nothing to fix, and writes nothing', async () => {
    const folder = temporaryFolder();
    const input = writePairs(folder);
    const output = path.join(folder, 'fixed.parquet');
    const fixing = fixDataset({ input, method: 'bradley-terry', findingId: 'secrets', output });
    await expect(fixing).rejects.toMatchObject({ code: 'not-available' });
    expect(existsSync(output)).toBe(false);
  });
});

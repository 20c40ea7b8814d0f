import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fixDataset } from '../../../src/core/datasets/fix-dataset.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function pairs(file: string, from: number, count: number): void {
  const rows = Array.from({ length: count }, (_, index) => ({
    prompt: `Question ${from + index}?`,
    chosen: `Yes, ${from + index}, I looked.`,
    rejected: `Perhaps ${from + index}.`,
  }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

it('a finding of a check on request is fixed with what the check was given', async () => {
  const folder = temporaryFolder();
  const [input, against, output] = ['train.jsonl', 'test.jsonl', 'fixed.parquet'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  pairs(input, 0, 100);
  pairs(against, 90, 30);
  const request = { input, method: 'bradley-terry', findingId: 'split-leakage', output } as const;
  await expect(fixDataset(request)).rejects.toMatchObject({ code: 'not-available' });
  expect(existsSync(output)).toBe(false);
  const told: string[] = [];
  const report = await fixDataset({
    ...request,
    inputs: { against },
    onProgress: ({ phase, rows, totalRows }) => {
      if (phase !== told.at(-1)) told.push(phase);
      expect(rows).toBeLessThanOrEqual(totalRows);
    },
  });
  expect(report).toMatchObject({ file: output, records: 90, fix: { kind: 'drop-rows', count: 10 } });
  expect(told).toEqual(['reading', 'writing']);
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withTables } from '../../../scripts/training-tables.mjs';

test('the tables of docs/training.md are made of the declaration of the settings', async () => {
  const document = path.resolve(import.meta.dirname, '../../../docs/training.md');
  // Where this fails: node scripts/training-tables.mjs
  expect(await readFile(document, 'utf8')).toBe(await withTables());
});

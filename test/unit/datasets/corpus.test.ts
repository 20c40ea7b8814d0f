import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { formatCell } from '../../../src/core/datasets/format-cell.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { describeError } from '../../../src/core/errors.ts';
import { DAMAGED_PARQUET } from './corpus/damaged-parquet.ts';
import { ODD_ARROW } from './corpus/odd-arrow.ts';
import type { OddFile, Refused, Shown } from './corpus/odd-file.ts';
import { ODD_PARQUET } from './corpus/odd-parquet.ts';
import { ODD_TEXT } from './corpus/odd-text.ts';
import { failureOf, readAll, suiteFolder, withDataset } from './files.ts';

const folder = suiteFolder();

async function made({ name, make }: OddFile): Promise<string> {
  const file = path.join(folder(), name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await make());
  return file;
}

async function refused(file: string, { code, says }: Refused): Promise<void> {
  const error = await failureOf(readAll(file));
  const said = describeError(error);
  expect(said).toMatch(says);
  expect(error.code).toBe(code);
  // One clear sentence: what, where and what to do, without line breaks or parts of a stack.
  expect(error.where.file).toBe(file);
  expect(error.hint).toBeTruthy();
  expect(said).not.toMatch(/\n|at .*:\d+|undefined|NaN|\[object/);
  expect(said.length).toBeLessThan(file.length + 400);
}

async function shown(file: string, expected: Shown): Promise<void> {
  await withDataset(file, async ({ columns, rowCount, malformed }) => {
    expect(rowCount).toBe(expected.rows);
    if (expected.columns) expect(columns.map(({ name }) => name)).toEqual(expected.columns);
    if (expected.types) expect(columns.map(({ type }) => type)).toEqual(expected.types);
    if (expected.malformed) expect(malformed.first.map(({ line }) => line)).toEqual(expected.malformed);
  });
  const rows = await readAll(file);
  expect(rows).toHaveLength(expected.rows);
  if (expected.cells) expect(rows.map((row) => row.map(formatCell))).toEqual(expected.cells);
  for (const [row, column, wanted] of expected.at ?? []) {
    const text = formatCell(rows[row]?.[column]);
    if (typeof wanted === 'function') expect(wanted(text), text.slice(0, 100)).toBe(true);
    else if (typeof wanted === 'string') expect(text).toBe(wanted);
    else expect(text).toMatch(wanted);
  }
}

describe.each([
  ['Parquet, rare but whole', ODD_PARQUET],
  ['Parquet, damaged', DAMAGED_PARQUET],
  ['Arrow', ODD_ARROW],
  ['text', ODD_TEXT],
])('the corpus of odd files: %s', (_, files) => {
  // Some are large.
  afterEach(() => rm(folder(), { recursive: true, force: true }));

  it.each(files.map((file) => [file.name, file.what, file] as const))('%s: %s', async (_name, _what, file) => {
    const { expected } = file;
    const target = await made(file);
    await ('code' in expected ? refused(target, expected) : shown(target, expected));
  });
});

it('a missing file is told as such', async () => {
  const error = await failureOf(openDataset(path.join(folder(), 'no-such.parquet')));
  expect(error.code).toBe('file-not-found');
  expect(describeError(error)).toMatch(/no-such\.parquet: The file does not exist\. Check the path\./);
});

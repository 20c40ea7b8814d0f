import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Runtime } from '../../../src/core/runtime.ts';
import { ReaderProcess } from '../../../src/features/dataset-viewer/reader-process.ts';
import type { CheckInputs, CheckProgress } from '../../../src/protocol/dataset-checks.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { answered, bundledReader, writePreferences } from './viewer-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-reader-checks-'));
let runtime: Runtime;

beforeAll(async () => {
  runtime = await bundledReader(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pairs of which every tenth row repeats the first one. */
function pairsFile(rows: number, name = 'pairs.jsonl'): string {
  const file = path.join(temporaryFolder(), name);
  const lines = Array.from({ length: rows }, (_, row) => {
    const of = row % 10 === 9 ? 0 : row;
    return JSON.stringify({
      prompt: `Question ${of}?`,
      chosen: `Yes, ${of}, I looked.`,
      rejected: `Perhaps not ${of}.`,
    });
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function read(file: string): ReaderProcess {
  const reader = new ReaderProcess(runtime, file, { onDeath: () => {} });
  onTestFinished(() => reader.dispose());
  return reader;
}

const BRADLEY_TERRY = { method: 'bradley-terry' };

describe('checks asked of the reader', () => {
  it('tell how far they are while the rows are being read', async () => {
    const file = pairsFile(60_000);
    const told: CheckProgress[] = [];
    const outcome = answered(await read(file).check(BRADLEY_TERRY, undefined, (progress) => told.push(progress)));
    expect(outcome.rows).toBe(60_000);
    expect(told[0]).toMatchObject({ phase: 'checking rows', totalRows: 60_000, bytes: statSync(file).size });
    const rows = told.map((progress) => progress.rows);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(rows.at(-1)).toBe(60_000);
  });

  it('end when they are cancelled in the middle, and the reader stays usable', async () => {
    const reader = read(pairsFile(60_000));
    const controller = new AbortController();
    const after: CheckProgress[] = [];
    const asked = reader.check(BRADLEY_TERRY, controller.signal, (progress) => {
      if (controller.signal.aborted) after.push(progress);
      else controller.abort();
    });
    expect(await asked).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    expect(answered(await reader.open()).rowCount).toBe(60_000);
    expect(after).toEqual([]);
  });

  it('give all rows of a finding page by page, though they name only the first', async () => {
    const reader = read(pairsFile(30_000));
    const { run, findings, passed } = answered(await reader.check(BRADLEY_TERRY));
    const repeated = findings.find(({ id }) => id === 'duplicate');
    expect(repeated).toMatchObject({ count: 3_000, rows: [9, 19, 29, 39, 49, 59, 69, 79, 89, 99] });
    expect(passed.map(({ id }) => id)).toContain('identical-pair');
    const page = answered(await reader.findingRows({ run, finding: 'duplicate', from: 2_000, count: 5_000 }));
    expect(page.total).toBe(3_000);
    expect(page.rows.length).toBe(1_000);
    expect(page.rows[0]).toBe(20_009);
    expect(page.rows.at(-1)).toBe(29_999);
  });

  it('refuse the rows of checks that are not known', async () => {
    const asked = read(pairsFile(40)).findingRows({ run: 7, finding: 'duplicate', from: 0, count: 10 });
    expect(await asked).toMatchObject({ ok: false, fault: { code: 'not-available', hint: 'Run them again.' } });
  });

  it('keep the rows of an earlier run when they run for another file', async () => {
    const reader = read(pairsFile(60));
    const first = answered(await reader.check(BRADLEY_TERRY));
    const inputs: CheckInputs = { against: pairsFile(20, 'test.jsonl') };
    const second = answered(await reader.check({ ...BRADLEY_TERRY, inputs }));
    expect(second.run).not.toBe(first.run);
    expect(second.findings[0]).toMatchObject({
      id: 'split-leakage',
      severity: 'error',
      rows: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    });
    const rows = answered(await reader.findingRows({ run: first.run, finding: 'duplicate', from: 0, count: 2 }));
    expect(rows).toEqual({ rows: [9, 19], total: 6 });
  });

  it('answer again at once what was asked before without other files', async () => {
    const reader = read(pairsFile(60));
    const first = answered(await reader.check(BRADLEY_TERRY));
    expect(answered(await reader.check(BRADLEY_TERRY)).run).toBe(first.run);
  });
});

describe('checks on request', () => {
  it('are told apart from those that ran', async () => {
    const reader = read(pairsFile(60));
    const before = answered(await reader.check(BRADLEY_TERRY));
    expect(before.notRun.map(({ id }) => id)).toEqual([
      'split-leakage',
      'truncation',
      'near-duplicates',
      'contamination',
    ]);
    const inputs: CheckInputs = {
      nearDuplicates: true,
      benchmark: pairsFile(10, 'benchmark.jsonl'),
      truncation: { maxLength: 2 },
    };
    const after = answered(await reader.check({ ...BRADLEY_TERRY, inputs }));
    expect(after.notRun.map(({ id }) => id)).toEqual(['split-leakage']);
    expect(after.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['contamination', 'identical-after-truncation', 'rows-cut']),
    );
  });

  it('say which other file is missing', async () => {
    const inputs: CheckInputs = { benchmark: path.join(temporaryFolder(), 'nothing.jsonl') };
    expect(await read(pairsFile(40)).check({ ...BRADLEY_TERRY, inputs })).toMatchObject({
      ok: false,
      fault: { code: 'file-not-found', where: { file: inputs.benchmark } },
    });
  });

  it('name what they read before the rows, without a size that is not its own', async () => {
    const inputs: CheckInputs = { against: pairsFile(20, 'test.jsonl') };
    const told: CheckProgress[] = [];
    const file = path.join(temporaryFolder(), 'preferences.parquet');
    writePreferences(file, 200);
    answered(await read(file).check({ ...BRADLEY_TERRY, inputs }, undefined, (progress) => told.push(progress)));
    expect(told[0]?.phase).not.toBe('checking rows');
    expect(told[0]?.bytes).toBeUndefined();
    expect(told.at(-1)).toMatchObject({ phase: 'checking rows', rows: 200, bytes: statSync(file).size });
  });
});

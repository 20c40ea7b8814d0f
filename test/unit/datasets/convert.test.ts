import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ConvertOptions, convert } from '../../../src/core/datasets/convert.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import type { ComparedResponses } from '../../../src/core/datasets/records.ts';
import { METHODS } from '../../../src/core/methods/method.ts';
import { failureOf, readAll, suiteFolder, writeJsonl } from './files.ts';

const folder = suiteFolder();
let folders = 0;
const nextFolder = () => path.join(folder(), `out${folders++}`);

afterEach(() => {
  vi.restoreAllMocks();
});

const PAIRS = Array.from({ length: 40 }, (_, n) => ({
  prompt: `question ${n % 20}`,
  chosen: `good ${n}`,
  rejected: `bad ${n}`,
}));

async function pairsFile(): Promise<string> {
  return writeJsonl(path.join(folder(), `pairs${folders++}.jsonl`), PAIRS);
}

async function convertPairs(options: Partial<ConvertOptions> = {}) {
  return convert({ input: await pairsFile(), method: 'bradley-terry', outputDir: nextFolder(), ...options });
}

describe('convert', () => {
  it('reports what became of every row and writes it beside the output', async () => {
    const input = path.join(folder(), 'some-bad.jsonl');
    await writeFile(
      input,
      `${PAIRS.map((row) => JSON.stringify(row)).join('\n')}\n{"prompt":"a","chosen":"x","rejected":"x"}\nnot json\n`,
    );
    const outputDir = nextFolder();
    const report = await convert({ input, method: 'bradley-terry', outputDir });
    expect(report).toMatchObject({ rows: 41, records: 40, format: { id: 'prompted-pairs' } });
    expect(report.dropped).toEqual([
      { reason: 'malformed-line', count: 1, firstRows: [42] },
      { reason: 'identical-pair', count: 1, firstRows: [40] },
    ]);
    expect(report.fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await readdir(outputDir)).sort()).toEqual(['data.parquet', 'dataset.json']);
    const sheet = JSON.parse(await readFile(report.datasheet, 'utf8'));
    expect(sheet).toMatchObject({ records: 40, dropped: report.dropped, source: { fingerprint: report.fingerprint } });
  });

  it('gives the same bytes for the same seed, and the same split of other row orders', async () => {
    const split = { train: 0.75, test: 0.25 };
    const first = await convertPairs({ split });
    const again = await convertPairs({ split });
    expect(await readFile(first.files[0]!.path)).toEqual(await readFile(again.files[0]!.path));
    const reversed = await writeJsonl(path.join(folder(), 'reversed.jsonl'), [...PAIRS].reverse());
    const other = await convert({ input: reversed, method: 'bradley-terry', outputDir: nextFolder(), split });
    const rows = async (file: string) => (await readAll(file)).map((row) => JSON.stringify(row)).sort();
    expect(await rows(other.files[1]!.path)).toEqual(await rows(first.files[1]!.path));
  });

  it('a file that already has the shape is rewritten as it is', async () => {
    const first = await convertPairs();
    const again = await convert({ input: first.files[0]!.path, method: 'bradley-terry', outputDir: nextFolder() });
    expect(again.dropped).toEqual([]);
    expect(await readFile(again.files[0]!.path)).toEqual(await readFile(first.files[0]!.path));
  });

  it('makes compared responses of pairs with the better one in both places, and pairs of them again', async () => {
    const compared = await convertPairs({ method: 'pairwise' });
    const { records } = await loadRecords(compared.files[0]!.path, METHODS.pairwise);
    const first = records.filter(({ record }) => (record as ComparedResponses).preferred === 'A').length;
    expect(first).toBeGreaterThan(8);
    expect(first).toBeLessThan(32);
    const back = await convert({ input: compared.files[0]!.path, method: 'bradley-terry', outputDir: nextFolder() });
    expect((await loadRecords(back.files[0]!.path, METHODS['bradley-terry'])).records[7]?.record).toMatchObject({
      chosen: [{ content: 'good 7' }],
      rejected: [{ content: 'bad 7' }],
    });
  });

  it('makes conversations of the chosen side, and says so where nothing natural can be made', async () => {
    const sft = await convertPairs({ method: 'sft', format: 'jsonl' });
    expect((await readAll(sft.files[0]!.path))[0]).toEqual([
      [
        { role: 'user', content: 'question 0' },
        { role: 'assistant', content: 'good 0' },
      ],
    ]);
    expect((await failureOf(convertPairs({ method: 'pointwise' }))).code).toBe('usage');
  });

  it('overwrites nothing without force', async () => {
    const outputDir = nextFolder();
    const { files } = await convertPairs({ outputDir });
    const before = await readFile(files[0]!.path);
    const error = await failureOf(convertPairs({ outputDir, method: 'pairwise' }));
    expect(error.code).toBe('already-exists');
    expect(error.where.file).toBe(files[0]!.path);
    expect(await readFile(files[0]!.path)).toEqual(before);
    await convertPairs({ outputDir, method: 'pairwise', force: true });
    expect(await readFile(files[0]!.path)).not.toEqual(before);
  });

  it('a full disk leaves nothing behind and what was there as it was', async () => {
    const outputDir = nextFolder();
    const { files } = await convertPairs({ outputDir });
    const before = await readFile(files[0]!.path);
    const probe = await open(files[0]!.path);
    const prototype = Object.getPrototypeOf(probe) as { write: () => Promise<unknown> };
    await probe.close();
    vi.spyOn(prototype, 'write').mockRejectedValue(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    const error = await failureOf(convertPairs({ outputDir, method: 'pairwise', force: true }));
    expect(error.code).toBe('disk-full');
    expect(error.where.file).toBe(files[0]!.path);
    expect((await readdir(outputDir)).sort()).toEqual(['data.parquet', 'dataset.json']);
    expect(await readFile(files[0]!.path)).toEqual(before);
  });

  it('when cancelled while writing, leaves no file', async () => {
    const outputDir = nextFolder();
    const abort = new AbortController();
    const error = await convertPairs({
      outputDir,
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase === 'writing') abort.abort();
      },
    }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(await readdir(outputDir)).toEqual([]);
  });

  it('refuses a part that would stay empty', async () => {
    const input = await writeJsonl(
      path.join(folder(), 'one-prompt.jsonl'),
      [0, 1, 2].map((n) => ({ ...PAIRS[0], chosen: `c${n}` })),
    );
    const outputDir = nextFolder();
    const split = { train: 0.5, test: 0.5 };
    expect((await failureOf(convert({ input, method: 'bradley-terry', outputDir, split }))).code).toBe('too-few-rows');
  });
});

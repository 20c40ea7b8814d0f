import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckContext } from '../../../../src/core/datasets/checks/check.ts';
import { type CheckOptions, type CheckRun, runChecks } from '../../../../src/core/datasets/checks/check-dataset.ts';
import { checkFile } from '../../../../src/core/datasets/checks/check-file.ts';
import { guessFormat } from '../../../../src/core/datasets/checks/guess-format.ts';
import { readRanges } from '../../../../src/core/datasets/checks/range-threads.ts';
import { CHECKS, planChecks } from '../../../../src/core/datasets/checks/registry.ts';
import { reportOf } from '../../../../src/core/datasets/checks/report.ts';
import { RowPass } from '../../../../src/core/datasets/checks/row-pass.ts';
import { type RangeRequest, readRange } from '../../../../src/core/datasets/checks/row-range.ts';
import { openDataset, reopenDataset } from '../../../../src/core/datasets/open.ts';
import { JsonlGatherer } from '../../../../src/core/datasets/readers/jsonl-index.ts';
import type { MethodId } from '../../../../src/core/methods/method.ts';
import { suiteFolder, withDataset, writeJsonl, writeParquet } from '../files.ts';
import { finding, pairs } from './rows.ts';

const folder = suiteFolder();
const workersFolder = path.resolve(import.meta.dirname, '../../../../dist/workers');
const inThreads = { workersFolder, threadsFromBytes: 0 };

let files = 0;
const newFile = (ending: string) => path.join(folder(), `ranges${files++}.${ending}`);

/** The report with all rows of every finding. */
const whole = ({ report, rowsOf }: CheckRun) => ({ report, rows: report.findings.map(({ id }) => [...rowsOf(id)]) });

async function checkedInOnePiece(file: string, method: MethodId, options: CheckOptions = {}) {
  return withDataset(file, async (dataset) => whole(await runChecks(dataset, method, options)));
}

const words = fc.constantFrom('a', 'b', 'A', ' ', 'é', '漢字', 'ка', 'me@corp.io', '.', '\n', '');
const text = fc.array(words, { maxLength: 3 }).map((parts) => parts.join(''));
const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'system', 'odd'), content: text });
const ROWS: Readonly<Partial<Record<MethodId, fc.Arbitrary<object>>>> = {
  'bradley-terry': fc.record({
    prompt: fc.oneof(text, fc.array(message, { maxLength: 3 })),
    chosen: text,
    rejected: text,
  }),
  pointwise: fc.record({ query: text, response: text, score: fc.oneof(fc.integer({ min: 0, max: 6 }), text) }),
  pairwise: fc.record({
    prompt: text,
    response_a: text,
    response_b: text,
    preferred: fc.constantFrom('A', 'B', 'tie', 'neither'),
    annotator1: fc.constantFrom('A', 'B', null),
    annotator2: fc.constantFrom('A', 'B', null),
  }),
  sft: fc.record({ messages: fc.array(message, { maxLength: 4 }) }),
};
const methods = Object.keys(ROWS) as MethodId[];
const oddLines = fc.constantFrom('', '   ', '[1]', '{"prompt"', '{"note": "\\ud800"}');

/** Good rows first, so that the shape is recognised; then rows of any kind among lines that are none. */
const fileOf = (method: MethodId) =>
  fc
    .tuple(
      fc.array(fc.oneof({ weight: 9, arbitrary: ROWS[method]!.map((row) => JSON.stringify(row)) }, oddLines), {
        maxLength: 60,
      }),
      fc.boolean(),
    )
    .map(([lines, ended]) => [...goodRows(method), ...lines].join('\n') + (ended ? '\n' : ''));

function goodRows(method: MethodId): string[] {
  const row = {
    'bradley-terry': { prompt: 'q', chosen: 'yes', rejected: 'no' },
    pointwise: { query: 'q', response: 'yes', score: 0 },
    pairwise: { prompt: 'q', response_a: 'yes', response_b: 'no', preferred: 'A', annotator1: 'A', annotator2: 'B' },
    sft: {
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'yes' },
      ],
    },
  }[method as 'sft'];
  return Array.from({ length: 70 }, () => JSON.stringify(row));
}

/** What the threads do and how their answers are joined, in this thread, with the file cut anywhere. */
async function checkedInPieces(
  file: string,
  bytes: number,
  method: MethodId,
  cuts: readonly number[],
  textChecks: readonly string[] = [],
) {
  const plan = planChecks(method, {}, textChecks);
  const { format, columns } = (await guessFormat(file, method, undefined, undefined))!;
  const context: CheckContext = { method };
  const pass = await RowPass.start(plan.run, context, format, columns);
  const gatherer = new JsonlGatherer(file);
  const edges = [0, ...cuts.map((cut) => cut % bytes).sort((a, b) => a - b), bytes];
  for (const [index, start] of edges.slice(0, -1).entries()) {
    const request: RangeRequest = {
      pass: { method, checks: plan.run.map(({ id }) => id), shape: format.shape.id, binding: format.binding, columns },
      range: { kind: 'lines', file, start, end: edges[index + 1]! },
    };
    const { pass: part, gathered } = structuredClone(await readRange(request, () => {}));
    pass.append(part);
    gatherer.append(gathered!);
  }
  return { pass, plan, format, index: gatherer.index() };
}

describe('ranges of rows that are checked apart', () => {
  it.each(methods)('%s: give the report of one pass, wherever the file is cut', async (method) => {
    await fc.assert(
      fc.asyncProperty(fileOf(method), fc.array(fc.nat(), { maxLength: 5 }), async (content, cuts) => {
        const file = newFile('jsonl');
        await writeFile(file, content);
        const { pass, plan, format, index } = await checkedInPieces(file, Buffer.byteLength(content), method, cuts);
        const one = await openDataset(file);
        const dataset = await reopenDataset(file, [{ kind: 'jsonl', path: file, index }]);
        try {
          expect({ rows: dataset.rowCount, malformed: dataset.malformed }).toEqual({
            rows: one.rowCount,
            malformed: one.malformed,
          });
          expect(dataset.columns.map(({ name }) => name)).toEqual(one.columns.map(({ name }) => name));
          const joined = whole(reportOf(dataset, method, format, plan, pass));
          expect(joined).toEqual(await checkedInOnePiece(file, method));
        } finally {
          await Promise.all([one.close(), dataset.close()]);
          await rm(file);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('near-duplicates are those of one pass, wherever the file is cut', async () => {
    // Three long texts with some of their words changed: some near to each other, some equal, some neither.
    const changed = fc
      .tuple(fc.nat(2), fc.array(fc.nat(59), { maxLength: 4 }))
      .map(([base, places]) =>
        Array.from({ length: 60 }, (_, at) => `${places.includes(at) ? 'other' : 'word'}${base}x${at}`).join(' '),
      );
    const rows = fc.array(fc.record({ prompt: changed, chosen: changed, rejected: fc.constant('no') }), {
      minLength: 1,
      maxLength: 20,
    });
    const textChecks = ['near-duplicates'];
    const near = new Set<string>();
    await fc.assert(
      fc.asyncProperty(rows, fc.array(fc.nat(), { maxLength: 4 }), async (some, cuts) => {
        const content = [...goodRows('bradley-terry'), ...some.map((row) => JSON.stringify(row))].join('\n');
        const file = newFile('jsonl');
        await writeFile(file, content);
        const bytes = Buffer.byteLength(content);
        const { pass, plan, format } = await checkedInPieces(file, bytes, 'bradley-terry', cuts, textChecks);
        await withDataset(file, async (dataset) => {
          const joined = whole(reportOf(dataset, 'bradley-terry', format, plan, pass));
          expect(joined).toEqual(whole(await runChecks(dataset, 'bradley-terry', { textChecks })));
          for (const { id } of joined.report.findings) near.add(id);
        });
        await rm(file);
      }),
      { numRuns: 40 },
    );
    expect([...near]).toEqual(expect.arrayContaining(['near-duplicate-prompts', 'near-duplicate-responses']));
  });

  it.each(['bradley-terry', 'pairwise'] as const)('%s: threads give the report of one pass', async (method) => {
    await fc.assert(
      fc.asyncProperty(fileOf(method), async (content) => {
        const file = newFile('jsonl');
        await writeFile(file, content);
        expect(whole(await checkFile(file, method, inThreads))).toEqual(await checkedInOnePiece(file, method));
        const ofOpened = withDataset(file, async (dataset) => whole(await runChecks(dataset, method, inThreads)));
        expect(await ofOpened).toEqual(await checkedInOnePiece(file, method));
      }),
      { numRuns: 2 },
    );
  });

  it('rows of Parquet are read by threads too', async () => {
    const rows = pairs(300);
    const column = (name: 'prompt' | 'chosen' | 'rejected') => ({ name, data: rows.map((row) => row[name]) });
    const file = await writeParquet(newFile('parquet'), [column('prompt'), column('chosen'), column('rejected')], {
      rowGroupSize: 50,
    });
    const run = whole(await checkFile(file, 'bradley-terry', inThreads));
    expect(run.report.totals).toEqual({ rows: 300, usable: 300, dropped: 0 });
    expect(run).toEqual(await checkedInOnePiece(file, 'bradley-terry'));
  });

  it('where the lines looked at first mislead, the rows are read as all of them say', async () => {
    const filler = 'word '.repeat(200);
    const rows = Array.from({ length: 3_000 }, (_, n) => ({
      prompt: `question ${n} ${filler}`,
      chosen: `good ${n}`,
      rejected: `poor ${n}`,
      ...(n === 800 && { system: 'Be brief. Write to ceo@corp.io.' }),
    }));
    const file = await writeJsonl(newFile('jsonl'), rows);
    const guess = await guessFormat(file, 'bradley-terry', undefined, undefined);
    expect(guess?.columns.map(({ name }) => name)).not.toContain('system');
    const run = whole(await checkFile(file, 'bradley-terry', inThreads));
    expect(finding(run.report, 'email-addresses')?.rows).toEqual([800]);
    expect(run).toEqual(await checkedInOnePiece(file, 'bradley-terry'));
  });

  it('the other side of a split is compared with what all threads saw', async () => {
    const file = await writeJsonl(newFile('jsonl'), pairs(80));
    const other = await writeJsonl(newFile('jsonl'), pairs(80).slice(40, 50));
    await withDataset(other, async (dataset) => {
      const against = { dataset };
      const run = whole(await checkFile(file, 'bradley-terry', { ...inThreads, against }));
      expect(finding(run.report, 'split-leakage')).toMatchObject({
        count: 10,
        rows: [40, 41, 42, 43, 44, 45, 46, 47, 48, 49],
      });
      expect(run).toEqual(await checkedInOnePiece(file, 'bradley-terry', { against }));
    });
  });

  it('every check that need not see every row keeps what can be joined, every structural one among them', async () => {
    for (const check of CHECKS.filter(({ tier, seesEveryRow }) => tier === 'structural' || !seesEveryRow)) {
      expect([check.id, (await check.start({ method: 'bradley-terry' })).seen]).not.toEqual([check.id, undefined]);
    }
  });
});

describe('threads', () => {
  const running = new Set<Worker>();
  const note = (worker: Worker) => {
    running.add(worker);
    worker.once('exit', () => running.delete(worker));
  };
  beforeAll(() => process.on('worker', note));
  afterAll(() => process.off('worker', note));

  it('tell of progress, and end when the check is cancelled', async () => {
    const file = await writeJsonl(newFile('jsonl'), pairs(2_000));
    let most = 0;
    const seen: { rows: number; totalRows: number }[] = [];
    await checkFile(file, 'bradley-terry', {
      ...inThreads,
      onProgress: (progress) => {
        seen.push(progress);
        most = Math.max(most, running.size);
      },
    });
    expect(most).toBeGreaterThan(0);
    expect(seen.at(-1)).toMatchObject({ phase: 'checking rows', rows: 2_000, totalRows: 2_000 });
    const controller = new AbortController();
    const cancelled = checkFile(file, 'bradley-terry', {
      ...inThreads,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(running.size).toBe(0);
  });

  it('an error in one is the error of all, as a person can act on', async () => {
    const file = await writeJsonl(newFile('jsonl'), pairs(50));
    const { format, columns } = (await guessFormat(file, 'bradley-terry', undefined, undefined))!;
    const pass = {
      method: 'bradley-terry' as const,
      checks: [],
      shape: format.shape.id,
      binding: format.binding,
      columns,
    };
    const gone = path.join(folder(), 'gone.jsonl');
    const requests = [file, gone].map((name) => ({
      pass,
      range: { kind: 'lines' as const, file: name, start: 0, end: 10 },
    }));
    await expect(readRanges(path.join(workersFolder, 'check-rows.mjs'), requests, () => {}, {})).rejects.toMatchObject({
      code: 'file-not-found',
      where: { file: gone },
    });
    expect(running.size).toBe(0);
  });
});

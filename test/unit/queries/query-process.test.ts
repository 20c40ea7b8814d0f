import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { QueryProcess } from '../../../src/features/dataset-viewer/query-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { answered, askAbout, bundledQueryProcess, DUCKDB_FROM, gathering, jsonLines, textFile } from './query-files.ts';
import { type Sample, writeSamples } from './sessions.ts';

const runtime = bundledQueryProcess();

const rows: Sample[] = Array.from({ length: 400 }, (_, row) => ({
  text: `text ${row}`,
  other: row % 2 === 0 ? 'A' : 'B',
  whole: row,
  real: null,
  flag: null,
  messages: [{ role: 'user', content: `Question ${row}?` }],
}));

/** It would take years: only a cancellation ends it. */
const ENDLESS = { sql: 'SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000000000) b', limit: 1 };

/** A question that is known to be running, by the parts that it has sent. */
function endless(asked: QueryProcess) {
  const controller = new AbortController();
  let runs: () => void;
  const running = new Promise<void>((resolve) => {
    runs = resolve;
  });
  const outcome = asked.select(ENDLESS, {
    signal: controller.signal,
    onPart: (part) => {
      if (part.kind === 'progress') runs();
    },
  });
  return { controller, outcome, running };
}

describe('the query process', () => {
  it('answers every kind of question about one dataset, several at once', async () => {
    const asked = askAbout(runtime(), writeSamples('parquet', rows));
    const summary = await answered(asked.open());
    expect(summary).toMatchObject({ rowCount: 400, rowColumn: 'row_index' });
    const [hits, order, columns, cells] = [gathering(), gathering(), gathering(), gathering()];
    const file = path.join(temporaryFolder(), 'out.jsonl');
    const [found, ordered, counted, selected, words, written] = await Promise.all([
      answered(asked.search({ text: 'TEXT 3', wholeWord: true }, hits.options)),
      answered(asked.rowOrder({ sort: [{ column: 2, descending: true }] }, order.options)),
      answered(asked.statistics({ columns: [1] }, columns.options)),
      answered(asked.select({ sql: 'SELECT whole FROM data WHERE whole > 397', limit: 1 }, cells.options)),
      answered(asked.completions()),
      answered(asked.exportRows({ source: { kind: 'rows' }, format: 'jsonl', path: file })),
    ]);
    expect([found.rows, hits.rows()]).toEqual([1, [3]]);
    expect([ordered.rows, order.rows()[0], order.rows().at(-1)]).toEqual([400, 399, 0]);
    expect([counted.rows, columns.of('column')[0]!.labels!.map(({ count }) => count)]).toEqual([400, [200, 200]]);
    expect([selected.rows, selected.truncated, cells.cells()]).toEqual([2, true, [[398]]]);
    expect(words.columns).toContain('text');
    expect(written.rows).toBe(400);
  });

  it('stops what is cancelled, and answers the next question', async () => {
    const asked = askAbout(runtime(), writeSamples('parquet', rows));
    await answered(asked.open());
    // More of them than are answered at once: unless each really stops, nothing would be free for the last question.
    for (let round = 0; round < 5; round++) {
      const { controller, outcome, running } = endless(asked);
      await running;
      controller.abort();
      expect(await outcome).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    }
    const gathered = gathering();
    await answered(asked.search({ text: 'text 399' }, gathered.options));
    expect(gathered.rows()).toEqual([399]);
  });

  it('cancels a question that waits for its turn', async () => {
    const asked = askAbout(runtime(), writeSamples('parquet', rows));
    await answered(asked.open());
    const busy = Array.from({ length: 3 }, () => endless(asked));
    await Promise.all(busy.map(({ running }) => running));
    const waiting = new AbortController();
    const outcome = asked.search({ text: 'x' }, { signal: waiting.signal });
    waiting.abort();
    expect(await outcome).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    for (const { controller } of busy) controller.abort();
    await Promise.all(busy.map((one) => one.outcome));
    expect((await answered(asked.search({ text: 'text 7', wholeWord: true }))).rows).toBe(1);
  });

  it('says what DuckDB refuses without ending', async () => {
    const asked = askAbout(runtime(), writeSamples('parquet', rows));
    const refused = await asked.select({ sql: "FROM read_csv('/etc/hosts')", limit: 1 });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'usage', hint: expect.stringContaining('data') } });
    expect((await answered(asked.open())).rowCount).toBe(400);
  });

  it('keeps to its memory, and says when a question needs more', async () => {
    const asked = askAbout(runtime(), writeSamples('parquet', rows), { memoryMegabytes: 50 });
    const sql = 'SELECT len(list(a.range || b.range)) FROM range(30000) a, range(1000) b';
    expect(await asked.select({ sql, limit: 1 })).toMatchObject({
      ok: false,
      fault: { code: 'not-available', hint: expect.stringContaining('memory limit') },
    });
    expect((await answered(asked.search({ text: 'text' }))).rows).toBe(400);
  });

  it('answers where DuckDB is missing', async () => {
    const empty = temporaryFolder();
    const asked = askAbout(runtime(), writeSamples('parquet', rows), { duckDbFrom: path.join(empty, 'any.js') });
    expect(await asked.open()).toMatchObject({
      ok: false,
      fault: {
        code: 'not-available',
        message: 'DuckDB is not part of this installation.',
        hint: expect.stringContaining('Browsing works without'),
      },
    });
  });

  it.each([
    ['https://example.com/data.parquet', 'remote', 'Download it first'],
    [() => textFile('data.arrow', 'ARROW1'), '.arrow files', 'Convert it to Parquet first'],
    [() => textFile('data.parquet', 'PAR1 not really'), '', ''],
    [() => path.join(temporaryFolder(), 'none.parquet'), 'does not exist', 'Check the path.'],
  ])('says what cannot be asked about: %s', async (dataset, message, hint) => {
    const asked = askAbout(runtime(), typeof dataset === 'string' ? dataset : dataset());
    const outcome = await asked.open();
    expect(outcome).toMatchObject({ ok: false, fault: { message: expect.stringContaining(message) } });
    if (!outcome.ok) {
      expect(outcome.fault.code).not.toBe('internal');
      expect(outcome.fault.hint).toContain(hint);
    }
  });

  it('notices that the file has changed', async () => {
    const file = writeSamples('parquet', rows);
    const asked = askAbout(runtime(), file);
    await answered(asked.open());
    utimesSync(file, new Date(0), new Date(0));
    expect(await asked.search({ text: 'text' })).toMatchObject({
      ok: false,
      fault: {
        code: 'not-available',
        message: 'The file has changed since it was opened.',
        hint: 'Reload the dataset.',
      },
    });
  });

  it('loads a text file once; cancelling that leaves it to the next question', async () => {
    const file = textFile(
      'many.jsonl',
      jsonLines(Array.from({ length: 20_000 }, (_, row) => ({ row, text: 'x'.repeat(200) }))),
    );
    const asked = askAbout(runtime(), file);
    const first = new AbortController();
    const opening = asked.open({ signal: first.signal, onPart: () => first.abort() });
    const second = asked.open();
    expect(await opening).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    expect((await answered(second)).rowCount).toBe(20_000);
  });
});

describe('the life of the query process', () => {
  const privateFolders = (temporary: string) =>
    readdirSync(temporary).filter((name) => name.startsWith('reward-studio-queries-'));

  it('answers what was asked when it dies, and stays dead', async () => {
    // Killed like this it cannot remove its private folder.
    for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const asked = askAbout(runtime(), writeSamples('parquet', rows));
    await answered(asked.open());
    const { outcome, running } = endless(asked);
    await running;
    process.kill(asked.pid!, 'SIGKILL');
    expect(await outcome).toMatchObject({
      ok: false,
      fault: { code: 'not-available', message: expect.stringContaining('ended unexpectedly') },
    });
    expect(await asked.open()).toMatchObject({ ok: false, fault: { code: 'not-available' } });
  });

  it('ends when it is disposed of, and answers with "cancelled" from then on', async () => {
    const asked = askAbout(runtime(), writeSamples('parquet', rows));
    await answered(asked.open());
    asked.dispose();
    expect(await asked.open()).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  });

  it('ends in the middle of a question when the process that started it is killed, its private folder with it', async () => {
    const temporary = mkdtempSync(path.join(temporaryFolder(), 'tmp-'));
    const script = path.join(temporaryFolder(), 'parent.mjs');
    writeFileSync(
      script,
      `import { fork } from 'node:child_process';
       const [, , worker, dataset, options, sql] = process.argv;
       const child = fork(worker, [dataset, options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
       child.on('message', ({ m }) => { if (m === 'part') console.log('asked'); });
       child.send({ t: 'q', i: '1', m: 'select', a: [1, { sql, limit: 1 }] });
       setInterval(() => {}, 1_000);`,
    );
    const worker = path.join(runtime().workersFolder, 'query-dataset.mjs');
    const options = JSON.stringify({ duckDbFrom: DUCKDB_FROM, threads: 1 });
    const parent = spawn(process.execPath, [script, worker, writeSamples('parquet', rows), options, ENDLESS.sql], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    });
    await once(parent.stdout, 'data');
    expect(existsSync(temporary) && privateFolders(temporary).length).toBe(1);
    parent.kill('SIGKILL');
    // The process holds the same pipe: it ends only when both are gone.
    parent.stdout.resume();
    await once(parent.stdout, 'end');
    expect(privateFolders(temporary)).toEqual([]);
    expect(os.tmpdir()).not.toBe(temporary);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Runtime } from '../../../src/core/runtime.ts';
import { ReaderProcess } from '../../../src/features/dataset-viewer/reader-process.ts';
import type { Fault } from '../../../src/protocol/dataset-viewer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { answered, bundledReader, writePreferences } from './viewer-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-reader-'));
let runtime: Runtime;

beforeAll(async () => {
  runtime = await bundledReader(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Reading {
  readonly reader: ReaderProcess;
  readonly death: Promise<{ fault: Fault; said: string }>;
}

function read(file: string, using = runtime): Reading {
  let died: (ending: { fault: Fault; said: string }) => void;
  const death = new Promise<{ fault: Fault; said: string }>((resolve) => {
    died = resolve;
  });
  const reader = new ReaderProcess(using, file, { onDeath: (fault, said) => died({ fault, said }) });
  onTestFinished(() => reader.dispose());
  return { reader, death };
}

function preferences(rows: number, prompts?: readonly (string | null)[]): string {
  const file = path.join(temporaryFolder(), 'preferences.parquet');
  writePreferences(file, rows, prompts);
  return file;
}

const ALL = { firstColumn: 0, columns: 100 };

describe('the reader process', () => {
  it('tells what the file is', async () => {
    const file = preferences(250);
    const summary = answered(await read(file).reader.open());
    expect(summary).toMatchObject({ name: 'preferences.parquet', kind: 'parquet', files: 1, rowCount: 250 });
    expect(summary.bytes).toBe(readFileSync(file).length);
    expect(summary.columns.map((column) => column.name)).toEqual(['prompt', 'chosen', 'rejected', 'strength']);
  });

  it('tells how many lines of a text are no rows, and the first of them', async () => {
    const file = path.join(temporaryFolder(), 'lines.jsonl');
    writeFileSync(file, '{"a":1}\n{"a":\n[2]\n{"a":2}\n');
    const { rowCount, malformed } = answered(await read(file).reader.open());
    expect({ rowCount, malformed }).toMatchObject({ rowCount: 2, malformed: { count: 2, first: { file, line: 2 } } });
    expect(answered(await read(preferences(5)).reader.open()).malformed).toBeUndefined();
  });

  it('recognises preference pairs and names Bradley-Terry first', async () => {
    const advice = answered(await read(preferences(60)).reader.advise());
    expect(advice.shape).not.toBeNull();
    expect(advice.fits[0]).toBe('Bradley-Terry');
    expect(advice.reasons.length).toBeGreaterThan(1);
    expect(advice.methods[0]).toMatchObject({ id: 'bradley-terry', fits: true, convertible: true });
    expect(advice.methods.find(({ id }) => id === 'pairwise')).toMatchObject({ fits: false, convertible: true });
    expect(advice.methods.find(({ id }) => id === 'pointwise')).toMatchObject({ fits: false, convertible: true });
    expect(advice.evidence).toBe('60 of 60 sampled rows fit');
  });

  it('reads a page of rows across row groups, conversations by their last turn', async () => {
    const page = answered(await read(preferences(250)).reader.rows({ start: 95, end: 105, ...ALL }));
    expect(page).toMatchObject({ start: 95, firstColumn: 0 });
    expect(page.rows.length).toBe(10);
    const [prompt, chosen, , strength] = page.rows[6] ?? [];
    expect(prompt).toEqual({ text: 'Question 101?', chars: 13 });
    expect(chosen).toMatchObject({ turns: 2, text: expect.stringMatching(/^It is [0-9a-f]{12}, because I looked\.$/) });
    expect(strength).toEqual({ text: '1', chars: 1 });
  });

  it('clips a page to the rows and columns there are', async () => {
    const { reader } = read(preferences(130));
    const page = answered(await reader.rows({ start: 100, end: 200, firstColumn: 3, columns: 100 }));
    expect(page.rows.length).toBe(30);
    expect(page.rows.every((row) => row.length === 1)).toBe(true);
  });

  it('tells null, empty and hostile text apart and passes them on as they are', async () => {
    const hostile = '<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202eright-to-left\u202c';
    const { reader } = read(preferences(40, [null, '', hostile]));
    const page = answered(await reader.rows({ start: 0, end: 3, ...ALL }));
    expect(page.rows.map((row) => row[0])).toEqual([
      null,
      { text: '', chars: 0 },
      { text: hostile, chars: hostile.length },
    ]);
  });

  it('sends the start of a huge text, and the rest piece by piece', async () => {
    const huge = 'ab\u{1f600}'.repeat(50_001);
    const { reader } = read(preferences(40, [huge]));
    const page = answered(await reader.rows({ start: 0, end: 1, ...ALL }));
    expect(page.rows[0]?.[0]).toEqual({ text: huge.slice(0, 2_000), chars: huge.length });
    const record = answered(await reader.record({ row: 0, ...ALL }));
    const [field] = record.fields;
    if (field?.kind !== 'text') throw new Error('the prompt is a text');
    let whole = field.content.text;
    expect(whole.length).toBeLessThanOrEqual(65_536);
    while (whole.length < field.content.chars) {
      whole += answered(await reader.text({ row: 0, column: 0, from: whole.length }));
    }
    expect(whole).toBe(huge);
  });

  it('gives a record with its conversations turn by turn', async () => {
    const record = answered(await read(preferences(250)).reader.record({ row: 240, ...ALL }));
    expect(record.row).toBe(240);
    expect(record.fields[1]).toMatchObject({
      kind: 'conversation',
      count: 2,
      turns: [{ role: 'user', content: { text: 'Question 240?' } }, { role: 'assistant' }],
    });
  });

  it('tells which cells of a row hold an answer, however it is written there', async () => {
    const turns = (content: string) => [
      { role: 'user', content: 'Which one?' },
      { role: 'assistant', content },
    ];
    const [good, bad] = ['The "first" one.\nIt is newer.', 'No idea.'];
    const lists = { id: 1, chosen: turns(good), rejected: turns(bad) };
    const texts = { id: 1, chosen: JSON.stringify(turns(good)), rejected: JSON.stringify(turns(bad)) };
    for (const [name, row] of Object.entries({ lists, texts })) {
      const file = path.join(temporaryFolder(), `${name}.jsonl`);
      writeFileSync(file, `${JSON.stringify(row)}\n`.repeat(5));
      const found = answered(await read(file).reader.answerTexts({ row: 3, record: 0 }));
      expect(found?.answers.map(({ title, columns }) => [title, columns])).toEqual([
        ['chosen', [1]],
        ['rejected', [2]],
      ]);
    }
  });

  it('answers a cancelled question at once and stays usable', async () => {
    const { reader } = read(preferences(250));
    const controller = new AbortController();
    const asked = reader.rows({ start: 0, end: 250, ...ALL }, controller.signal);
    controller.abort();
    expect(await asked).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    expect(answered(await reader.rows({ start: 0, end: 2, ...ALL })).rows.length).toBe(2);
  });

  it('opens a file without rows with its columns', async () => {
    const { reader } = read(preferences(0));
    const summary = answered(await reader.open());
    expect(summary.rowCount).toBe(0);
    expect(summary.columns.length).toBe(4);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['missing', undefined, 'file-not-found'],
    ['empty', Buffer.alloc(0), 'empty-file'],
    ['not Parquet', Buffer.from('prompt,chosen,rejected\n'), 'not-parquet'],
  ])('%s: says so', async (_, content, code) => {
    const file = path.join(temporaryFolder(), 'file.parquet');
    if (content) writeFileSync(file, content);
    expect(await read(file).reader.open()).toMatchObject({ ok: false, fault: { code, where: { file } } });
  });

  it('cut off: says so, and reads it once it is whole', async () => {
    const file = preferences(200);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const { reader } = read(file);
    expect(await reader.open()).toMatchObject({ ok: false, fault: { code: 'truncated-file' } });
    writeFileSync(file, whole);
    expect(answered(await reader.open()).rowCount).toBe(200);
  });

  it('damaged inside: opens, and the rows hit are an error', async () => {
    const file = preferences(200);
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4, 400);
    writeFileSync(file, bytes);
    const { reader } = read(file);
    expect(answered(await reader.open()).rowCount).toBe(200);
    expect(await reader.rows({ start: 0, end: 100, ...ALL })).toMatchObject({
      ok: false,
      fault: { code: 'damaged-file' },
    });
  });
});

describe('the life of the reader process', () => {
  it('answers what was asked when it dies, tells it once, and stays dead', async () => {
    const { reader, death } = read(preferences(50));
    await reader.open();
    process.kill(reader.pid!, 'SIGKILL');
    const { fault } = await death;
    expect(fault).toMatchObject({ code: 'not-available', message: expect.stringContaining('ended unexpectedly') });
    expect(fault.hint).toContain('Reload');
    expect(await reader.rows({ start: 0, end: 1, ...ALL })).toEqual({ ok: false, fault });
  });

  it('answers a question asked before its death', async () => {
    const { reader } = read(preferences(50));
    const asked = reader.open();
    process.kill(reader.pid!, 'SIGKILL');
    expect(await asked).toMatchObject({ ok: false, fault: { code: 'not-available' } });
  });

  it('says when it cannot be started', async () => {
    const { reader } = read(preferences(50), { ...runtime, nodePath: path.join(folder, 'no-such-node') });
    expect(await reader.open()).toMatchObject({
      ok: false,
      fault: { code: 'not-available', message: expect.stringContaining('could not be started') },
    });
  });

  it('passes on what it wrote when it crashed', async () => {
    const broken = temporaryFolder();
    writeFileSync(path.join(broken, 'read-dataset.mjs'), "throw new Error('no such part');");
    const { death } = read('any.parquet', { ...runtime, workersFolder: broken });
    expect((await death).said).toContain('no such part');
  });

  it('ends when it is disposed of, and answers with "cancelled" from then on', async () => {
    const { reader } = read(preferences(50));
    await reader.open();
    reader.dispose();
    expect(await reader.open()).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  });

  it('ends when the process that started it is killed', async () => {
    const script = path.join(temporaryFolder(), 'parent.mjs');
    writeFileSync(
      script,
      `import { fork } from 'node:child_process';
       const reader = fork(process.argv[2], [process.argv[3]], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
       reader.once('message', () => console.log('opened'));
       reader.send({ t: 'q', i: '1', m: 'open', a: [1] });
       setInterval(() => {}, 1_000);`,
    );
    const worker = path.join(runtime.workersFolder, 'read-dataset.mjs');
    const parent = spawn(process.execPath, [script, worker, preferences(50)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    // The reader holds the same pipe: it ends only when both are gone.
    parent.stdout.resume();
    await once(parent.stdout, 'end');
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Runtime } from '../../../src/core/runtime.ts';
import { ReaderProcess } from '../../../src/features/dataset-viewer/reader-process.ts';
import { answered, bundledReader } from '../dataset-viewer/viewer-files.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FileServer } from './file-server.ts';
import { pairRow, pairsParquet } from './remote-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-remote-'));
const content = pairsParquet(20_000);
let runtime: Runtime;
beforeAll(async () => {
  runtime = await bundledReader(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ALL = { firstColumn: 0, columns: 100 };

async function reading() {
  const server = await FileServer.start({ '/pairs.parquet': content });
  onTestFinished(() => server.close());
  const fetched: number[] = [];
  const reader = new ReaderProcess(
    runtime,
    { remote: 'pairs' },
    { onDeath: () => {}, onFetched: (bytes) => fetched.push(bytes) },
  );
  onTestFinished(() => reader.dispose());
  await reader.connect({
    source: { kind: 'url', url: server.url('/pairs.parquet?key=secret').href },
    hub: server.origin,
    token: 'hf_secret',
  });
  return { server, reader, fetched };
}

describe('the reader of a remote dataset', () => {
  it('shows rows and tells how many bytes it has fetched', async () => {
    const { server, reader, fetched } = await reading();
    expect(answered(await reader.open())).toMatchObject({ rowCount: 20_000, bytes: content.length });
    const page = answered(await reader.rows({ start: 12_000, end: 12_010, ...ALL }));
    expect(page.rows[3]?.[0]).toMatchObject({ text: pairRow(12_003)[0] });
    expect(fetched.at(-1)).toBe(server.sent);
  });

  it('recognises the rows by the first of them alone', async () => {
    const { server, reader } = await reading();
    expect(answered(await reader.advise()).fits[0]).toBe('Bradley-Terry');
    expect(server.sent).toBeLessThan(content.length / 2);
  });

  it('has neither the address nor the token on its command line', async () => {
    const { reader } = await reading();
    answered(await reader.open());
    const { stdout } = await execa('ps', ['-p', String(reader.pid), '-o', 'args=']);
    expect(stdout).toContain('read-dataset.mjs');
    expect(stdout).not.toMatch(/secret|127\.0\.0\.1/);
  });

  it('closes the connection of an opening that is cancelled, and opens when it is asked again', async () => {
    const { server, reader } = await reading();
    const abort = new AbortController();
    server.behaviour = (_, response) => {
      server.behaviour = () => false;
      response.writeHead(206, { 'content-range': `bytes 0-1/${content.length}` }).write('x');
      abort.abort();
      return true;
    };
    expect(await reader.open(abort.signal)).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    expect(await server.requests[0]!.abandoned).toBe(true);
    expect(answered(await reader.open()).rowCount).toBe(20_000);
  });

  it('refuses what would fetch every row', async () => {
    const { reader } = await reading();
    const needsCopy = { ok: false, fault: { code: 'unsupported-file', hint: expect.stringMatching(/^Download/) } };
    expect(await reader.check({ method: 'bradley-terry' })).toMatchObject(needsCopy);
    const column = { what: 'column', format: 'text', row: 0, column: 0, columns: [0] } as const;
    expect(await reader.copy(column)).toMatchObject(needsCopy);
    expect(answered(await reader.copy({ ...column, what: 'cell' })).text).toBe(pairRow(0)[0]);
  });

  it('downloads the file and tells how far it is', async () => {
    const { reader } = await reading();
    expect(answered(await reader.fileNames())).toEqual(['pairs.parquet']);
    const target = path.join(temporaryFolder(), 'copy.parquet');
    const progress: number[] = [];
    const { signal } = new AbortController();
    answered(await reader.download([target], signal, ({ bytes }) => progress.push(bytes)));
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.at(-1)).toBeLessThanOrEqual(content.length);
  });
});

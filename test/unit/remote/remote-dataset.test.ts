import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Dataset } from '../../../src/core/datasets/dataset.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { openRemote } from '../../../src/core/datasets/remote/open-remote.ts';
import type { RemoteSource } from '../../../src/core/datasets/remote/remote-name.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FileServer } from './file-server.ts';
import { pairRow, pairsParquet } from './remote-files.ts';

const ROWS = 120_000;
let large: Uint8Array;
beforeAll(() => {
  large = pairsParquet(ROWS);
});

async function serve(files: Readonly<Record<string, Uint8Array>>): Promise<FileServer> {
  const server = await FileServer.start(files);
  onTestFinished(() => server.close());
  return server;
}

interface Opened {
  readonly dataset: Dataset;
  readonly fetched: () => number;
}

async function opened(source: RemoteSource, hub: URL, token?: string, signal?: AbortSignal): Promise<Opened> {
  let fetched = 0;
  const onBytes = (bytes: number) => {
    fetched += bytes;
  };
  const dataset = await openRemote(source, { hub, token }, { onBytes, signal });
  return { dataset, fetched: () => fetched };
}

const HUB = new URL('https://hub.invalid');
const openUrl = (url: URL) => opened({ kind: 'url', url: url.href }, HUB);

async function rows(dataset: Dataset, start: number, end: number, signal?: AbortSignal): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for await (const batch of dataset.read({ start, end }, signal)) found.push(...batch.rows.map((row) => [...row]));
  return found;
}

describe('a Parquet file on a server', () => {
  it('is read like a file on disk, and only what is asked for is fetched', async () => {
    const server = await serve({ '/pairs.parquet': large });
    const { dataset, fetched } = await openUrl(server.url('/pairs.parquet'));
    expect(dataset).toMatchObject({ kind: 'parquet', rowCount: ROWS });
    const middle = await rows(dataset, 60_000, 60_050);
    expect(middle[7]).toEqual(pairRow(60_007));
    expect(fetched()).toBe(server.sent);
    expect(server.sent).toBeLessThan(large.length / 10);
    expect(server.requests.length).toBeLessThan(8);
  });

  it('gives every row as the local reader does', async () => {
    const file = path.join(temporaryFolder(), 'pairs.parquet');
    writeFileSync(file, pairsParquet(12_000));
    const server = await serve({ '/pairs.parquet': readFileSync(file) });
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    const local = await openDataset(file);
    onTestFinished(() => local.close());
    expect(dataset.columns).toEqual(local.columns);
    expect(await rows(dataset, 0, 12_000)).toEqual(await rows(local, 0, 12_000));
  });

  it('fetches no byte twice while a person goes back and forth', async () => {
    const server = await serve({ '/pairs.parquet': large });
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    await rows(dataset, 60_100, 60_150);
    const before = server.requests.length;
    await rows(dataset, 60_090, 60_140);
    expect(server.requests.length).toBe(before);
  });

  it('is read through a redirect, which is asked only once', async () => {
    const storage = await serve({ '/stored': large });
    const front = await serve({});
    front.behaviour = (_, response) => {
      response.writeHead(302, { location: storage.url('/stored?key=secret').href }).end();
      return true;
    };
    const { dataset } = await openUrl(front.url('/pairs.parquet'));
    await rows(dataset, 60_000, 60_050);
    expect(front.requests.length).toBe(1);
    expect(storage.requests.length).toBeGreaterThan(2);
  });

  it('is asked for anew at its own address when that behind a redirect has expired', async () => {
    const storage = await serve({ '/stored': large });
    const front = await serve({});
    let key = 1;
    front.behaviour = (_, response) => {
      response.writeHead(302, { location: storage.url(`/stored?key=${key}`).href }).end();
      return true;
    };
    storage.behaviour = (request, response) => {
      if (request.url === `/stored?key=${key}`) return false;
      response.writeHead(403).end();
      return true;
    };
    const { dataset } = await openUrl(front.url('/pairs.parquet'));
    key = 2;
    expect((await rows(dataset, 60_000, 60_001))[0]).toEqual(pairRow(60_000));
  });
});

describe('a question that is cancelled', () => {
  it('closes its connection', async () => {
    const server = await serve({ '/pairs.parquet': large });
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    const arrived = new Promise<void>((resolve) => {
      server.onRequest = resolve;
    });
    // Part of the answer, and then nothing: only the client can end it.
    server.behaviour = (_, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-1/${large.length}` }).write('x');
      return true;
    };
    const abort = new AbortController();
    const reading = rows(dataset, 60_000, 60_050, abort.signal);
    await arrived;
    abort.abort();
    await expect(reading).rejects.toThrow(/abort/i);
    expect(await server.requests.at(-1)!.abandoned).toBe(true);
  });

  it('does not end the same bytes for another question', async () => {
    const server = await serve({ '/pairs.parquet': large });
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      server.behaviour = (request, response) => {
        server.behaviour = () => false;
        release = () => server.sendFile(request, response);
        resolve();
        return true;
      };
    });
    const abort = new AbortController();
    const cancelled = rows(dataset, 60_000, 60_050, abort.signal);
    const kept = rows(dataset, 60_000, 60_050);
    await arrived;
    abort.abort();
    await expect(cancelled).rejects.toThrow(/abort/i);
    release();
    expect((await kept)[0]).toEqual(pairRow(60_000));
  });
});

describe('what goes wrong is one sentence', () => {
  const failing = async (url: URL) => openUrl(url).then(({ dataset }) => rows(dataset, 0, 1));
  const status = async (code: number) => {
    const server = await serve({});
    server.behaviour = (_, response) => {
      response.writeHead(code).end('no');
      return true;
    };
    return failing(server.url('/pairs.parquet'));
  };

  it('no server', async () => {
    const server = await FileServer.start();
    const url = server.url('/pairs.parquet');
    await server.close();
    await expect(failing(url)).rejects.toMatchObject({
      code: 'not-available',
      message: /cannot be reached: it refuses/,
    });
  });

  it.each([
    [401, 'permission-denied', /log in/],
    [403, 'permission-denied', /refuses access/],
    [404, 'file-not-found', /nothing under this address/],
    [429, 'not-available', /too many requests/],
    [503, 'not-available', /cannot answer/],
  ])('status %i', async (code, error, message) => {
    await expect(status(code)).rejects.toMatchObject({ code: error, message });
  });

  it('a server that sends whole files only', async () => {
    const server = await serve({ '/pairs.parquet': large });
    server.behaviour = (request, response) => {
      delete request.headers.range;
      server.sendFile(request, response);
      return true;
    };
    await expect(failing(server.url('/pairs.parquet'))).rejects.toMatchObject({
      code: 'unsupported-file',
      message: /whole files only/,
      hint: expect.stringMatching(/^Download it/),
    });
  });

  it('an answer that breaks off, twice; once is asked for again', async () => {
    const server = await serve({ '/pairs.parquet': large });
    let cuts = 1;
    server.behaviour = (_, response) => {
      if (cuts-- <= 0) return false;
      response.writeHead(206, { 'content-range': `bytes 0-65535/${large.length}`, 'content-length': 65_536 });
      response.write(large.subarray(0, 1_000), () => response.destroy());
      return true;
    };
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    expect(dataset.rowCount).toBe(ROWS);
    cuts = 2;
    await expect(openUrl(server.url('/pairs.parquet'))).rejects.toMatchObject({
      code: 'truncated-file',
      message: expect.stringMatching(/^The answer broke off after \d+ of 65536 bytes\.$/),
    });
  });

  it('a file that is replaced by another', async () => {
    const server = await serve({ '/pairs.parquet': large });
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    server.files.set('/pairs.parquet', large.toReversed());
    await expect(rows(dataset, 60_000, 60_001)).rejects.toMatchObject({
      code: 'not-available',
      message: 'The file on the server has changed since it was opened.',
    });
  });

  it('a file that became shorter', async () => {
    const server = await serve({ '/pairs.parquet': large });
    const { dataset } = await openUrl(server.url('/pairs.parquet'));
    server.files.set('/pairs.parquet', large.slice(0, 1_000));
    await expect(rows(dataset, 60_000, 60_001)).rejects.toThrow('has changed');
  });

  it('something else than Parquet, an empty file, a part of another file', async () => {
    const page = new TextEncoder().encode(`<html>${'x'.repeat(100)}</html>`);
    const server = await serve({ '/page': page, '/empty': new Uint8Array(), '/cut': large.slice(0, -100) });
    await expect(failing(server.url('/page'))).rejects.toMatchObject({ code: 'not-parquet', message: /HTML/ });
    await expect(failing(server.url('/empty'))).rejects.toMatchObject({ code: 'empty-file' });
    await expect(failing(server.url('/cut'))).rejects.toMatchObject({ code: 'truncated-file' });
  });

  it('the address that is shown never holds what stands behind the path', async () => {
    const server = await serve({});
    await expect(failing(server.url('/pairs.parquet?signature=secret'))).rejects.toMatchObject({
      where: { file: `${server.origin}/pairs.parquet` },
    });
  });

  it('redirects in circles', async () => {
    const server = await serve({});
    server.behaviour = (request, response) => {
      response.writeHead(302, { location: request.url }).end();
      return true;
    };
    await expect(failing(server.url('/pairs.parquet'))).rejects.toThrow('in circles');
  });
});

describe('a dataset of the hub', () => {
  const SOURCE = { kind: 'hub', name: 'owner/pairs', config: 'default', split: 'train' } as const;
  const listing = (server: FileServer, files: readonly string[]) =>
    new TextEncoder().encode(JSON.stringify({ default: { train: files.map((file) => server.url(file).href) } }));

  it('is all files of the split, listed by the hub', async () => {
    const hub = await serve({ '/0.parquet': pairsParquet(200), '/1.parquet': pairsParquet(300) });
    hub.files.set('/api/datasets/owner/pairs/parquet', listing(hub, ['/0.parquet', '/1.parquet']));
    const { dataset } = await opened(SOURCE, hub.url('/'));
    expect(dataset).toMatchObject({ name: 'owner/pairs (default, train)', rowCount: 500 });
    expect((await rows(dataset, 450, 451))[0]).toEqual(pairRow(250));
  });

  it('gets the token, and nobody else does: not where a redirect leads, not another address', async () => {
    const storage = await serve({ '/stored': pairsParquet(200) });
    const hub = await serve({});
    hub.files.set('/api/datasets/owner/pairs/parquet', listing(hub, ['/0.parquet']));
    hub.behaviour = (request, response) => {
      if (request.url !== '/0.parquet') return false;
      response.writeHead(302, { location: storage.url('/stored').href }).end();
      return true;
    };
    await opened(SOURCE, hub.url('/'), 'hf_secret');
    expect(hub.requests.map(({ authorization }) => authorization)).toEqual(['Bearer hf_secret', 'Bearer hf_secret']);
    await opened({ kind: 'url', url: storage.url('/stored').href }, hub.url('/'), 'hf_secret');
    expect(storage.requests.length).toBeGreaterThan(1);
    expect(storage.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  it('that is private asks for a token, and for another where there is one', async () => {
    const hub = await serve({});
    hub.behaviour = (_, response) => {
      response.writeHead(401).end();
      return true;
    };
    await expect(opened(SOURCE, hub.url('/'))).rejects.toMatchObject({
      code: 'permission-denied',
      where: { file: 'owner/pairs' },
      hint: expect.stringMatching(/give a token/),
    });
    await expect(opened(SOURCE, hub.url('/'), 'hf_old')).rejects.toMatchObject({
      hint: expect.stringMatching(/not accepted/),
    });
  });

  it('without that split names those it has', async () => {
    const hub = await serve({});
    hub.files.set('/api/datasets/owner/pairs/parquet', listing(hub, ['/0.parquet']));
    await expect(opened({ ...SOURCE, split: 'test' }, hub.url('/'))).rejects.toMatchObject({
      code: 'file-not-found',
      hint: 'It has default/train.',
    });
  });

  it('in another hub than the first is fetched from there', async () => {
    const hub = await serve({ '/hub/x.parquet': pairsParquet(10) });
    const files = { default: { train: ['https://huggingface.co/x.parquet'] } };
    hub.files.set('/hub/api/datasets/owner/pairs/parquet', new TextEncoder().encode(JSON.stringify(files)));
    const { dataset } = await opened(SOURCE, hub.url('/hub/'));
    expect(dataset.rowCount).toBe(10);
  });

  it('answers with something else', async () => {
    const hub = await serve({ '/api/datasets/owner/pairs/parquet': new TextEncoder().encode('<html>') });
    await expect(opened(SOURCE, hub.url('/'))).rejects.toMatchObject({ code: 'not-available' });
  });
});

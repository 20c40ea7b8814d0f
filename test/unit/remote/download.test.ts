import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { download } from '../../../src/core/datasets/remote/download.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FileServer } from './file-server.ts';

const content = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
const ACCESS = { hub: new URL('https://hub.invalid') };

async function served() {
  const server = await FileServer.start({ '/a.parquet': content });
  onTestFinished(() => server.close());
  const folder = temporaryFolder();
  const target = path.join(folder, 'a.parquet');
  let received = 0;
  const fetch = (signal?: AbortSignal) =>
    download(server.url('/a.parquet'), target, ACCESS, {
      signal,
      onProgress: (bytes) => {
        received = bytes;
      },
    });
  return { server, folder, target, fetch, received: () => received };
}

describe('a download', () => {
  it('is the whole file, under its name when it is whole', async () => {
    const { fetch, folder, target, received } = await served();
    await fetch();
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.parquet']);
    expect(received()).toBe(content.length);
  });

  it('that broke off leaves no file of that name, and is gone on with', async () => {
    const { server, fetch, folder, target } = await served();
    server.cutAfter = 1_000_000;
    await expect(fetch()).rejects.toMatchObject({ code: 'truncated-file', message: /broke off after \d+ of 3000000/ });
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(folder).length).toBe(1);
    const before = server.sent;
    await fetch();
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(server.sent - before).toBeLessThan(content.length);
    expect(readdirSync(folder)).toEqual(['a.parquet']);
  });

  it('that broke off begins anew when the file has changed', async () => {
    const { server, fetch, target } = await served();
    server.cutAfter = 1_000_000;
    await expect(fetch()).rejects.toThrow('broke off');
    const other = content.toReversed();
    server.files.set('/a.parquet', other);
    await fetch();
    expect(readFileSync(target).equals(other)).toBe(true);
  });

  it('that is cancelled closes its connection and leaves no file of that name', async () => {
    const { server, fetch, target } = await served();
    const abort = new AbortController();
    server.behaviour = (request, response) => {
      if (request.headers.range !== undefined) return false;
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 1_000));
      abort.abort();
      return true;
    };
    await expect(fetch(abort.signal)).rejects.toThrow(/abort/i);
    expect(await server.requests.at(-1)!.abandoned).toBe(true);
    expect(existsSync(target)).toBe(false);
  });

  it('works where the server sends whole files only', async () => {
    const { server, fetch, folder, target } = await served();
    server.behaviour = (request, response) => {
      delete request.headers.range;
      server.sendFile(request, response);
      return true;
    };
    await fetch();
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.parquet']);
  });

  it('replaces a file only when it is whole', async () => {
    const { server, fetch, target } = await served();
    writeFileSync(target, 'before');
    server.cutAfter = 1_000_000;
    await expect(fetch()).rejects.toThrow('broke off');
    expect(readFileSync(target, 'utf8')).toBe('before');
  });

  it('into a folder that is not there says so', async () => {
    const { server, folder } = await served();
    const target = path.join(folder, 'missing', 'a.parquet');
    await expect(download(server.url('/a.parquet'), target, ACCESS, { onProgress: () => {} })).rejects.toMatchObject({
      code: 'file-not-found',
      where: { file: target },
    });
  });
});

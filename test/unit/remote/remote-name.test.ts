import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRemoteName, remoteUrl } from '../../../src/core/datasets/remote/remote-name.ts';
import { hubOf, redirected, request } from '../../../src/core/datasets/remote/request.ts';
import { StudioError } from '../../../src/core/errors.ts';

const HUB = new URL('https://huggingface.co');
const read = (text: string) => readRemoteName(text, HUB);

describe('what a person names on another machine', () => {
  it('is a dataset of the hub by its name, with a split or without', () => {
    expect(read(' Anthropic/hh-rlhf ')).toEqual({ kind: 'hub', name: 'Anthropic/hh-rlhf' });
    expect(read('owner/name/default/train')).toEqual({
      kind: 'hub',
      name: 'owner/name',
      config: 'default',
      split: 'train',
    });
    expect(read('squad')).toEqual({ kind: 'hub', name: 'squad' });
  });

  it('is a dataset of the hub by the address of its page', () => {
    const page = 'https://huggingface.co/datasets/owner/name';
    for (const address of [page, `${page}/`, `${page}/viewer`, `${page}/tree/main`]) {
      expect(read(address)).toEqual({ kind: 'hub', name: 'owner/name' });
    }
    expect(read(`${page}/viewer/default/train`)).toMatchObject({ config: 'default', split: 'train' });
  });

  it('is a file by its address; the page about a file leads to the file', () => {
    expect(read('https://example.org/a.parquet?key=1')).toMatchObject({
      kind: 'url',
      url: new URL('https://example.org/a.parquet?key=1'),
    });
    expect(read('https://huggingface.co/datasets/owner/name/blob/main/a.parquet')).toMatchObject({
      url: new URL('https://huggingface.co/datasets/owner/name/resolve/main/a.parquet'),
    });
  });

  it.each([
    'a b',
    'owner/name/train',
    '../name',
    'owner/..',
    '/owner/name',
    'ftp://example.org/a.parquet',
    'file:///etc/passwd',
    'http://example.org/a.parquet',
    'https://user:password@example.org/a.parquet',
    'http://127.0.0.1.example.org/a.parquet',
  ])('is not %s', (text) => {
    expect(() => read(text)).toThrow(StudioError);
  });

  it('is encrypted on its way, except on this machine', () => {
    for (const host of ['localhost', '127.0.0.1:8000', '127.8.8.8', '[::1]:80']) {
      expect(remoteUrl(`http://${host}/a`).protocol).toBe('http:');
    }
    fc.assert(
      fc.property(fc.domain(), (host) => {
        expect(() => remoteUrl(`http://${host}/a.parquet`)).toThrow(StudioError);
      }),
    );
  });

  it('is looked up at the hub that the environment names', () => {
    expect(hubOf({}).href).toBe('https://huggingface.co/');
    expect(hubOf({ HF_ENDPOINT: 'https://mirror.example/hf' }).href).toBe('https://mirror.example/hf');
    expect(() => hubOf({ HF_ENDPOINT: 'http://mirror.example' })).toThrow('is not opened');
  });
});

describe('a redirect', () => {
  const from = (address: string, location: string) => redirected(new URL(address), location).href;

  it('is followed to where an address may lead', () => {
    expect(from('https://hub.example/a', '/b')).toBe('https://hub.example/b');
    expect(from('https://hub.example/a', 'https://cdn.example/b?key=1')).toBe('https://cdn.example/b?key=1');
    expect(from('http://127.0.0.1:1/a', 'http://127.0.0.1:2/b')).toBe('http://127.0.0.1:2/b');
  });

  it.each(['http://cdn.example/b', 'http://127.0.0.1/b', 'https://localhost/b', 'file:///etc/passwd', 'https://'])(
    'from the network is not followed to %s',
    (location) => {
      expect(() => from('https://hub.example/a', location)).toThrow(StudioError);
    },
  );
});

it('a request that was cancelled before it was sent is not sent', async () => {
  const ended = AbortSignal.abort();
  await expect(request(new URL('http://127.0.0.1:9/'), { hub: HUB }, { signal: ended })).rejects.toThrow(/abort/i);
});

/** What happens between us and an endpoint: every fault is provoked on a real socket of loopback. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeError, StudioError } from '../../../../src/core/errors.ts';
import {
  EndpointClient,
  type EndpointLimits,
  type EndpointOptions,
} from '../../../../src/core/graders/endpoint/endpoint-client.ts';
import { backoffMs, retryAfterMs } from '../../../../src/core/graders/endpoint/retry-after.ts';
import { cut, json, raw, ScriptedEndpoint, silent } from '../../../scripted-endpoint.ts';

const LIMITS: EndpointLimits = { timeout_s: 20, retries: 3, concurrency: 4 };
const answer = z.object({ ok: z.number() });
const NOW = Date.parse('2026-03-01T12:00:00Z');

let endpoint: ScriptedEndpoint;
/** What was waited for; nothing is, so that no test depends on time. */
let waits: number[];

beforeEach(async () => {
  endpoint = await ScriptedEndpoint.start(json({ ok: 1 }));
  waits = [];
});
afterEach(() => endpoint.close());

function client(limits: Partial<EndpointLimits> = {}, options: Partial<EndpointOptions> = {}): EndpointClient {
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  return new EndpointClient({
    base: new URL(endpoint.origin),
    limits: { ...LIMITS, ...limits },
    pacing: { wait, random: () => 0.5, now: () => NOW },
    ...options,
  });
}

const ask = (asked = client(), signal?: AbortSignal) => asked.post('v1/ask', { text: 'a' }, answer, signal);
const failure = async (work: Promise<unknown>): Promise<StudioError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StudioError);
  return error as StudioError;
};

describe('a request', () => {
  it('is posted as JSON below the base, with the key as it is then', async () => {
    let key: string | undefined = 'first';
    const base = new URL(`${endpoint.origin}/api/`);
    const asked = client({}, { base, key: async () => key });
    await expect(ask(asked)).resolves.toEqual({ ok: 1 });
    key = 'second';
    await ask(asked);
    expect(endpoint.asked.map(({ path, body, headers }) => [path, body, headers.authorization])).toEqual([
      ['/api/v1/ask', { text: 'a' }, 'Bearer first'],
      ['/api/v1/ask', { text: 'a' }, 'Bearer second'],
    ]);
  });
});

describe('a failure that may pass', () => {
  it.each([408, 425, 429, 500, 502, 503, 504, 529])('%d is asked again, and then answered', async (status) => {
    endpoint.replies = [json({}, status), json({ ok: 2 })];
    await expect(ask()).resolves.toEqual({ ok: 2 });
    expect(waits).toEqual([250]);
  });

  it('is asked again after longer and longer waits, and told with the number of tries', async () => {
    endpoint.replies = [json({ error: { message: 'overloaded' } }, 503)];
    const error = await failure(ask());
    expect(describeError(error)).toMatch(/cannot answer now \(503\)\. It says: overloaded It was asked 4 times/);
    expect(waits).toEqual([250, 500, 1000]);
    expect(endpoint.asked).toHaveLength(4);
  });

  it.each([
    ['seconds', '7', 7_000],
    ['a date', new Date(NOW + 9_000).toUTCString(), 9_000],
    ['a date that is over', new Date(NOW - 9_000).toUTCString(), 250],
    ['what means nothing', 'soon', 250],
  ])('waits as Retry-After asks, in %s', async (_what, header, expected) => {
    endpoint.replies = [json({}, 429, { 'retry-after': header }), json({ ok: 1 })];
    await ask();
    expect(waits).toEqual([expected]);
  });

  it('does not wait for more than a minute: it says how long', async () => {
    endpoint.replies = [json({}, 429, { 'retry-after': '3600' })];
    expect(describeError(await failure(ask()))).toMatch(/too many requests \(429\)\. It asks to wait 3600 s/);
    expect(endpoint.asked).toHaveLength(1);
  });

  it('is a connection that breaks off in the middle of the answer', async () => {
    endpoint.replies = [cut, json({ ok: 3 })];
    await expect(ask()).resolves.toEqual({ ok: 3 });
  });

  it('is a server that is not there', async () => {
    await endpoint.close();
    const error = await failure(ask());
    expect(error.code).toBe('not-available');
    expect(error.message).toMatch(/cannot be reached: it refuses connections/);
    expect(waits).toHaveLength(3);
    endpoint = await ScriptedEndpoint.start();
  });

  it('is a server that does not answer in time; the connection is closed', async () => {
    endpoint.replies = [silent];
    const error = await failure(ask(client({ timeout_s: 0.05, retries: 1 })));
    expect(describeError(error)).toMatch(/did not answer within 0\.05 s\. It was asked 2 times/);
    expect(await Promise.all(endpoint.asked.map(({ abandoned }) => abandoned))).toEqual([true, true]);
  });
});

describe('a failure that does not pass', () => {
  it.each([
    [
      400,
      { error: { message: 'bad temperature' } },
      'not-available',
      /refuses the request \(400\)\. It says: bad temperature/,
    ],
    [401, { error: 'no' }, 'permission-denied', /answers only with a key \(401\)/],
    [404, { detail: 'Not Found' }, 'not-available', /nothing under this address \(404\)\. It says: Not Found/],
    [422, { message: 'wrong' }, 'not-available', /It says: wrong/],
    [501, {}, 'not-available', /refuses the request \(501\)/],
  ])('%d is told at once', async (status, body, code, message) => {
    endpoint.replies = [json(body, status)];
    const error = await failure(ask());
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(endpoint.asked).toHaveLength(1);
  });

  it('is a redirection: neither text nor key goes where nobody has sent them', async () => {
    const other = await ScriptedEndpoint.start(json({ ok: 1 }));
    try {
      endpoint.replies = [json({}, 307, { location: `${other.origin}/elsewhere` })];
      expect((await failure(ask(client({}, { key: async () => 'k' })))).message).toMatch(
        /points to another address \(307\)/,
      );
      expect(other.connections).toBe(0);
    } finally {
      await other.close();
    }
  });

  it.each([
    [
      'garbage',
      raw('<html><b>Bad</b> gateway</html>', { 'content-type': 'text/html' }),
      /is not JSON\. It wrote: Bad gateway/,
    ],
    ['a part of JSON', raw('{"ok": '), /is not JSON\. It wrote: \{"ok":/],
    ['nothing', raw(''), /is not JSON\. It wrote: \(nothing\)/],
    ['JSON of another form', json({ ok: 'yes' }), /another form than its api has\. It wrote: \{"ok":"yes"\}/],
    ['bytes that are no UTF-8', raw(Buffer.from([0x22, 0xff, 0x22])), /is not UTF-8/],
    [
      'text in another charset',
      raw(Buffer.from('{"ok":1}', 'latin1'), { 'content-type': 'application/json; charset=ISO-8859-1' }),
      /said to be in iso-8859-1: JSON is UTF-8/,
    ],
  ])('is an answer that holds %s, which is never a number', async (_what, reply, message) => {
    endpoint.replies = [reply];
    const error = await failure(ask());
    expect([error.code, error.message]).toEqual(['invalid-answer', expect.stringMatching(message)]);
    expect(endpoint.asked).toHaveLength(1);
  });

  it('is an answer without end: no more than its limit is read, and the connection is closed', async () => {
    endpoint.replies = [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = () => {
          while (response.writable && response.write('x'.repeat(65_536)));
          if (response.writable) response.once('drain', more);
        };
        more();
      },
    ];
    const error = await failure(ask(client({}, { largestAnswer: 1_000_000 })));
    expect(error.message).toMatch(/has more than 1000000 bytes/);
    expect(await endpoint.asked[0]!.abandoned).toBe(true);
  });

  it('is an answer of one byte too many; one that just fits is read', async () => {
    const text = '{"ok":1}';
    endpoint.replies = [raw(text)];
    await expect(ask(client({}, { largestAnswer: text.length }))).resolves.toEqual({ ok: 1 });
    expect((await failure(ask(client({}, { largestAnswer: text.length - 1 })))).code).toBe('invalid-answer');
  });

  it('never repeats the key, where the server does', async () => {
    endpoint.replies = [json({ error: { message: 'Incorrect key: secret-of-the-test' } }, 401)];
    const error = await failure(ask(client({}, { key: async () => 'secret-of-the-test' })));
    expect(error.message).toMatch(/does not accept the key \(401\)\. It says: Incorrect key: \[key\]/);
  });
});

describe('cancelling', () => {
  it('closes the connection of a request under way', async () => {
    endpoint.replies = [silent];
    const ending = new AbortController();
    endpoint.onAsked = () => ending.abort();
    expect((await failure(ask(client(), ending.signal))).code).toBe('cancelled');
    expect(await endpoint.asked[0]!.abandoned).toBe(true);
    expect(endpoint.asked).toHaveLength(1);
  });

  it('ends the wait for another try', async () => {
    endpoint.replies = [json({}, 503)];
    const ending = new AbortController();
    const wait = (_ms: number, signal: AbortSignal | undefined) =>
      new Promise<void>((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
        ending.abort();
      });
    const asked = client({}, { pacing: { wait, random: () => 1, now: () => NOW } });
    expect((await failure(ask(asked, ending.signal))).code).toBe('cancelled');
    expect(endpoint.asked).toHaveLength(1);
  });

  it('leaves the queue, and sends nothing', async () => {
    endpoint.replies = [silent];
    const asked = client({ concurrency: 1 });
    const first = new AbortController();
    const second = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      endpoint.onAsked = () => resolve();
    });
    const one = failure(ask(asked, first.signal));
    const two = failure(ask(asked, second.signal));
    await arrived;
    second.abort();
    expect((await two).code).toBe('cancelled');
    first.abort();
    await one;
    expect(endpoint.asked).toHaveLength(1);
  });
});

describe('limits', () => {
  it('never has more requests under way than allowed', async () => {
    const waiting: (() => void)[] = [];
    endpoint.replies = [(response, asked) => waiting.push(() => json({ ok: 1 })(response, asked))];
    const asked = client({ concurrency: 2 });
    const answers = Array.from({ length: 6 }, () => ask(asked));
    for (let answered = 0; answered < 6; answered++) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()!();
    }
    await Promise.all(answers);
    expect(endpoint.mostOpen).toBe(2);
  });

  it('spreads requests over the minute', async () => {
    const asked = client({ requests_per_minute: 60 });
    await ask(asked);
    await ask(asked);
    await ask(asked);
    expect(waits).toEqual([1_000, 2_000]);
  });
});

describe('an endpoint that is down', () => {
  it('is left alone after five failures in a row, and asked again when it may be up', async () => {
    endpoint.replies = [json({}, 503)];
    const asked = client({ retries: 0 });
    for (let call = 0; call < 5; call++) await failure(ask(asked));
    expect(describeError(await failure(ask(asked)))).toMatch(/has failed 5 times in a row\. It is left alone for 30 s/);
    expect(endpoint.asked).toHaveLength(5);
  });

  it('is not one that is busy, or that refuses a request', async () => {
    endpoint.replies = [json({}, 429)];
    const asked = client({ retries: 0 });
    for (let call = 0; call < 6; call++) await failure(ask(asked));
    endpoint.replies = [json({}, 400)];
    for (let call = 0; call < 6; call++) await failure(ask(asked));
    expect(endpoint.asked).toHaveLength(12);
  });
});

describe('the wait before another try', () => {
  it('is anything between nothing and the doubled time, up to 20 s', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, () => 1))).toEqual([500, 1000, 2000, 4000]);
    expect(backoffMs(30, () => 1)).toBe(20_000);
    expect(backoffMs(5, () => 0)).toBe(0);
  });

  it.each([
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '-3' }, undefined],
    [{ 'retry-after-ms': '40', 'retry-after': '1' }, 40],
    [{}, undefined],
  ])('is read from %j', (headers, expected) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW)).toBe(expected);
  });
});

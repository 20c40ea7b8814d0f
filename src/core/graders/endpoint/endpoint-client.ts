/**
 * Questions to an endpoint over HTTP: with a time limit, asked again where that may help, never more at a time or a minute
 * than allowed, no longer asked once it is down, and ended at the socket when nobody waits any more.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import pLimit from 'p-limit';
import type * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { invalid, LARGEST_ANSWER, parseAnswer, readAnswer } from './answer-body.ts';
import { connectionFailure, EndpointFailure, statusFailure, timeoutFailure } from './endpoint-failure.ts';
import { RateLimit } from './rate-limit.ts';
import { backoffMs, retryAfterMs } from './retry-after.ts';

export interface EndpointLimits {
  /** Of one request, in seconds. */
  readonly timeout_s: number;
  /** How often it is asked again after a failure that may pass. */
  readonly retries: number;
  /** Most requests at a time. */
  readonly concurrency: number;
  readonly requests_per_minute?: number | undefined;
}

/** Where time and chance come from; tests give their own. */
export interface Pacing {
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random: () => number;
  readonly now: () => number;
}

export interface EndpointOptions {
  /** What paths are appended to. */
  readonly base: URL;
  readonly limits: EndpointLimits;
  /** Asked for with every request, so that a key that was set meanwhile is used. */
  readonly key?: () => Promise<string | undefined>;
  readonly pacing?: Partial<Pacing>;
  readonly largestAnswer?: number;
}

/** Failures in a row after which it counts as down, and how long it is then left alone. */
const FAILURES_TO_BREAK = 5;
const BROKEN_MS = 30_000;
/** An endpoint that asks for a longer wait is not waited for. */
const LONGEST_WAIT_MS = 60_000;

const PACING: Pacing = {
  wait: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
  now: Date.now,
};

export class EndpointClient {
  readonly #options: EndpointOptions;
  readonly #pacing: Pacing;
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #rate: RateLimit;
  readonly #breaker = circuitBreaker(
    handleWhen((error) => error instanceof EndpointFailure && error.down),
    { halfOpenAfter: BROKEN_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_BREAK) },
  );

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#pacing = { ...PACING, ...options.pacing };
    this.#slots = pLimit(options.limits.concurrency);
    this.#rate = new RateLimit(options.limits.requests_per_minute, this.#pacing.now);
  }

  /**
   * @param path below the base, without a slash in front
   * @throws StudioError 'not-available', 'permission-denied', 'invalid-answer', 'cancelled'
   */
  async post<T>(path: string, body: object, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const url = new URL(`${this.#options.base.href.replace(/\/+$/, '')}/${path}`);
    const content = JSON.stringify(body);
    const text = await whileWanted(this.#persist(url, content, signal), signal);
    const { data, error } = schema.safeParse(parseAnswer(text));
    if (error) throw invalid('has another form than its api has', text);
    return data;
  }

  async #persist(url: URL, content: string, signal: AbortSignal | undefined): Promise<string> {
    for (let failures = 1; ; failures++) {
      try {
        await this.#takeTurn(signal);
        return await this.#slots(() => {
          signal?.throwIfAborted();
          return this.#breaker.execute(() => this.#send(url, content, signal));
        });
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw leftAlone(url);
        if (!(error instanceof EndpointFailure) || !error.transient) throw error;
        const { retries } = this.#options.limits;
        const asked = error.retryAfterMs ?? 0;
        if (failures > retries || asked > LONGEST_WAIT_MS) throw gaveUp(error, failures, asked);
        await this.#pacing.wait(Math.max(asked, backoffMs(failures, this.#pacing.random)), signal);
      }
    }
  }

  async #takeTurn(signal: AbortSignal | undefined): Promise<void> {
    const ms = this.#rate.take();
    if (ms > 0) await this.#pacing.wait(ms, signal);
  }

  async #send(url: URL, content: string, signal: AbortSignal | undefined): Promise<string> {
    const { key, limits, largestAnswer = LARGEST_ANSWER } = this.#options;
    const secret = await key?.();
    const ending = new AbortController();
    const cancel = () => ending.abort();
    const timer = setTimeout(cancel, limits.timeout_s * 1000);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      signal?.throwIfAborted();
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'reward-studio',
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        },
        body: content,
        redirect: 'manual',
        signal: ending.signal,
      });
      const text = withoutKey(await readAnswer(response, largestAnswer), secret);
      if (response.status === 200) return text;
      throw statusFailure({
        url,
        status: response.status,
        text,
        hasKey: secret !== undefined,
        retryAfterMs: retryAfterMs(response.headers, this.#pacing.now()),
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (ending.signal.aborted) throw timeoutFailure(url, limits.timeout_s);
      throw error instanceof StudioError ? error : connectionFailure(url, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }
}

/** Whoever cancels waits neither for a place in the queue nor for what is still under way. */
function whileWanted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(new StudioError('cancelled', 'Cancelled.'));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Some servers repeat the key that they refuse. */
const withoutKey = (text: string, key: string | undefined): string =>
  key === undefined || key === '' ? text : text.replaceAll(key, '[key]');

function gaveUp(error: EndpointFailure, failures: number, askedMs: number): StudioError {
  const { code, message, where, cause } = error;
  if (askedMs > LONGEST_WAIT_MS) {
    const hint = `It asks to wait ${Math.ceil(askedMs / 1000)} s: try again then.`;
    return new StudioError(code, message, { where, hint, cause });
  }
  if (failures === 1) return error;
  const hint = `It was asked ${failures} times.${error.hint === undefined ? '' : ` ${error.hint}`}`;
  return new StudioError(code, message, { where, hint, cause });
}

const leftAlone = (url: URL): StudioError =>
  new StudioError('not-available', `${url.host} has failed ${FAILURES_TO_BREAK} times in a row.`, {
    hint: `It is left alone for ${BROKEN_MS / 1000} s; then it is asked again.`,
  });

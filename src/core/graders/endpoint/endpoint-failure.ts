/** What goes wrong between us and an endpoint, and whether asking again may help. */

import { Unreachable } from '../../datasets/remote/request.ts';
import { type ErrorCode, StudioError, type StudioErrorOptions } from '../../errors.ts';

export interface FailureOptions extends StudioErrorOptions {
  /** Asking again may help. */
  readonly transient?: boolean;
  /** The endpoint is down, not just busy: what the circuit breaker counts. */
  readonly down?: boolean;
  /** How long the endpoint asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Of HTTP, where it answered. */
  readonly status?: number;
}

export class EndpointFailure extends StudioError {
  readonly transient: boolean;
  readonly down: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, options: FailureOptions = {}) {
    super(code, message, options);
    this.name = 'EndpointFailure';
    this.transient = options.transient ?? false;
    this.down = options.down ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
  }
}

/** A name that nobody knows and a certificate that nobody vouches for are the same a second later. */
const LASTING = /^ENOTFOUND$|CERT|^UNABLE_TO_/;

/** The connection failed, before the answer or in the middle of it. */
export function connectionFailure(url: URL, error: unknown): EndpointFailure {
  const { message, hint } = new Unreachable(url, error);
  const { code = '' } = ((error as Error | undefined)?.cause ?? {}) as NodeJS.ErrnoException;
  return new EndpointFailure('not-available', message, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
    transient: !LASTING.test(code),
    down: true,
  });
}

export function timeoutFailure(url: URL, seconds: number): EndpointFailure {
  return new EndpointFailure('not-available', `${url.host} did not answer within ${seconds} s.`, {
    hint: 'A model that is being loaded takes long for its first answer: try again, or raise limits.timeout_s.',
    transient: true,
    down: true,
  });
}

interface Refused {
  readonly url: URL;
  readonly status: number;
  /** What it wrote. */
  readonly text: string;
  readonly hasKey: boolean;
  readonly retryAfterMs: number | undefined;
}

/** Statuses that say "later"; 529 is how some model APIs say that they are overloaded. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

/** An answer that is not 200. */
export function statusFailure({ url, status, text, hasKey, retryAfterMs }: Refused): EndpointFailure {
  const said = saidBy(text);
  const words = said === '' ? '' : ` It says: ${said}`;
  const where = { file: url.origin + url.pathname };
  if (status === 401 || status === 403) {
    const message = hasKey
      ? `The endpoint does not accept the key (${status}).${words}`
      : `The endpoint answers only with a key (${status}).${words}`;
    const hint = hasKey ? 'Set another key with "Set Key".' : 'Name a key in the grader and set it with "Set Key".';
    return new EndpointFailure('permission-denied', message, { where, hint, status });
  }
  if (status >= 300 && status < 400) {
    return new EndpointFailure('not-available', `The endpoint points to another address (${status}).`, {
      where,
      hint: 'Texts and keys are not sent on: give the address where it really is.',
      status,
    });
  }
  if (status === 404 || status === 405) {
    return new EndpointFailure('not-available', `The endpoint has nothing under this address (${status}).${words}`, {
      where,
      hint: 'Check url, api and model of the grader.',
      status,
    });
  }
  if (LATER.has(status)) {
    const message = status === 429 ? 'The endpoint asks to wait: too many requests' : 'The endpoint cannot answer now';
    return new EndpointFailure('not-available', `${message} (${status}).${words}`, {
      where,
      hint: 'Try again later.',
      transient: true,
      down: status !== 429,
      retryAfterMs,
      status,
    });
  }
  return new EndpointFailure('not-available', `The endpoint refuses the request (${status}).${words}`, {
    where,
    hint: 'Check the settings of the grader.',
    status,
  });
}

const LONGEST_SAID = 300;

/** The message inside an error's JSON, in the forms of OpenAI, vLLM, text-embeddings-inference and FastAPI; else its text. */
function saidBy(text: string): string {
  let message: unknown = text;
  try {
    const { error, message: own, detail } = JSON.parse(text) as Record<string, unknown>;
    const inner = (error as { message?: unknown } | null | undefined)?.message;
    message =
      [inner, error, own, detail].find((each) => typeof each === 'string') ?? (text.trim() === '{}' ? '' : text);
  } catch {
    // Not JSON: as it stands.
  }
  return excerpt(String(message), LONGEST_SAID);
}

/** White space squeezed, cut to a length, without markup of an error page. */
export function excerpt(text: string, longest: number): string {
  const plain = text
    .replace(/<[^>]{0,200}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** One request over HTTP, through its redirects. The hub's token goes to the hub alone. */

import { StudioError } from '../../errors.ts';
import { isLoopback, remoteUrl, shownUrl } from './remote-name.ts';

/** Who is asked, and as whom. */
export interface RemoteAccess {
  /** The hub's address; a token is sent to this origin and to no other. */
  readonly hub: URL;
  readonly token?: string | undefined;
}

export interface RemoteAnswer {
  readonly response: Response;
  /** Where the answer came from in the end. */
  readonly from: URL;
}

const HUB = 'https://huggingface.co';
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The hub, or the one in its place that the environment names. */
export function hubOf(environment: NodeJS.ProcessEnv = process.env): URL {
  return remoteUrl(environment.HF_ENDPOINT?.trim() || HUB, 'HF_ENDPOINT');
}

/**
 * @param range bytes wanted, as the header `Range` has them
 * @throws StudioError 'not-available' where no server answers, 'usage' for a redirect that is not followed; the signal's reason
 */
export async function request(
  url: URL,
  access: RemoteAccess,
  { range, signal }: { readonly range?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<RemoteAnswer> {
  let from = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await send(from, access, range, signal);
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return { response, from };
    await response.body?.cancel();
    from = redirected(from, location);
  }
  throw new StudioError('not-available', 'The server sends the request in circles.', {
    where: { file: shownUrl(url) },
  });
}

async function send(url: URL, { hub, token }: RemoteAccess, range?: string, signal?: AbortSignal): Promise<Response> {
  signal?.throwIfAborted();
  const headers = new Headers({ 'accept-encoding': 'identity', 'user-agent': 'reward-studio' });
  if (range !== undefined) headers.set('range', range);
  if (token !== undefined && url.origin === hub.origin) headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(url, { headers, redirect: 'manual', ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Unreachable(url, error);
  }
}

/** Never from the network into this machine, and never to where `remoteUrl` would not go. */
export function redirected(from: URL, location: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target && (isLoopback(from) || !isLoopback(target))) return remoteUrl(target.href);
  throw new StudioError('not-available', 'The server points to an address that is not followed.', {
    where: { file: shownUrl(from) },
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ETIMEDOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
/** Certificates of authorities that Node does not know, as inside companies. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/;

/** A server that does not answer, or no longer. */
export class Unreachable extends StudioError {
  constructor(url: URL, error: unknown) {
    const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    const code = cause?.code ?? 'no connection';
    const untrusted = UNTRUSTED.test(code);
    const reason = untrusted ? `nobody known here vouches for its certificate (${code})` : (REASONS[code] ?? code);
    super('not-available', `The server ${url.host} cannot be reached: ${reason}.`, {
      hint: untrusted
        ? "Name your authority's certificate in the environment variable NODE_EXTRA_CA_CERTS and start VS Code again."
        : 'Check the address and the network connection.',
      cause: error,
    });
  }
}

/** Why a request was not answered with what was asked for. */
export function refusal({ response: { status }, from }: RemoteAnswer, { hub, token }: RemoteAccess): StudioError {
  const where = { file: shownUrl(from) };
  const atHub = from.origin === hub.origin;
  if (status === 401) {
    return new StudioError('permission-denied', 'The server answers only those who log in (401).', {
      where,
      hint: atHub ? tokenHint(token) : 'Download the file where you are logged in, and open the copy.',
    });
  }
  if (status === 403) {
    return new StudioError('permission-denied', 'The server refuses access (403).', {
      where,
      hint: atHub
        ? 'Accept the terms on the page of the dataset, or set a token that may read it.'
        : 'The address may have expired: get a new one.',
    });
  }
  if (status === 404 || status === 410) {
    return new StudioError('file-not-found', `The server has nothing under this address (${status}).`, {
      where,
      hint: 'Check the address.',
    });
  }
  const what = status === 429 ? 'The server asks to wait: too many requests' : 'The server cannot answer';
  return new StudioError('not-available', `${what} (${status}).`, { where, hint: 'Try again later.' });
}

function tokenHint(token: string | undefined): string {
  const set = '"Reward Studio: Set Hugging Face Token"';
  return token === undefined
    ? `It may be private or not exist: check the name, or give a token that may read it with ${set}.`
    : `The token is not accepted: give another with ${set}.`;
}

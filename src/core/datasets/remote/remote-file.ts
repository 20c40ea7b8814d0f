/** A file on a server that answers requests for parts of it. */

import { StudioError } from '../../errors.ts';
import { shownUrl } from './remote-name.ts';
import { type RemoteAccess, type RemoteAnswer, refusal, request, Unreachable } from './request.ts';

/** What a server says of a file; the version is its ETag or else its time of change, empty where it says neither. */
export interface FileVersion {
  readonly bytes: number;
  readonly version: string;
}

/** A connection may break once: servers close those that were idle. */
const ATTEMPTS = 2;
/** Statuses of an address that has expired, behind a redirect. */
const EXPIRED = new Set([401, 403, 404, 410]);

export class RemoteFile implements FileVersion {
  readonly url: URL;
  readonly bytes: number;
  readonly version: string;
  readonly #access: RemoteAccess;
  readonly #onBytes: (bytes: number) => void;
  /** Where redirects led; asked directly until it no longer answers. */
  #direct: URL;

  private constructor(
    url: URL,
    access: RemoteAccess,
    { bytes, version }: FileVersion,
    direct: URL,
    onBytes: (bytes: number) => void,
  ) {
    this.url = url;
    this.bytes = bytes;
    this.version = version;
    this.#access = access;
    this.#direct = direct;
    this.#onBytes = onBytes;
  }

  /**
   * @param first how many bytes from the start to ask for at once, the answer to which says how large the file is
   * @param onBytes told of every piece that arrives
   * @throws StudioError 'unsupported-file' where the server sends whole files only; 'permission-denied', 'file-not-found',
   *   'not-available', 'truncated-file'
   */
  static async open(
    url: URL,
    access: RemoteAccess,
    first: number,
    onBytes: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<{ readonly file: RemoteFile; readonly start: Uint8Array }> {
    return attempted(async () => {
      const answer = await request(url, access, { range: `bytes=0-${first - 1}`, signal });
      const { response, from } = answer;
      if (response.status === 416 && response.headers.get('content-range') === 'bytes */0') {
        await response.body?.cancel();
        return { file: new RemoteFile(url, access, { bytes: 0, version: '' }, from, onBytes), start: new Uint8Array() };
      }
      const found = await partOf(answer, url, access);
      const start = await receive(answer, Math.min(first, found.bytes), onBytes, signal);
      return { file: new RemoteFile(url, access, found, from, onBytes), start };
    });
  }

  /**
   * @param end exclusive
   * @throws StudioError 'not-available', also where the file is no longer the one that was opened; 'truncated-file'
   */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    return attempted(async () => {
      const range = `bytes=${start}-${end - 1}`;
      let answer = await request(this.#direct, this.#access, { range, signal });
      if (EXPIRED.has(answer.response.status) && this.#direct !== this.url) {
        await answer.response.body?.cancel();
        answer = await request(this.url, this.#access, { range, signal });
      }
      const found = await partOf(answer, this.url, this.#access, start);
      if (found.bytes !== this.bytes || found.version !== this.version) {
        await answer.response.body?.cancel();
        throw changed(this.url);
      }
      this.#direct = answer.from;
      return receive(answer, end - start, this.#onBytes, signal);
    });
  }
}

export function changed(url: URL): StudioError {
  return new StudioError('not-available', 'The file on the server has changed since it was opened.', {
    where: { file: shownUrl(url) },
    hint: 'Reload to read it as it is now.',
  });
}

export function versionOf({ headers }: Response): string {
  return headers.get('etag')?.replace(/^W\//, '') ?? headers.get('last-modified') ?? '';
}

/** The whole of a file, as an answer with a part of it tells. */
async function partOf(answer: RemoteAnswer, url: URL, access: RemoteAccess, start = 0): Promise<FileVersion> {
  const { response } = answer;
  const { status, headers } = response;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '');
  const plain = (headers.get('content-encoding') ?? 'identity') === 'identity';
  if (status === 206 && range && Number(range[1]) === start && plain) {
    return { bytes: Number(range[2]), version: versionOf(response) };
  }
  await response.body?.cancel();
  // A part that lies behind the end: the file became shorter.
  if (status === 416) throw changed(url);
  if (status !== 200 && status !== 206) throw refusal(answer, access);
  throw new StudioError('unsupported-file', 'The server sends whole files only, no parts of them.', {
    where: { file: shownUrl(url) },
    hint: 'Download it, and open the copy.',
  });
}

/** The body of an answer, which has to have this length. */
async function receive(
  { response, from }: RemoteAnswer,
  length: number,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const whole = new Uint8Array(length);
  let filled = 0;
  try {
    for await (const piece of response.body ?? []) {
      onBytes(piece.byteLength);
      if (filled + piece.byteLength > length) throw tooLong(from);
      whole.set(piece, filled);
      filled += piece.byteLength;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof StudioError ? error : new BrokenOff(from, filled, length, error);
  }
  if (filled < length) throw new BrokenOff(from, filled, length);
  return whole;
}

/** The connection broke; asking again may help. */
class BrokenOff extends StudioError {
  constructor(from: URL, received: number, length: number, cause?: unknown) {
    super('truncated-file', `The answer broke off after ${received} of ${length} bytes.`, {
      where: { file: shownUrl(from) },
      hint: 'Check the network connection and reload.',
      cause,
    });
  }
}

function tooLong(from: URL): StudioError {
  return new StudioError('not-available', 'The server sends something else than the part asked for.', {
    where: { file: shownUrl(from) },
    hint: 'Download it, and open the copy.',
  });
}

async function attempted<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const broken = error instanceof BrokenOff || error instanceof Unreachable;
      if (!broken || attempt === ATTEMPTS) throw error;
    }
  }
}

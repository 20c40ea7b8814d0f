/** Fetches a whole remote file to a path, under another name until it is whole; one that was broken off is gone on with. */

import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { StudioError } from '../../errors.ts';
import { actionable } from '../writers/output-file.ts';
import { changed, type FileVersion, versionOf } from './remote-file.ts';
import { shownUrl } from './remote-name.ts';
import { type RemoteAccess, type RemoteAnswer, refusal, request } from './request.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** @param total undefined where the server does not say */
  readonly onProgress: (bytes: number, total: number | undefined) => void;
}

/**
 * @param target replaced when the download is whole
 * @throws StudioError as `RemoteFile`; 'permission-denied', 'disk-full'; the signal's reason
 */
export async function download(
  url: URL,
  target: string,
  access: RemoteAccess,
  options: DownloadOptions,
): Promise<void> {
  const found = await askForVersion(url, access, options.signal);
  // The name tells of which file this is the beginning: of another, nothing is gone on with.
  const part = found ? `${target}.${fingerprint(url, found)}.part` : `${target}.part`;
  const handle = await actionable(target, () => open(part, found ? 'a' : 'w'));
  let whole = false;
  try {
    await fetchInto(handle, url, access, found, target, options);
    await actionable(target, () => handle.sync());
    whole = true;
  } finally {
    await handle.close();
    if (!whole && !found) await rm(part, { force: true });
  }
  await actionable(target, () => rename(part, target));
}

/** What can be gone on with: undefined where the server sends whole files only, or gives no version of this one. */
async function askForVersion(url: URL, access: RemoteAccess, signal?: AbortSignal): Promise<FileVersion | undefined> {
  const answer = await request(url, access, { range: 'bytes=0-0', signal });
  const { response } = answer;
  await response.body?.cancel();
  if (response.status !== 206) {
    if (response.status === 200 || response.status === 416) return undefined;
    throw refusal(answer, access);
  }
  const bytes = totalOf(response);
  const version = versionOf(response);
  return bytes === undefined || version === '' ? undefined : { bytes, version };
}

async function fetchInto(
  handle: FileHandle,
  url: URL,
  access: RemoteAccess,
  found: FileVersion | undefined,
  target: string,
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  let received = found ? (await handle.stat()).size : 0;
  if (found && received > found.bytes) {
    await handle.truncate(0);
    received = 0;
  }
  if (found && received === found.bytes) return;
  const answer = await request(url, access, { signal, ...(received > 0 && { range: `bytes=${received}-` }) });
  await refuseOther(answer, url, access, found, received);
  const total = found?.bytes ?? lengthOf(answer.response);
  try {
    for await (const piece of answer.response.body ?? []) {
      await actionable(target, () => handle.writeFile(piece));
      received += piece.byteLength;
      onProgress(received, total);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof StudioError ? error : brokenOff(url, received, total, error);
  }
  if (total !== undefined && received !== total) throw brokenOff(url, received, total);
}

async function refuseOther(
  answer: RemoteAnswer,
  url: URL,
  access: RemoteAccess,
  found: FileVersion | undefined,
  received: number,
): Promise<void> {
  const { response } = answer;
  const wanted = received > 0 ? 206 : 200;
  const same = !found || versionOf(response) === found.version;
  if (response.status === wanted && same) return;
  await response.body?.cancel();
  throw response.ok ? changed(url) : refusal(answer, access);
}

function fingerprint(url: URL, { bytes, version }: FileVersion): string {
  return createHash('sha256')
    .update(`${shownUrl(url)}\n${bytes}\n${version}`)
    .digest('hex')
    .slice(0, 8);
}

function totalOf({ headers }: Response): number | undefined {
  const total = /^bytes \d+-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}

/** Of a body that is sent as it is. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}

function brokenOff(url: URL, received: number, total: number | undefined, cause?: unknown): StudioError {
  const of = total === undefined ? '' : ` of ${total}`;
  return new StudioError('truncated-file', `The download broke off after ${received}${of} bytes.`, {
    where: { file: shownUrl(url) },
    hint: 'Download it again: what has arrived is kept where the server can go on from there.',
    cause,
  });
}

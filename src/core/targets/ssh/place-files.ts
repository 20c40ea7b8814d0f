/** Brings files to the other machine: whole under their place or not at all, each compared by its hash, and from where an earlier try ended. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { type ErrorReport, errorFromReport, StudioError } from '../../errors.ts';
import { formatBytes } from '../../sizes.ts';
import type { SshClient } from './ssh-client.ts';

export interface PlacedFile {
  /** There, relative to the place, with slashes. */
  readonly path: string;
  /** Here. */
  readonly source: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Placement {
  /** There; may begin with `~`. */
  readonly folder: string;
  /** Relative to it. */
  readonly place: string;
  readonly files: readonly PlacedFile[];
  /** What it is, for a person. */
  readonly what: string;
}

/** Absolute paths of that machine. */
export interface Placed {
  readonly folder: string;
  readonly place: string;
  readonly python: string;
}

interface Answer {
  readonly folder: string;
  readonly place: string;
  readonly python: string;
  /** Bytes of each file that are there; null where all of it is. */
  readonly have: readonly number[] | null;
}

export interface PlaceOptions {
  readonly python: string;
  /** Has the program that receives. */
  readonly packageFolder: string;
  readonly report: (message: string) => void;
  readonly signal: AbortSignal;
}

/** @throws StudioError 'not-reachable', 'disk-full' (there), 'not-available' where no Python is */
export async function placeFiles(
  client: SshClient,
  { folder, place, files, what }: Placement,
  { python, packageFolder, report, signal }: PlaceOptions,
): Promise<Placed> {
  const receiver = await readFile(path.join(packageFolder, 'reward_studio', 'there', 'receive.py'), 'utf8');
  const process = client.start({ words: [python, '-c', receiver] }, signal);
  // What cannot be written any more is told by how the process ends.
  process.stdin.on('error', () => {});
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw await endOf(client, process, python, signal);
    const parsed = parse<T & { readonly error?: string; readonly code?: ErrorReport['code'] }>(value, client);
    if (parsed.error === undefined) return parsed;
    throw errorFromReport({
      code: parsed.code ?? 'not-available',
      message: `${client.name.destination}: ${parsed.error}.`,
      where: { file: path.posix.join(folder, place) },
      hint: 'Free some space there, or name another folder for this target.',
    });
  };
  try {
    const listed = files.map(({ path: name, bytes, sha256 }) => ({ path: name, bytes, sha256 }));
    process.stdin.write(`${JSON.stringify({ folder, place, files: listed })}\n`);
    const there = await answer<Answer>();
    if (there.have !== null) {
      await send(process.stdin, files, there.have, what, report);
      process.stdin.end();
      await answer<{ done: true }>();
    }
    process.stdin.end();
    await process;
    return { folder: there.folder, place: there.place, python: there.python };
  } finally {
    process.kill();
  }
}

async function send(
  input: Writable,
  files: readonly PlacedFile[],
  have: readonly number[],
  what: string,
  report: (message: string) => void,
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let sent = have.reduce((sum, bytes) => sum + bytes, 0);
  for (const [at, { source, bytes }] of files.entries()) {
    if (have[at]! >= bytes) continue;
    for await (const chunk of createReadStream(source, { start: have[at]!, end: bytes - 1 })) {
      // Who takes no more has said why, or will by how it ends.
      if (input.destroyed) return;
      if (!input.write(chunk)) await Promise.race([once(input, 'drain'), once(input, 'close')]).catch(() => {});
      sent += (chunk as Buffer).length;
      report(`bringing ${what}, ${formatBytes(sent)} of ${formatBytes(total)}`);
    }
  }
}

async function endOf(
  client: SshClient,
  process: ReturnType<SshClient['start']>,
  python: string,
  signal: AbortSignal,
): Promise<StudioError> {
  const { exitCode, stderr, cause } = await process;
  if (signal.aborted) return new StudioError('cancelled', 'Cancelled.');
  const said = Buffer.from(stderr).toString('utf8');
  if (exitCode === 127 || exitCode === 126) {
    return new StudioError('not-available', `${client.name.destination}: there is no Python "${python}".`, {
      hint: 'Name its interpreter with "Add Training Target", or "python" in .reward-studio/targets.json.',
    });
  }
  return client.failure(said, cause);
}

function parse<T>(line: string, { name }: SshClient): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    throw new StudioError(
      'not-available',
      `${name.destination} answers with something else than our program: ${line.slice(0, 120)}`,
      {
        hint: 'A shell there that prints a greeting without a terminal has to be silent: see its .bashrc.',
        cause,
      },
    );
  }
}

/** The name of a folder by what is in it. */
export function hashOf(files: readonly PlacedFile[]): string {
  const hash = createHash('sha256');
  for (const { path: name, sha256 } of files) hash.update(`${sha256}  ${name}\n`);
  return hash.digest('hex').slice(0, 32);
}

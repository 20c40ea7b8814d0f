/** Copies a folder of the other machine: whole or not at all, from where an earlier try ended, every file compared by its hash. */

import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { formatBytes } from '../../sizes.ts';
import { hashFile } from '../remote/listed-files.ts';
import type { SshClient } from './ssh-client.ts';

const fileSchema = z.object({ path: z.string().min(1), bytes: z.number().int().min(0), sha256: z.string() });

export interface FolderThere {
  /** A line of JSON for each file. */
  readonly list: () => Promise<string>;
  readonly send: (file: string, offset: number) => ReturnType<SshClient['start']>;
  readonly failure: (said: string, cause: unknown) => StudioError;
}

export async function fetchFolder(
  there: FolderThere,
  destination: string,
  report: (message: string) => void,
): Promise<void> {
  const files = (await there.list())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => fileSchema.parse(JSON.parse(line)));
  const partial = `${destination}.partial`;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let got = 0;
  for (const { path: name, bytes, sha256 } of files) {
    const target = inside(partial, name);
    await mkdir(path.dirname(target), { recursive: true });
    const have = Math.min(bytes, (await stat(target).catch(() => undefined))?.size ?? 0);
    got += have;
    if (have < bytes || bytes === 0) {
      const process = there.send(name, have);
      process.stdin.end();
      process.stdout.on('data', (chunk: Buffer) => {
        got += chunk.length;
        report(`fetching ${path.basename(destination)}, ${formatBytes(got)} of ${formatBytes(total)}`);
      });
      await pipeline(process.stdout, createWriteStream(target, { flags: 'a' }));
      const { failed, stderr, cause } = await process;
      if (failed) throw there.failure(Buffer.from(stderr).toString('utf8'), cause);
    }
    if ((await hashFile(target)) !== sha256) {
      // What an earlier try left was of another content.
      await rm(target);
      throw new StudioError('not-reachable', `${name} arrived with another content than it has there.`, {
        where: { file: target },
        hint: 'It is fetched again.',
      });
    }
  }
  await rm(destination, { recursive: true, force: true });
  await rename(partial, destination);
}

/** Names are what the other machine says: none may lead out of the folder. */
function inside(folder: string, name: string): string {
  const found = path.resolve(folder, ...name.split('/'));
  if (found.startsWith(folder + path.sep) && !path.isAbsolute(name)) return found;
  throw new StudioError('invalid-model', `A file of the model is named "${name}", which leads out of its folder.`, {
    hint: 'Do not trust what that machine sends.',
  });
}

/**
 * Keeps on disk where the pages of a file stand, for files without an index of their own, so that opening one again does
 * not walk its page headers again. A file is known by its path, size and time of change.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { PageLocations } from './page-locations.ts';

export const PAGE_INDEX_VERSION = 1;
const ENDING = '.pages.gz';
const MOST_FILES = 200;
const MOST_BYTES = 64 * 2 ** 20;

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);

export interface CachedPages {
  readonly group: number;
  readonly leaf: number;
  readonly locations: PageLocations;
}

/** What tells a file from what it was before. */
export interface FileIdentity {
  readonly path: string;
  readonly size: number;
  /** Nanoseconds, as text. */
  readonly changed: string;
}

export async function identifyFile(file: string): Promise<FileIdentity> {
  const { size, mtimeNs } = await stat(file, { bigint: true });
  return { path: path.resolve(file), size: Number(size), changed: String(mtimeNs) };
}

export class PageIndexCache {
  readonly #folder: string;
  readonly #mostFiles: number;

  constructor(folder: string, mostFiles = MOST_FILES) {
    this.#folder = folder;
    this.#mostFiles = mostFiles;
  }

  /** What is kept of the file; nothing where that is unreadable or of another state of the file. */
  async load(identity: FileIdentity): Promise<CachedPages[]> {
    const name = this.#nameOf(identity);
    try {
      const text = await gunzip(await readFile(name), { maxOutputLength: MOST_BYTES * 8 });
      const { parsePageIndex } = await import('./page-index-content.ts');
      const content = parsePageIndex(text.toString());
      if (content.path !== identity.path || content.size !== identity.size) return [];
      if (content.changed !== identity.changed) return [];
      // The time says which files were used last, for the pruning.
      await utimes(name, new Date(), new Date());
      return content.entries.map(({ group, leaf, numbers }) => ({
        group,
        leaf,
        locations: PageLocations.from(numbers),
      }));
    } catch {
      return [];
    }
  }

  /** A cache that cannot be written is no reason to fail: the next opening walks again. */
  async save(identity: FileIdentity, pages: readonly CachedPages[]): Promise<void> {
    const entries = pages.map(({ group, leaf, locations }) => ({ group, leaf, numbers: locations.toNumbers() }));
    const temporary = path.join(this.#folder, `.${randomUUID()}.tmp`);
    try {
      const content = await gzip(JSON.stringify({ version: PAGE_INDEX_VERSION, ...identity, entries }));
      if (content.length > MOST_BYTES) return;
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, content, { mode: 0o600 });
      await rename(temporary, this.#nameOf(identity));
      await this.#prune();
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  /** Removes the files that were used longest ago, until the rest fits. */
  async #prune(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING));
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.#folder, name);
        const { size, mtimeMs } = await stat(file);
        return { file, size, mtimeMs };
      }),
    );
    files.sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const [index, { file, size }] of files.entries()) {
      bytes += size;
      if (index >= this.#mostFiles || bytes > MOST_BYTES) await rm(file, { force: true });
    }
  }

  /** The path may be private and long: only its hash is in the name. */
  #nameOf({ path: file }: FileIdentity): string {
    return path.join(this.#folder, `${createHash('sha256').update(file).digest('hex').slice(0, 32)}${ENDING}`);
  }
}

/** Brings the pages that a cache keeps into an open file, and back when enough new ones were found. */

import { type CachedPages, type FileIdentity, identifyFile, PageIndexCache } from './page-index-cache.ts';
import type { PageSource } from './row-group-pages.ts';
import type { RowReader } from './row-reader.ts';

/** Fewer page headers are walked as fast as a cache is read. */
const WORTH_KEEPING = 256;

export class KeptPages {
  readonly #cache: PageIndexCache;
  readonly #identity: FileIdentity;
  readonly #reader: RowReader;
  #walkedBefore = 0;
  #saving: Promise<void> = Promise.resolve();

  private constructor(cache: PageIndexCache, identity: FileIdentity, reader: RowReader) {
    this.#cache = cache;
    this.#identity = identity;
    this.#reader = reader;
  }

  /** @param folder where the cache is */
  static async restore(folder: string, source: PageSource, reader: RowReader): Promise<KeptPages> {
    const identity = await identifyFile(source.file);
    const cache = new PageIndexCache(folder);
    for (const { group, leaf, locations } of await cache.load(identity)) {
      const chunk = source.schema.leaves[leaf];
      if (source.metadata.row_groups[group] && chunk) reader.group(group).restore(chunk, locations);
    }
    return new KeptPages(cache, identity, reader);
  }

  /** Call after a read; writes in the background. */
  keep(): void {
    let walked = 0;
    for (const group of this.#reader.groups.values()) walked += group.pagesWalked;
    if (walked - this.#walkedBefore < WORTH_KEEPING) return;
    this.#walkedBefore = walked;
    const pages: CachedPages[] = [];
    for (const [index, group] of this.#reader.groups) {
      for (const [leaf, locations] of group.walked()) pages.push({ group: index, leaf, locations });
    }
    if (pages.length > 0) this.#saving = this.#saving.then(() => this.#cache.save(this.#identity, pages));
  }

  /** Waits for what is being written. */
  settled(): Promise<void> {
    return this.#saving;
  }
}

/** The values of a leaf for a range of rows: only the pages that hold them are read. */

import type { TextColumn } from '../../dataset.ts';
import { Dictionary } from './dictionary.ts';
import { type DecodedRun, type LeafValues, rowsOf, textsOf } from './leaf-rows.ts';
import { type Convert, converterOf } from './leaf-values.ts';
import type { Leaf } from './leaves.ts';
import type { PageCache } from './page-cache.ts';
import { decodeDictionary, decodePage, type PageContent, type PageDecoder, verifyChecksum } from './page-content.ts';
import { parsePageHeader } from './page-header.ts';
import type { PageLocations, PageRun } from './page-locations.ts';
import { damagedColumn, type PageSource, type RowGroupPages } from './row-group-pages.ts';
import { StreamedPage } from './streamed-page.ts';

/** What one open file keeps of the pages it has read. */
export interface PageCaches {
  /** Pages that a pass over the rows is in; `whole` for those that cannot be read so. */
  readonly streams: Map<string, StreamedPage | 'whole'>;
  readonly runs: PageCache<DecodedRun>;
  readonly dictionaries: PageCache<Dictionary>;
}

/** Neighbouring runs up to so many bytes are read at once. */
const LARGEST_READ = 16 * 2 ** 20;

/** The pages do not hold the rows that the index says. */
class WrongIndex extends Error {}

interface Found {
  readonly values: () => LeafValues;
  /** The values as texts in bytes, where they are kept so. */
  readonly texts: TextColumn | undefined;
  /** The run that the rows end in. */
  readonly last: DecodedRun | undefined;
}

export class LeafReader {
  readonly #source: PageSource;
  readonly #pages: RowGroupPages;
  readonly #group: number;
  readonly #leaf: Leaf;
  readonly #caches: PageCaches;
  readonly #convert: Convert;

  constructor(source: PageSource, pages: RowGroupPages, group: number, leaf: Leaf, caches: PageCaches) {
    this.#source = source;
    this.#pages = pages;
    this.#group = group;
    this.#leaf = leaf;
    this.#caches = caches;
    this.#convert = converterOf(leaf.element);
  }

  /**
   * @param start first row of the row group, `end` exclusive
   * @param last the run that the read before ended in, which this one may begin in
   * @param forward whether nobody comes back to these rows
   * @param asTexts whether texts are wanted as bytes
   * @throws StudioError 'damaged-file'; the signal's reason
   */
  async read(
    start: number,
    end: number,
    last: DecodedRun | undefined,
    forward: boolean,
    asTexts: boolean,
    signal?: AbortSignal,
  ): Promise<Found> {
    const locations = await this.#pages.locate(this.#leaf, end, signal);
    try {
      const runs = await this.#decodedRuns(locations, start, end, last, forward, signal);
      const final = runs.at(-1);
      const texts = asTexts ? textsOf(runs, start, end, this.#leaf, this.#convert) : undefined;
      const make = () => rowsOf(runs, start, end, this.#leaf, this.#convert);
      const made = texts ? undefined : make();
      return { values: () => made ?? make(), texts, last: final?.streamed ? undefined : final };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof WrongIndex && this.#pages.distrustIndex(this.#leaf)) {
        return this.read(start, end, undefined, forward, asTexts, signal);
      }
      throw damagedColumn(this.#source.file, this.#leaf, this.#group, error);
    }
  }

  async #decodedRuns(
    locations: PageLocations,
    start: number,
    end: number,
    last: DecodedRun | undefined,
    forward: boolean,
    signal?: AbortSignal,
  ): Promise<DecodedRun[]> {
    const runs: DecodedRun[] = [];
    let dictionary = last?.dictionary;
    const missing: { run: PageRun; at: number; key: string }[] = [];
    for (let index = locations.find(start); index < locations.runs; index++) {
      const run = locations.run(index, this.#pages.rows);
      if (run.firstRow >= end) break;
      const key = `${this.#group}.${this.#leaf.index}.${run.offset}`;
      const streamed = forward
        ? this.#streamed(key, run, Math.max(start, run.firstRow), Math.min(end, run.endRow))
        : undefined;
      if (streamed) {
        runs.push(streamed);
        continue;
      }
      const known = [last, this.#caches.runs.get(key)].find((decoded) => isSame(decoded?.run, run));
      if (known) dictionary = known.dictionary;
      else missing.push({ run, at: runs.length, key });
      runs.push(known ?? { run, pages: [], dictionary: undefined });
    }
    if (missing.length === 0) return runs;
    await this.#source.codecs.prepare(this.#pages.chunk(this.#leaf).codec);
    dictionary ??= await this.#dictionary(locations, signal);
    for (const batch of batches(missing)) {
      const first = batch[0]!.run;
      const bytes = await this.#bytes(first.offset, endOf(batch.at(-1)!.run), signal);
      for (const { run, at, key } of batch) {
        const from = run.offset - first.offset;
        const decoded = { run, dictionary, pages: this.#decode(bytes.subarray(from, from + run.bytes), run) };
        runs[at] = decoded;
        this.#caches.runs.set(key, decoded, sizeOf(decoded));
      }
    }
    return runs;
  }

  /** Undefined where the page has to be read as a whole; where it is damaged, that says what is wrong with it. */
  #streamed(key: string, run: PageRun, from: number, to: number): DecodedRun | undefined {
    const { streams } = this.#caches;
    let page = streams.get(key);
    try {
      if (page === undefined || (page !== 'whole' && page.row > from)) {
        page = StreamedPage.open(run, this.#leaf, this.#pages.chunk(this.#leaf).codec, this.#source.bytes) ?? 'whole';
        streams.set(key, page);
      }
      if (page === 'whole') return undefined;
      const pages = [page.read(from, to)];
      return { run: { ...run, firstRow: from, endRow: to }, pages, dictionary: undefined, streamed: true };
    } catch {
      streams.set(key, 'whole');
      return undefined;
    }
  }

  async #bytes(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    return new Uint8Array(await this.#source.bytes.slice(start, end, signal));
  }

  async #dictionary(locations: PageLocations, signal?: AbortSignal): Promise<Dictionary | undefined> {
    if (!locations.dictionary) return undefined;
    const { offset, bytes } = locations.dictionary;
    const key = `${this.#group}.${this.#leaf.index}`;
    const known = this.#caches.dictionaries.get(key);
    if (known) return known;
    const page = await this.#bytes(offset, offset + bytes, signal);
    const header = parsePageHeader(page);
    if (header.kind !== 'dictionary') return undefined;
    const body = page.subarray(header.headerBytes, header.headerBytes + header.bodyBytes);
    if (body.length < header.bodyBytes) throw new Error('its dictionary is cut off');
    verifyChecksum(header, body);
    const dictionary = new Dictionary(decodeDictionary(header, body, this.#decoder()), this.#convert);
    // A word takes its bytes, and as much again once it is converted.
    this.#caches.dictionaries.set(key, dictionary, 2 * header.uncompressedBytes + 16 * header.values);
    return dictionary;
  }

  #decode(bytes: Uint8Array, run: PageRun): PageContent[] {
    const pages: PageContent[] = [];
    for (let at = 0; at < bytes.length; ) {
      const header = parsePageHeader(bytes.subarray(at));
      at += header.headerBytes + header.bodyBytes;
      if (at > bytes.length) throw new Error('a page is longer than its place');
      if (header.kind !== 'data' && header.kind !== 'data-v2')
        throw new Error('there is no data page where one should be');
      const body = bytes.subarray(at - header.bodyBytes, at);
      verifyChecksum(header, body);
      pages.push(decodePage(header, body, this.#decoder()));
    }
    const rows = pages.reduce((sum, page) => sum + rowStarts(page), 0);
    const first = pages[0]?.repetition?.[0] ?? 0;
    if (rows !== run.endRow - run.firstRow || first !== 0) {
      throw new WrongIndex(`a page holds ${rows} rows where the index says ${run.endRow - run.firstRow}`);
    }
    return pages;
  }

  #decoder(): PageDecoder {
    const { codec } = this.#pages.chunk(this.#leaf);
    return { leaf: this.#leaf, codec, decompress: this.#source.codecs.decompress(codec) };
  }
}

function isSame(known: PageRun | undefined, { offset, firstRow, endRow }: PageRun): boolean {
  return known?.offset === offset && known.firstRow === firstRow && known.endRow === endRow;
}

function endOf(run: PageRun): number {
  return run.offset + run.bytes;
}

/** Runs that lie side by side in the file, as many as one read takes. */
function batches<T extends { readonly run: PageRun }>(missing: readonly T[]): T[][] {
  const found: T[][] = [];
  for (const item of missing) {
    const batch = found.at(-1);
    const first = batch?.[0]?.run;
    const follows = batch?.at(-1) && endOf(batch.at(-1)!.run) === item.run.offset;
    if (batch && first && follows && endOf(item.run) - first.offset <= LARGEST_READ) batch.push(item);
    else found.push([item]);
  }
  return found;
}

/** About what a decoded run takes in memory: levels, and values by what they are made of. */
function sizeOf({ run, pages }: DecodedRun): number {
  const values = pages.reduce(
    (sum, page) => sum + page.count * 2 + page.raw.length * (Array.isArray(page.raw) ? 64 : 8),
    0,
  );
  return run.bytes + values + pages.reduce((sum, page) => sum + page.bytes, 0);
}

function rowStarts(page: PageContent): number {
  if (!page.repetition) return page.count;
  let rows = 0;
  for (const level of page.repetition) if (level === 0) rows++;
  return rows;
}

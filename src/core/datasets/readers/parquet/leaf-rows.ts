/** The rows that are wanted, cut out of decoded pages, with their values as cells. */

import type { TextColumn, TextPiece } from '../../dataset.ts';
import type { Dictionary } from './dictionary.ts';
import { type Convert, text } from './leaf-values.ts';
import type { Leaf } from './leaves.ts';
import type { PageContent } from './page-content.ts';
import type { PageRun } from './page-locations.ts';
import { PlainByteArrays } from './plain-byte-arrays.ts';

/** Levels and values of whole rows. Without `definition` all values are present; without `repetition` each is a row. */
export interface LeafValues {
  readonly count: number;
  readonly definition: Uint8Array | undefined;
  readonly repetition: Uint8Array | undefined;
  /** The values that are present. */
  readonly values: readonly unknown[];
}

/** The pages of a run, decoded. */
export interface DecodedRun {
  readonly run: PageRun;
  readonly pages: readonly PageContent[];
  readonly dictionary: Dictionary | undefined;
  /** Only some of its rows, which are gone with the next read. */
  readonly streamed?: true;
}

export function rowsOf(
  runs: readonly DecodedRun[],
  start: number,
  end: number,
  leaf: Leaf,
  convert: Convert,
): LeafValues {
  const values: unknown[] = [];
  const definitions: Uint8Array[] = [];
  const repetitions: Uint8Array[] = [];
  let count = 0;
  let allPresent = true;
  for (const { run, pages, dictionary } of runs) {
    let row = run.firstRow;
    for (const page of pages) {
      const { from, to, nextRow } = levelsOf(page, row, start, end);
      row = nextRow;
      if (from === to) continue;
      count += to - from;
      if (page.definition) allPresent = false;
      definitions.push(page.definition?.subarray(from, to) ?? new Uint8Array(to - from).fill(leaf.maxDefinition));
      if (page.repetition) repetitions.push(page.repetition.subarray(from, to));
      const firstValue = present(page, 0, from, leaf);
      const lastValue = firstValue + present(page, from, to, leaf);
      const texts =
        !page.inDictionary && convert === text && page.raw instanceof PlainByteArrays ? page.raw : undefined;
      for (let index = firstValue; index < lastValue; index++) {
        const decoded = texts?.textAt(index);
        if (decoded !== undefined) {
          values.push(decoded);
          continue;
        }
        const raw = page.raw.at(index);
        values.push(page.inDictionary ? wordOf(dictionary, raw as number) : convert(raw));
      }
    }
  }
  return {
    count,
    definition: allPresent ? undefined : joined(definitions, count),
    repetition: leaf.maxRepetition === 0 ? undefined : joined(repetitions, count),
    values,
  };
}

/** The same values as texts in bytes; undefined where one may be missing, or they are kept otherwise. */
export function textsOf(
  runs: readonly DecodedRun[],
  start: number,
  end: number,
  leaf: Leaf,
  convert: Convert,
): TextColumn | undefined {
  if (convert !== text || leaf.maxRepetition > 0) return undefined;
  const pieces: TextPiece[] = [];
  for (const { run, pages } of runs) {
    let row = run.firstRow;
    for (const page of pages) {
      const { from, to, nextRow } = levelsOf(page, row, start, end);
      row = nextRow;
      if (from === to) continue;
      if (page.inDictionary || page.definition || !(page.raw instanceof PlainByteArrays)) return undefined;
      pieces.push({ bytes: page.raw.slice(from, to), count: to - from });
    }
  }
  return pieces;
}

function wordOf(dictionary: Dictionary | undefined, index: number): unknown {
  if (!dictionary) throw new Error('its dictionary is missing');
  return dictionary.at(index);
}

/** Which levels of a page belong to the rows; `row` is the one that the next row start of the page begins. */
function levelsOf(page: PageContent, row: number, start: number, end: number) {
  if (!page.repetition) {
    const within = (wanted: number) => Math.max(0, Math.min(page.count, wanted - row));
    return { from: within(start), to: within(end), nextRow: row + page.count };
  }
  let next = row;
  let from = -1;
  let to = page.count;
  for (let level = 0; level < page.count; level++) {
    if (page.repetition[level] === 0) next++;
    // The level belongs to row `next - 1`.
    if (from < 0 && next > start) from = level;
    if (next > end) {
      to = level;
      break;
    }
  }
  if (from < 0 || from > to) return { from: 0, to: 0, nextRow: next };
  return { from, to, nextRow: next };
}

function present(page: PageContent, from: number, to: number, leaf: Leaf): number {
  if (!page.definition) return to - from;
  let found = 0;
  for (let level = from; level < to; level++) if (page.definition[level] === leaf.maxDefinition) found++;
  return found;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

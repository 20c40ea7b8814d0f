/** Fixes as data: what would be done to how many rows. `applyFix` does it, for whoever writes the new file. */

import type { ColumnMap } from '../formats/binding.ts';
import type { Message, TrainingRecord } from '../records.ts';
import type { RowSet } from './row-set.ts';
import { hashPrompt, TextHash } from './text-hash.ts';

interface FixOf<Kind extends string> {
  readonly kind: Kind;
  /** Rows that it leaves out or changes. */
  readonly count: number;
  /** What it does, as a button's tooltip says it. */
  readonly description: string;
}

/** `map-labels` reads the file anew with `map`, as `--map` does; the other kinds are done to records. */
export type Fix =
  | FixOf<'drop-rows'>
  | FixOf<'drop-duplicates'>
  | FixOf<'move-system-prompt'>
  | FixOf<'balance-positions'>
  | (FixOf<'map-labels'> & { readonly map: ColumnMap });

export function dropRows(count: number, description: string): Fix {
  return { kind: 'drop-rows', count, description };
}

/**
 * @param rows all rows of the finding, from `CheckRun.rowsOf`
 * @returns the record as it is to be written; undefined where its row is left out
 */
export function applyFix(
  fix: Fix,
  rows: RowSet,
  { row, record }: { readonly row: number; readonly record: TrainingRecord },
): TrainingRecord | undefined {
  switch (fix.kind) {
    case 'drop-rows':
    case 'drop-duplicates':
      return rows.has(row) ? undefined : record;
    case 'move-system-prompt':
      return rows.has(row) ? withSystemFirst(record) : record;
    case 'balance-positions':
      return balanced(record);
    case 'map-labels':
      return record;
  }
}

function withSystemFirst(record: TrainingRecord): TrainingRecord {
  if (record.kind === 'conversation') return { ...record, messages: systemFirst(record.messages) ?? record.messages };
  return { ...record, prompt: systemFirst(record.prompt) ?? record.prompt };
}

/**
 * The messages with their system prompt in front, once.
 * @returns undefined where that is not safe: there is none, or there are two that differ
 */
export function systemFirst(messages: readonly Message[]): readonly Message[] | undefined {
  const [first, ...others] = messages.filter((message) => message.role === 'system');
  if (!first || others.some((other) => other.content !== first.content)) return undefined;
  return [first, ...messages.filter((message) => message.role !== 'system')];
}

const hash = new TextHash();

/** Swaps the two responses where a hash of the record says so, in half of the rows: then the position says nothing. */
function balanced(record: TrainingRecord): TrainingRecord {
  if (record.kind !== 'compared-responses') return record;
  const { prompt, responseA, responseB, preferred } = record;
  const low = hashPrompt([...prompt, ...responseA, ...responseB], hash).low;
  if ((low & 1) === 0) return record;
  const swapped = preferred === 'tie' ? 'tie' : preferred === 'A' ? 'B' : 'A';
  return { ...record, responseA: responseB, responseB: responseA, preferred: swapped };
}

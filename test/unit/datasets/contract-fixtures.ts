/** The contract fixtures, which Python runs too: rows of a shape and what has to come of them. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const CONTRACT_FOLDER = path.resolve(import.meta.dirname, '../../fixtures/contract');

/** What one record or problem of a row is, as a fixture writes it. */
export type Outcome =
  | { readonly kind: string }
  | { readonly problem: { readonly code: string; readonly field: string } };

export interface ShapeFixture {
  readonly shape: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** For each row, its records or its problem; of rows that train nothing, empty. */
  readonly records: readonly (readonly Outcome[])[];
  readonly recognition: {
    /** The best shape of the method; null where the rows train nothing. */
    readonly best: string | null;
    /** Every shape that fits, of any method, the best first. */
    readonly fitting: readonly string[];
    readonly unusable?: string;
  };
}

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(CONTRACT_FOLDER, `${name}.json`), 'utf8'));
}

/** The fixtures of shapes, by the name of their file; `text` and `split` are about something else. */
export function fixtureNames(): string[] {
  return readdirSync(CONTRACT_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.basename(name, '.json'))
    .filter((name) => name !== 'text' && name !== 'split')
    .sort();
}

/** Rows as the sets and exporters of others have them, with all of their columns: several may be of one shape. */
export function setNames(): string[] {
  return readdirSync(path.join(CONTRACT_FOLDER, 'sets'))
    .map((name) => `sets/${path.basename(name, '.json')}`)
    .sort();
}

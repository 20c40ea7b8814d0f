/** DuckDB as it was found on this machine, and its errors as a person reads them. It is optional: a package of ours may lack it. */

import { createRequire } from 'node:module';
import { type ErrorPlace, StudioError, toStudioError } from '../errors.ts';

export type DuckDb = typeof import('@duckdb/node-api');

const PACKAGE = '@duckdb/node-api';

/**
 * @param from a file; DuckDB is looked for in the `node_modules` of its folder and the folders above
 * @throws StudioError 'not-available' where DuckDB or its binary for this platform is missing
 */
export function loadDuckDb(from: string): DuckDb {
  try {
    return createRequire(from)(PACKAGE) as DuckDb;
  } catch (error) {
    throw new StudioError('not-available', 'DuckDB is not part of this installation.', {
      hint: `Search, filters, sorting, statistics and SQL need it: install the package of Reward Studio for ${process.platform}-${process.arch}. Browsing works without.`,
      cause: error,
    });
  }
}

/** What DuckDB calls the kind of error that it begins its messages with. */
const KIND = /^(?:Failed to \w+: )?([A-Z][\w-]*(?: [\w-]+){0,3}) Error: /;

/** The first sentence of DuckDB's message, without candidates, the query's text and advice about its settings. */
export function duckDbMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = ''] = message.replace(KIND, '').split('\n');
  return first.trim().replace(/[.:]?$/, '.');
}

/** An error of a question. A defect of ours in the SQL we make looks like a question that cannot be answered, too. */
export function toQueryError(error: unknown, where: ErrorPlace = {}): unknown {
  if (toStudioError(error) || !(error instanceof Error)) return error;
  const kind = KIND.exec(error.message)?.[1];
  if (kind === undefined) return error;
  const options = { where, cause: error };
  switch (kind) {
    case 'INTERRUPT':
      return new StudioError('cancelled', 'Cancelled.');
    case 'Out of Memory':
      return new StudioError('not-available', 'The question needs more memory than it may use.', {
        ...options,
        hint: 'Ask for fewer columns or rows, or raise the memory limit in the settings.',
      });
    case 'Permission':
      return new StudioError('permission-denied', duckDbMessage(error), {
        ...options,
        hint: 'Questions can read the opened dataset only.',
      });
    case 'IO':
      return new StudioError('damaged-file', duckDbMessage(error), {
        ...options,
        hint: 'Check that the file is whole and the disk not full.',
      });
    default:
      return new StudioError('usage', duckDbMessage(error), options);
  }
}

/**
 * What a question may touch: the files of its dataset to read, and one private folder to spill and export into. DuckDB
 * itself refuses the rest, and its settings are locked before the first question.
 */

import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from './identifiers.ts';

export interface Limits {
  /** Of DuckDB's own memory, in megabytes (10^6 bytes); what does not fit is kept in the private folder. */
  readonly memoryMegabytes: number;
  readonly threads: number;
}

/** Options that a database starts with. Nothing is ever installed, downloaded or loaded. */
export function databaseOptions(limits: Limits, spillFolder: string): Record<string, string> {
  return {
    memory_limit: `${limits.memoryMegabytes}MB`,
    threads: String(limits.threads),
    temp_directory: spillFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
  };
}

/** Progress is a setting of a connection, and settings are about to be locked. */
export async function prepareConnection(connection: DuckDBConnection): Promise<void> {
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
}

export async function lock(
  connection: DuckDBConnection,
  files: readonly string[],
  exportFolder: string,
): Promise<void> {
  // The footer of a file of many row groups is parsed once, not for every part of a question.
  await connection.run('SET GLOBAL parquet_metadata_cache = true');
  await connection.run(`SET allowed_paths = [${files.map(quoteText).join(', ')}]`);
  await connection.run(`SET allowed_directories = [${quoteText(exportFolder)}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

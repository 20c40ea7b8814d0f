/** The chunks of a result, and the row numbers in its first column. */

import type { DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { refuseAborted } from './connections.ts';

export interface NumberedChunk {
  readonly numbers: Uint32Array;
  readonly chunk: DuckDBDataChunk;
}

export async function* rowNumbers(result: DuckDBResult, signal?: AbortSignal): AsyncGenerator<NumberedChunk> {
  for await (const chunk of chunksOf(result, signal)) yield { numbers: numbersIn(chunk).slice(), chunk };
}

/**
 * The chunks as DuckDB makes them, of about two thousand rows.
 * @throws StudioError 'cancelled': an interrupt between two chunks would go unnoticed
 */
export async function* chunksOf(result: DuckDBResult, signal?: AbortSignal): AsyncGenerator<DuckDBDataChunk> {
  for (;;) {
    refuseAborted(signal);
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk;
  }
}

const PIECE_ROWS = 262_144;

/** Gathered into larger pieces, for answers that are nothing but row numbers. */
export async function* gatheredRowNumbers(result: DuckDBResult, signal?: AbortSignal): AsyncGenerator<Uint32Array> {
  let piece = new Uint32Array(PIECE_ROWS);
  let filled = 0;
  // Asked for chunk by chunk rather than through `chunksOf`: of a million rows a generator's turns show.
  for (;;) {
    refuseAborted(signal);
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    const numbers = numbersIn(chunk);
    if (filled + numbers.length > PIECE_ROWS) {
      yield piece.subarray(0, filled);
      piece = new Uint32Array(PIECE_ROWS);
      filled = 0;
    }
    piece.set(numbers, filled);
    filled += numbers.length;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** The vector's own storage, which belongs to DuckDB and goes with the chunk. */
function numbersIn(chunk: DuckDBDataChunk): Uint32Array {
  const { items } = chunk.getColumnVector(0) as unknown as { readonly items: Uint32Array };
  return items.subarray(0, chunk.rowCount);
}

/** A few connections to one database, lent to one question each: a question is cancelled by interrupting its own. */

import type { DuckDBConnection } from '@duckdb/node-api';
import { StudioError } from '../errors.ts';
import { toQueryError } from './duckdb.ts';

const PROGRESS_MILLISECONDS = 100;
const INTERRUPT_MILLISECONDS = 50;

export interface Asking {
  readonly signal?: AbortSignal | undefined;
  /** Called with 0 when the question begins, then now and then with what DuckDB thinks is done of the statement, up to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export class Connections {
  readonly #idle: DuckDBConnection[];
  readonly #all: readonly DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  constructor(connections: readonly DuckDBConnection[]) {
    this.#all = connections;
    this.#idle = [...connections];
  }

  /**
   * Runs a question on a connection of its own, waiting for one where all are lent.
   * @throws StudioError 'cancelled' as soon as the signal aborts and DuckDB has stopped; what DuckDB refuses, as a StudioError
   */
  async lend<T>({ signal, onProgress }: Asking, question: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#take(signal);
    let interrupting: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      // An interrupt that comes before a statement has begun is forgotten when it begins.
      interrupting = setInterval(() => connection.interrupt(), INTERRUPT_MILLISECONDS);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    onProgress?.(0);
    const watch = onProgress && setInterval(() => reportProgress(connection, onProgress), PROGRESS_MILLISECONDS);
    try {
      return await question(connection);
    } catch (error) {
      if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled.', { cause: error });
      throw toQueryError(error);
    } finally {
      clearInterval(watch);
      clearInterval(interrupting);
      signal?.removeEventListener('abort', interrupt);
      this.#giveBack(connection);
    }
  }

  close(): void {
    for (const connection of this.#all) connection.interrupt();
    for (const connection of this.#idle) connection.closeSync();
  }

  async #take(signal: AbortSignal | undefined): Promise<DuckDBConnection> {
    refuseAborted(signal);
    const idle = this.#idle.pop();
    if (idle) return idle;
    const connection = await new Promise<DuckDBConnection>((resolve) => this.#waiting.push(resolve));
    if (signal?.aborted) this.#giveBack(connection);
    refuseAborted(signal);
    return connection;
  }

  #giveBack(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }
}

function reportProgress(connection: DuckDBConnection, onProgress: (done: number) => void): void {
  const { percentage } = connection.progress;
  // DuckDB says -1 while it cannot tell.
  if (percentage >= 0) onProgress(Math.min(1, percentage / 100));
}

export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled.');
}

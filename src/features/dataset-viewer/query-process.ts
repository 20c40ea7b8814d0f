/** The asking end of the query process: starts it, asks it, tells when it died, ends it. */

import { createBirpc } from 'birpc';
import { reportError, StudioError } from '../../core/errors.ts';
import type {
  AnswerPart,
  Completions,
  DistributionsAnswer,
  DistributionsRequest,
  ExportAnswer,
  ExportRequest,
  QuerySummary,
  RowOrderAnswer,
  RowOrderRequest,
  SearchAnswer,
  SearchRequest,
  SelectAnswer,
  SelectRequest,
  StatisticsAnswer,
  StatisticsRequest,
} from '../../core/queries/questions.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { DatasetQueryFunctions, QueryPartFunctions, QueryProcessOptions } from '../../protocol/dataset-queries.ts';
import type { Fault, Outcome } from '../../protocol/dataset-viewer.ts';
import { Tickets } from '../../protocol/tickets.ts';

import { CANCELLED, channelTo, STDERR_KEPT, startWorker, type Worker } from '../worker-channel.ts';

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with every part of the answer, in order; the next one comes when it returns or its promise settles. */
  readonly onPart?: ((part: AnswerPart) => void | Promise<void>) | undefined;
}

type Asked<T> = Promise<Outcome<T, Fault>>;
type Remote = DatasetQueryFunctions<Fault>;

export class QueryProcess {
  readonly #child: Worker;
  readonly #rpc: ReturnType<typeof connect>;
  readonly #tickets: Tickets;
  readonly #parts = new Map<number, NonNullable<AskOptions['onPart']>>();
  #ended: Fault | undefined;
  #said = '';

  constructor(runtime: Runtime, dataset: string, options: QueryProcessOptions = {}) {
    this.#child = startWorker(runtime, 'query-dataset', [dataset, JSON.stringify(options)], 'advanced');
    this.#rpc = connect(this.#child, { part: (ticket, part) => this.#parts.get(ticket)?.(part) });
    this.#tickets = new Tickets((ticket) => {
      if (!this.#ended) this.#rpc.cancel.asEvent(ticket).catch(() => {});
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-STDERR_KEPT);
    });
    void this.#child.then(({ exitCode, signal }) => {
      if (this.#ended) return;
      this.#ended = deathOf(dataset, signal ?? (exitCode === undefined ? 'not started' : `exit code ${exitCode}`));
      this.#rpc.$close();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The end of what it wrote to standard error, for a log. */
  get said(): string {
    return this.#said;
  }

  open(options?: AskOptions): Asked<QuerySummary> {
    return this.#ask(options, (ticket) => this.#rpc.open(ticket));
  }

  search(request: SearchRequest, options?: AskOptions): Asked<SearchAnswer> {
    return this.#ask(options, (ticket) => this.#rpc.search(ticket, request));
  }

  rowOrder(request: RowOrderRequest, options?: AskOptions): Asked<RowOrderAnswer> {
    return this.#ask(options, (ticket) => this.#rpc.rowOrder(ticket, request));
  }

  statistics(request: StatisticsRequest, options?: AskOptions): Asked<StatisticsAnswer> {
    return this.#ask(options, (ticket) => this.#rpc.statistics(ticket, request));
  }

  distributions(request: DistributionsRequest, options?: AskOptions): Asked<DistributionsAnswer> {
    return this.#ask(options, (ticket) => this.#rpc.distributions(ticket, request));
  }

  select(request: SelectRequest, options?: AskOptions): Asked<SelectAnswer> {
    return this.#ask(options, (ticket) => this.#rpc.select(ticket, request));
  }

  completions(options?: AskOptions): Asked<Completions> {
    return this.#ask(options, (ticket) => this.#rpc.completions(ticket));
  }

  exportRows(request: ExportRequest, options?: AskOptions): Asked<ExportAnswer> {
    return this.#ask(options, (ticket) => this.#rpc.exportRows(ticket, request));
  }

  /** Ends the process; what is still being asked is answered as cancelled. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = CANCELLED;
    this.#rpc.$close();
    this.#child.kill();
  }

  async #ask<T>({ signal, onPart }: AskOptions = {}, question: (ticket: number) => Asked<T>): Asked<T> {
    if (this.#ended) return { ok: false, fault: this.#ended };
    if (signal?.aborted) return { ok: false, fault: CANCELLED };
    try {
      return await this.#tickets.ask(signal, async (ticket) => {
        if (onPart) this.#parts.set(ticket, onPart);
        try {
          return await question(ticket);
        } finally {
          this.#parts.delete(ticket);
        }
      });
    } catch (error) {
      // A question sent while the process was dying fails before its end is known.
      if (!this.#ended) await this.#child;
      return { ok: false, fault: this.#ended ?? reportError(error) };
    }
  }
}

function connect(child: Worker, parts: QueryPartFunctions) {
  return createBirpc<Remote, QueryPartFunctions>(parts, channelTo(child));
}

function deathOf(file: string, how: string): Fault {
  return reportError(
    new StudioError(
      'not-available',
      `The process that answers questions about this file ended unexpectedly (${how}).`,
      {
        where: { file },
        hint: 'Ask again to start another. If it ends again, the question needs more memory than there is.',
      },
    ),
  );
}

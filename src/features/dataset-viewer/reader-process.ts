/** The host's end of the reader process: starts it, asks it, tells when it died, ends it. */

import { createBirpc } from 'birpc';
import { reportError, StudioError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { CheckOutcome, CheckRequest, FindingRows, FindingRowsRequest } from '../../protocol/dataset-checks.ts';
import type { CopiedText, CopyRequest } from '../../protocol/dataset-copy.ts';
import type { DatasetDetails } from '../../protocol/dataset-details.ts';
import type { AnswerTexts } from '../../protocol/dataset-grades.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading } from '../../protocol/dataset-reading.ts';
import type { DownloadProgress, RemoteConnection } from '../../protocol/dataset-remote.ts';
import type {
  DatasetAdvice,
  DatasetSummary,
  Fault,
  Outcome,
  ReaderEvents,
  ReaderFunctions,
  RecordRequest,
  RowRecord,
  RowsAtRequest,
  RowsPage,
  RowsRequest,
  TextRequest,
} from '../../protocol/dataset-viewer.ts';
import { type OnProgress, Tickets } from '../../protocol/tickets.ts';

import { CANCELLED, channelTo, STDERR_KEPT, startWorker, type Worker } from '../worker-channel.ts';

export interface ReaderListeners {
  /** The process died by itself; not called after `dispose`. `said` is the end of what it wrote to standard error. */
  readonly onDeath: (fault: Fault, said: string) => void;
  /** Bytes that have been fetched from another machine so far. */
  readonly onFetched?: (bytes: number) => void;
}

export class ReaderProcess {
  readonly #child: Worker;
  readonly #rpc: ReturnType<typeof connect>;
  readonly #tickets: Tickets;
  #ended: Fault | undefined;

  /**
   * @param dataset a path; or how a remote dataset is shown, which is told to the process by `connect`: its address may hold
   *   a key, and command lines are for all to see
   */
  constructor(runtime: Runtime, dataset: string | { readonly remote: string }, listeners: ReaderListeners) {
    const local = typeof dataset === 'string';
    this.#child = startWorker(runtime, 'read-dataset', local ? [dataset] : [], 'json');
    this.#rpc = connect(this.#child, {
      progress: (ticket, progress) => this.#tickets.tell(ticket, progress),
      downloading: (ticket, progress) => this.#tickets.tell(ticket, progress),
      fetched: (bytes) => listeners.onFetched?.(bytes),
    });
    this.#tickets = new Tickets((ticket) => {
      if (!this.#ended) this.#rpc.cancel.asEvent(ticket).catch(() => {});
    });
    let said = '';
    this.#child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-STDERR_KEPT);
    });
    void this.#child.then((result) => {
      if (this.#ended) return;
      const fault = deathOf(local ? dataset : dataset.remote, result);
      this.#end(fault);
      listeners.onDeath(fault, said);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async connect(connection: RemoteConnection): Promise<void> {
    // The questions that come next find a process that has died.
    if (!this.#ended) await this.#rpc.connect(connection).catch(() => {});
  }

  fileNames(signal?: AbortSignal): Promise<Outcome<string[], Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.fileNames(ticket));
  }

  download(
    targets: readonly string[],
    signal: AbortSignal,
    onProgress: OnProgress<DownloadProgress>,
  ): Promise<Outcome<void, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.download(ticket, targets), onProgress);
  }

  open(signal?: AbortSignal): Promise<Outcome<DatasetSummary, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.open(ticket));
  }

  advise(signal?: AbortSignal): Promise<Outcome<DatasetAdvice, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.advise(ticket));
  }

  rows(request: RowsRequest, signal?: AbortSignal): Promise<Outcome<RowsPage, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.rows(ticket, request));
  }

  rowsAt(request: RowsAtRequest, signal?: AbortSignal): Promise<Outcome<RowsPage, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.rowsAt(ticket, request));
  }

  reading(request: ReadingRequest, signal?: AbortSignal): Promise<Outcome<RowReading | null, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.reading(ticket, request));
  }

  readingText(request: ReadingTextRequest, signal?: AbortSignal): Promise<Outcome<string, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.readingText(ticket, request));
  }

  answerTexts(request: ReadingRequest, signal?: AbortSignal): Promise<Outcome<AnswerTexts | null, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.answerTexts(ticket, request));
  }

  copy(request: CopyRequest, signal?: AbortSignal): Promise<Outcome<CopiedText, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.copy(ticket, request));
  }

  details(signal?: AbortSignal): Promise<Outcome<DatasetDetails, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.details(ticket));
  }

  record(request: RecordRequest, signal?: AbortSignal): Promise<Outcome<RowRecord, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.record(ticket, request));
  }

  text(request: TextRequest, signal?: AbortSignal): Promise<Outcome<string, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.text(ticket, request));
  }

  check(request: CheckRequest, signal?: AbortSignal, onProgress?: OnProgress): Promise<Outcome<CheckOutcome, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.check(ticket, request), onProgress);
  }

  findingRows(request: FindingRowsRequest, signal?: AbortSignal): Promise<Outcome<FindingRows, Fault>> {
    return this.#ask(signal, (ticket) => this.#rpc.findingRows(ticket, request));
  }

  /** Ends the process; what is still being asked is answered as cancelled. */
  dispose(): void {
    if (this.#ended) return;
    this.#end(CANCELLED);
    this.#child.kill();
  }

  #end(fault: Fault): void {
    this.#ended = fault;
    this.#rpc.$close();
  }

  async #ask<T, P>(
    signal: AbortSignal | undefined,
    question: (ticket: number) => Promise<Outcome<T, Fault>>,
    onProgress?: OnProgress<P>,
  ): Promise<Outcome<T, Fault>> {
    if (this.#ended) return { ok: false, fault: this.#ended };
    if (signal?.aborted) return { ok: false, fault: CANCELLED };
    try {
      return await this.#tickets.ask(signal, question, onProgress);
    } catch (error) {
      // A question sent while the process was dying fails before its end is known.
      if (!this.#ended) await this.#child;
      return { ok: false, fault: this.#ended ?? reportError(error) };
    }
  }
}

function connect(child: Worker, events: ReaderEvents) {
  return createBirpc<ReaderFunctions, ReaderEvents>(events, channelTo(child));
}

interface Ending {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly cause?: unknown;
}

function deathOf(file: string, { exitCode, signal, cause }: Ending): Fault {
  const how = signal ?? (exitCode === undefined ? undefined : `exit code ${exitCode}`);
  const message =
    how === undefined
      ? `The process that reads this file could not be started${cause instanceof Error ? ` (${cause.message})` : ''}.`
      : `The process that reads this file ended unexpectedly (${how}).`;
  const hint =
    signal === 'SIGABRT' || signal === 'SIGKILL' || exitCode === 134
      ? 'It may have run out of memory. Reload to start it again.'
      : 'Reload to start it again.';
  return reportError(new StudioError('not-available', message, { where: { file }, hint }));
}

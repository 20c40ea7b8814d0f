/**
 * The process that answers whole-file questions about one dataset: `query-dataset.mjs PATH [OPTIONS]`, questions and
 * answers over Node's IPC channel (`src/protocol/dataset-queries.ts`). It ends when the channel closes, and so never
 * outlives who started it; its private folder goes with it.
 */

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createBirpc } from 'birpc';
import * as z from 'zod';
import { type ErrorReport, reportError, StudioError } from '../core/errors.ts';
import type { Answering } from '../core/queries/answering.ts';
import { completions } from '../core/queries/completions.ts';
import { distributions } from '../core/queries/distributions.ts';
import { loadDuckDb } from '../core/queries/duckdb.ts';
import { exportRows } from '../core/queries/export-rows.ts';
import { rowOrder } from '../core/queries/row-order.ts';
import { search } from '../core/queries/search.ts';
import { select } from '../core/queries/select.ts';
import { QuerySession } from '../core/queries/session.ts';
import { statistics } from '../core/queries/statistics.ts';
import type { DatasetQueryFunctions, QueryPartFunctions } from '../protocol/dataset-queries.ts';
import type { Outcome } from '../protocol/dataset-viewer.ts';
import { OpenTickets } from '../protocol/tickets.ts';
import { whenAborted } from './answering/when-aborted.ts';

const DEFAULT_MEMORY_MEGABYTES = 1_000;

const optionsSchema = z.strictObject({
  memoryMegabytes: z.number().min(50).default(DEFAULT_MEMORY_MEGABYTES),
  threads: z.int().min(1).default(availableParallelism()),
  duckDbFrom: z.string().default(fileURLToPath(import.meta.url)),
});

const [, , datasetPath, optionsText = '{}'] = process.argv;
if (datasetPath === undefined || !process.send) {
  process.stderr.write('usage: query-dataset.mjs PATH [OPTIONS], started with an IPC channel\n');
  process.exit(2);
}
const options = optionsSchema.parse(JSON.parse(optionsText));

const tickets = new OpenTickets();
let opening: Promise<QuerySession> | undefined;
let session: QuerySession | undefined;

/** The session, opened once. When the question that opens it is cancelled, the next one that waits for it tries again. */
async function openSession(answering: Answering): Promise<QuerySession> {
  const { signal, send } = answering;
  const joined = opening !== undefined;
  opening ??= QuerySession.open(loadDuckDb(options.duckDbFrom), datasetPath!, options, {
    signal,
    onProgress: (done) => void send({ kind: 'progress', done }).catch(() => {}),
  });
  try {
    session = await opening;
    return session;
  } catch (error) {
    if (!joined) opening = undefined;
    if (joined && !signal?.aborted && error instanceof StudioError && error.code === 'cancelled') {
      return openSession(answering);
    }
    throw error;
  }
}

function answer<T>(
  ticket: number,
  question: (session: QuerySession, answering: Answering) => Promise<T> | T,
): Promise<Outcome<T, ErrorReport>> {
  return tickets.answer(ticket, async (signal) => {
    try {
      const answering: Answering = { signal, send: (part) => host.part(ticket, part) };
      const answered = openSession(answering).then((opened) => question(opened, answering));
      return { ok: true, value: await Promise.race([answered, whenAborted(signal)]) };
    } catch (error) {
      const fault = signal.aborted ? new StudioError('cancelled', 'Cancelled.') : error;
      return { ok: false, fault: reportError(fault) };
    }
  });
}

const functions: DatasetQueryFunctions<ErrorReport> = {
  open: (ticket) => answer(ticket, (opened) => opened.summary()),
  search: (ticket, request) => answer(ticket, (opened, answering) => search(opened, request, answering)),
  rowOrder: (ticket, request) => answer(ticket, (opened, answering) => rowOrder(opened, request, answering)),
  statistics: (ticket, request) => answer(ticket, (opened, answering) => statistics(opened, request, answering)),
  distributions: (ticket, request) => answer(ticket, (opened, answering) => distributions(opened, request, answering)),
  select: (ticket, request) => answer(ticket, (opened, answering) => select(opened, request, answering)),
  completions: (ticket) => answer(ticket, (opened, answering) => completions(opened, answering)),
  exportRows: (ticket, request) => answer(ticket, (opened, answering) => exportRows(opened, request, answering)),
  cancel: (ticket) => tickets.cancel(ticket),
};

const host = createBirpc<QueryPartFunctions, DatasetQueryFunctions<ErrorReport>>(functions, {
  on: (listener) => process.on('message', listener),
  // Without a channel the process is about to end, and an answer has nobody to go to.
  post: (message) => process.connected && process.send?.(message),
  // Who takes a part may be busy for long.
  timeout: -1,
});

function end(): never {
  session?.removeFolder();
  process.exit(0);
}

process.once('disconnect', end);
process.once('SIGTERM', end);

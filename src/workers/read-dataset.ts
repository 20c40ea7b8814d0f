/**
 * The process that reads one dataset for the viewer: `read-dataset.mjs PATH`, questions and answers over Node's IPC
 * channel (`src/protocol/dataset-viewer.ts`). Without PATH it is told by `connect` what to read on another machine. It ends
 * when the channel closes, and so never outlives who started it.
 */

import { createBirpc } from 'birpc';
import { type ErrorReport, reportError, StudioError } from '../core/errors.ts';
import type { CheckProgress } from '../protocol/dataset-checks.ts';
import type { Outcome, ReaderEvents, ReaderFunctions } from '../protocol/dataset-viewer.ts';
import { OpenTickets } from '../protocol/tickets.ts';
import { whenAborted } from './answering/when-aborted.ts';
import { localSource } from './read-dataset/dataset-source.ts';
import { DatasetReading } from './read-dataset/reading.ts';
import type { RemoteReading } from './read-dataset/remote-reading.ts';

process.once('disconnect', () => process.exit(0));

const [, , datasetPath] = process.argv;
if (!process.send) {
  process.stderr.write('usage: read-dataset.mjs [PATH], started with an IPC channel\n');
  process.exit(2);
}

let dataset = datasetPath === undefined ? undefined : new DatasetReading(localSource(datasetPath));
let connection: RemoteReading | undefined;
const tickets = new OpenTickets();

const reading = (): DatasetReading => connected(dataset);
const remote = (): RemoteReading => connected(connection);

function connected<T>(part: T | undefined): T {
  if (part === undefined) throw new StudioError('not-available', 'This process has not been told what to read.');
  return part;
}

function answer<T>(ticket: number, task: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T, ErrorReport>> {
  return tickets.answer(ticket, async (signal) => {
    try {
      return { ok: true, value: await Promise.race([task(signal), whenAborted(signal)]) };
    } catch (error) {
      return { ok: false, fault: reportError(error) };
    }
  });
}

const functions: ReaderFunctions = {
  open: (ticket) => answer(ticket, (signal) => reading().open(signal)),
  advise: (ticket) => answer(ticket, (signal) => reading().advise(signal)),
  rows: (ticket, request) => answer(ticket, (signal) => reading().rows(request, signal)),
  record: (ticket, request) => answer(ticket, (signal) => reading().record(request, signal)),
  rowsAt: (ticket, request) => answer(ticket, (signal) => reading().rowsAt(request, signal)),
  reading: (ticket, request) => answer(ticket, (signal) => reading().reading(request, signal)),
  readingText: (ticket, request) => answer(ticket, (signal) => reading().readingText(request, signal)),
  answerTexts: (ticket, request) => answer(ticket, (signal) => reading().answerTexts(request, signal)),
  copy: (ticket, request) => answer(ticket, (signal) => reading().copy(request, signal)),
  details: (ticket) => answer(ticket, (signal) => reading().details(signal)),
  text: (ticket, request) => answer(ticket, (signal) => reading().text(request, signal)),
  check: (ticket, request) =>
    answer(ticket, (signal) => {
      const onProgress = (progress: CheckProgress) => {
        if (!signal.aborted) void rpc.progress(ticket, progress);
      };
      return reading().check(request, signal, onProgress);
    }),
  findingRows: (ticket, request) => answer(ticket, () => reading().findingRows(request)),
  connect: async (asked) => {
    // A dataset on this machine is shown sooner without it.
    const { RemoteReading } = await import('./read-dataset/remote-reading.ts');
    connection = new RemoteReading(asked, (bytes) => void rpc.fetched(bytes));
    dataset = new DatasetReading(connection);
  },
  fileNames: (ticket) => answer(ticket, (signal) => remote().fileNames(signal)),
  download: (ticket, targets) =>
    answer(ticket, (signal) =>
      remote().download(targets, signal, (progress) => void rpc.downloading(ticket, progress)),
    ),
  cancel: (ticket) => tickets.cancel(ticket),
};

const rpc = createBirpc<ReaderEvents, ReaderFunctions>(functions, {
  on: (listener) => process.on('message', listener),
  // Without a channel the process is about to end, and an answer has nobody to go to.
  post: (message) => process.connected && process.send?.(message),
  eventNames: ['progress', 'fetched', 'downloading'],
});

/** The page's line to the extension host. */

import { createBirpc } from 'birpc';
import type {
  CheckOutcome,
  CheckRequest,
  ChosenFile,
  FilePurpose,
  FindingRows,
  FindingRowsRequest,
  FixRequest,
} from '../../src/protocol/dataset-checks.ts';
import {
  type DatasetAdvice,
  type DatasetSummary,
  type FileFacts,
  type HostFunctions,
  type OnProgress,
  type Outcome,
  type PageFunctions,
  type PageSide,
  type Problem,
  type RecordRequest,
  type RowRecord,
  type RowsPage,
  type RowsRequest,
  type TextRequest,
  Tickets,
} from '../../src/protocol/dataset-viewer.ts';

type Answer<T> = Promise<Outcome<T, Problem>>;

export interface Host {
  file(): Promise<FileFacts>;
  open(signal: AbortSignal): Answer<DatasetSummary>;
  advise(signal: AbortSignal): Answer<DatasetAdvice>;
  rows(request: RowsRequest, signal: AbortSignal): Answer<RowsPage>;
  record(request: RecordRequest, signal: AbortSignal): Answer<RowRecord>;
  text(request: TextRequest, signal: AbortSignal): Answer<string>;
  check(request: CheckRequest, signal: AbortSignal, onProgress: OnProgress): Answer<CheckOutcome>;
  findingRows(request: FindingRowsRequest, signal: AbortSignal): Answer<FindingRows>;
  chooseFile(purpose: FilePurpose): Promise<ChosenFile | null>;
  reload(): void;
  prepare(method?: string): void;
  fix(request: FixRequest): void;
}

export function connectToHost(post: (message: unknown) => void, page: PageFunctions): Host {
  const functions: PageSide = {
    fileState: (state) => page.fileState(state),
    readerEnded: (problem) => page.readerEnded(problem),
    reloaded: () => page.reloaded(),
    progress: (ticket, progress) => tickets.tell(ticket, progress),
  };
  const rpc = createBirpc<HostFunctions, PageSide>(functions, {
    on: (listener) => window.addEventListener('message', (event) => listener(event.data)),
    post,
    eventNames: ['cancel', 'reload', 'prepare', 'fix'],
    // Reading may take as long as it takes: the reader's end is told, and questions are cancelled.
    timeout: -1,
  });
  const tickets = new Tickets((ticket) => void rpc.cancel(ticket));
  return {
    file: () => rpc.file(),
    open: (signal) => tickets.ask(signal, (ticket) => rpc.open(ticket)),
    advise: (signal) => tickets.ask(signal, (ticket) => rpc.advise(ticket)),
    rows: (request, signal) => tickets.ask(signal, (ticket) => rpc.rows(ticket, request)),
    record: (request, signal) => tickets.ask(signal, (ticket) => rpc.record(ticket, request)),
    text: (request, signal) => tickets.ask(signal, (ticket) => rpc.text(ticket, request)),
    check: (request, signal, onProgress) => tickets.ask(signal, (ticket) => rpc.check(ticket, request), onProgress),
    findingRows: (request, signal) => tickets.ask(signal, (ticket) => rpc.findingRows(ticket, request)),
    chooseFile: (purpose) => rpc.chooseFile(purpose),
    reload: () => void rpc.reload(),
    prepare: (method) => void rpc.prepare(method),
    fix: (request) => void rpc.fix(request),
  };
}

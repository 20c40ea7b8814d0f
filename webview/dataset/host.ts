/** The page's line to the extension host. */

import { createBirpc } from 'birpc';
import type { AnswerPart, ExportSource } from '../../src/core/queries/questions.ts';
import type {
  CheckOutcome,
  CheckRequest,
  ChosenFile,
  FilePurpose,
  FindingRows,
  FindingRowsRequest,
  FixRequest,
} from '../../src/protocol/dataset-checks.ts';
import type { CopyRequest } from '../../src/protocol/dataset-copy.ts';
import type { DatasetDetails } from '../../src/protocol/dataset-details.ts';
import type { RowGrades, RowGradesRequest } from '../../src/protocol/dataset-grades.ts';
import type { PageQuery } from '../../src/protocol/dataset-page-queries.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading } from '../../src/protocol/dataset-reading.ts';
import type {
  DatasetAdvice,
  DatasetSummary,
  FileFacts,
  HostFunctions,
  Outcome,
  PageFunctions,
  PageSide,
  Problem,
  RecordRequest,
  RowRecord,
  RowsAtRequest,
  RowsPage,
  RowsRequest,
  ShownColumnInfo,
  TextRequest,
} from '../../src/protocol/dataset-viewer.ts';
import { type OnProgress, Tickets } from '../../src/protocol/tickets.ts';
import type { QueryHost } from './queries/query-host.ts';

type Answer<T> = Promise<Outcome<T, Problem>>;

export interface Host {
  file(): Promise<FileFacts>;
  rowToShow(): Promise<number | null>;
  open(signal: AbortSignal): Answer<DatasetSummary>;
  advise(signal: AbortSignal): Answer<DatasetAdvice>;
  rows(request: RowsRequest, signal: AbortSignal): Answer<RowsPage>;
  rowsAt(request: RowsAtRequest, signal: AbortSignal): Answer<RowsPage>;
  /** Null where the rows are of no known shape. */
  reading(request: ReadingRequest, signal: AbortSignal): Answer<RowReading | null>;
  readingText(request: ReadingTextRequest, signal: AbortSignal): Answer<string>;
  details(signal: AbortSignal): Answer<DatasetDetails>;
  record(request: RecordRequest, signal: AbortSignal): Answer<RowRecord>;
  text(request: TextRequest, signal: AbortSignal): Answer<string>;
  check(request: CheckRequest, signal: AbortSignal, onProgress: OnProgress): Answer<CheckOutcome>;
  findingRows(request: FindingRowsRequest, signal: AbortSignal): Answer<FindingRows>;
  grades(request: RowGradesRequest, signal: AbortSignal): Answer<RowGrades | null>;
  chooseGrader(): void;
  copyText(text: string): void;
  chooseFile(purpose: FilePurpose): Promise<ChosenFile | null>;
  reload(): void;
  prepare(method?: string): void;
  fix(request: FixRequest): void;
  copy(request: CopyRequest): void;
  exportRows(source: ExportSource): void;
  rewrite(): void;
  download(): void;
  columnsShown(columns: readonly ShownColumnInfo[]): void;
  readonly queries: QueryHost;
}

export function connectToHost(post: (message: unknown) => void, page: PageFunctions): Host {
  const functions: PageSide = {
    fileState: (state) => page.fileState(state),
    fetched: (bytes) => page.fetched(bytes),
    readerEnded: (problem) => page.readerEnded(problem),
    reloaded: () => page.reloaded(),
    command: (command) => page.command(command),
    gradesChanged: () => page.gradesChanged(),
    progress: (ticket, progress) => tickets.tell(ticket, progress),
    queryPart: (ticket, part) => parts.get(ticket)?.(part),
  };
  const parts = new Map<number, (part: AnswerPart) => void>();
  const rpc = createBirpc<HostFunctions, PageSide>(functions, {
    on: (listener) => window.addEventListener('message', (event) => listener(event.data)),
    post,
    eventNames: [
      'cancel',
      'reload',
      'prepare',
      'fix',
      'copy',
      'exportRows',
      'rewrite',
      'download',
      'columnsShown',
      'chooseGrader',
      'copyText',
    ],
    // Reading may take as long as it takes: the reader's end is told, and questions are cancelled.
    timeout: -1,
  });
  const tickets = new Tickets((ticket) => void rpc.cancel(ticket));
  /** The answer's type is the one that the protocol names for the question's kind. */
  const query = <T>(asked: PageQuery, signal: AbortSignal, onPart?: (part: AnswerPart) => void): Answer<T> =>
    tickets.ask(signal, async (ticket) => {
      if (onPart) parts.set(ticket, onPart);
      try {
        return (await rpc.query(ticket, asked)) as Outcome<T, Problem>;
      } finally {
        parts.delete(ticket);
      }
    });
  // A part that arrives is of the kind that its question has.
  const taking = <P>(onPart: (part: P) => void) => onPart as (part: AnswerPart) => void;
  const queries: QueryHost = {
    summary: (signal) => query({ kind: 'open' }, signal),
    completions: (signal) => query({ kind: 'completions' }, signal),
    search: (request, signal, onPart) => query({ kind: 'search', request }, signal, taking(onPart)),
    rowOrder: (request, signal, onPart) => query({ kind: 'rowOrder', request }, signal, taking(onPart)),
    statistics: (request, signal, onPart) => query({ kind: 'statistics', request }, signal, taking(onPart)),
    distributions: (request, signal, onPart) => query({ kind: 'distributions', request }, signal, taking(onPart)),
    select: (request, signal, onPart) => query({ kind: 'select', request }, signal, taking(onPart)),
  };
  return {
    queries,
    file: () => rpc.file(),
    rowToShow: () => rpc.rowToShow(),
    open: (signal) => tickets.ask(signal, (ticket) => rpc.open(ticket)),
    advise: (signal) => tickets.ask(signal, (ticket) => rpc.advise(ticket)),
    rows: (request, signal) => tickets.ask(signal, (ticket) => rpc.rows(ticket, request)),
    rowsAt: (request, signal) => tickets.ask(signal, (ticket) => rpc.rowsAt(ticket, request)),
    reading: (request, signal) => tickets.ask(signal, (ticket) => rpc.reading(ticket, request)),
    readingText: (request, signal) => tickets.ask(signal, (ticket) => rpc.readingText(ticket, request)),
    details: (signal) => tickets.ask(signal, (ticket) => rpc.details(ticket)),
    record: (request, signal) => tickets.ask(signal, (ticket) => rpc.record(ticket, request)),
    text: (request, signal) => tickets.ask(signal, (ticket) => rpc.text(ticket, request)),
    check: (request, signal, onProgress) => tickets.ask(signal, (ticket) => rpc.check(ticket, request), onProgress),
    findingRows: (request, signal) => tickets.ask(signal, (ticket) => rpc.findingRows(ticket, request)),
    grades: (request, signal) => tickets.ask(signal, (ticket) => rpc.grades(ticket, request)),
    chooseGrader: () => void rpc.chooseGrader(),
    copyText: (text) => void rpc.copyText(text),
    chooseFile: (purpose) => rpc.chooseFile(purpose),
    reload: () => void rpc.reload(),
    prepare: (method) => void rpc.prepare(method),
    fix: (request) => void rpc.fix(request),
    copy: (request) => void rpc.copy(request),
    exportRows: (source) => void rpc.exportRows(source),
    rewrite: () => void rpc.rewrite(),
    download: () => void rpc.download(),
    columnsShown: (columns) => void rpc.columnsShown(columns),
  };
}

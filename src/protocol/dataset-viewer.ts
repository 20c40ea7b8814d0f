/**
 * The contract of the dataset viewer: page <-> extension host <-> reader process. The page asks the host, the host
 * passes the question on to the reader; the same requests and answers travel on both hops. Everything is plain JSON.
 *
 * Every question carries a ticket, a number its sender chose, by which it can be cancelled. Failures are answers, not
 * exceptions: the reader answers with a report of the error, the host turns it into one sentence for the page.
 */

import type { Column, FileKind, MalformedLine } from '../core/datasets/dataset.ts';
import type { ExportSource } from '../core/queries/questions.ts';
import type {
  CheckOutcome,
  CheckProgress,
  CheckRequest,
  ChosenFile,
  FilePurpose,
  FindingRows,
  FindingRowsRequest,
  FixRequest,
} from './dataset-checks.ts';
import type { PageCommand } from './dataset-commands.ts';
import type { CopiedText, CopyRequest } from './dataset-copy.ts';
import type { DatasetDetails } from './dataset-details.ts';
import type { AnswerTexts, RowGrades, RowGradesRequest } from './dataset-grades.ts';
import type { PageQuery, PageQueryParts } from './dataset-page-queries.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading } from './dataset-reading.ts';
import type { DownloadProgress, RemoteConnection, RemoteFacts } from './dataset-remote.ts';

/** The most characters of one table cell that leave the reader; fewer when a page has very many cells. */
export const TABLE_CELL_CHARS = 2_000;
/** The most characters of one text in the detail strip, and the size of one further piece ("Load more"). */
export const TEXT_CHARS = 65_536;
/** The most turns of one conversation in the detail strip. */
export const CONVERSATION_TURNS = 200;

export interface DatasetSummary {
  /** The file's name without its folder. */
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: number;
  readonly files: number;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** Lines that are not rows and are left out, where there are any. */
  readonly malformed?: { readonly count: number; readonly first: MalformedLine };
}

/** What the rows were recognised as, and what can be trained from them. */
export interface DatasetAdvice {
  /** The row shape as a person names it; null when no known shape matches. */
  readonly shape: string | null;
  /** Titles of the methods that the dataset fits, the best first. */
  readonly fits: readonly string[];
  /** For every method one line that says why it fits, or why not. */
  readonly reasons: readonly string[];
  /** Every method, the fitting ones first. */
  readonly methods: readonly MethodFit[];
  /** What speaks for the shape that comes first: `84 of 84 sampled rows fit`. Empty where there is none. */
  readonly evidence: string;
  /** The shape that comes next, with its share of the rows, where another has its columns here. */
  readonly runnerUp: string | null;
}

/** Whether a method can be trained from the rows, and why. */
export interface MethodFit {
  /** As `check` names it. */
  readonly id: string;
  readonly title: string;
  readonly fits: boolean;
  readonly reason: string;
  /** Training files for it can be made of the rows, as they are or by converting them. */
  readonly convertible: boolean;
}

/** `columns` counts from `firstColumn`; both ranges are clipped to what the dataset has. */
export interface RowsRequest {
  readonly start: number;
  readonly end: number;
  readonly firstColumn: number;
  readonly columns: number;
}

/** The beginning of a text and the length of the whole, in UTF-16 code units. Cut where `text` is shorter. */
export interface TextStart {
  readonly text: string;
  readonly chars: number;
}

/** A null or missing value is null. `turns` is there for a conversation, whose last turn the text shows. */
export type TableCell = (TextStart & { readonly turns?: number }) | null;

export interface RowsPage {
  readonly start: number;
  readonly firstColumn: number;
  readonly rows: readonly (readonly TableCell[])[];
}

/** Single rows, in any order. */
export interface RowsAtRequest {
  readonly rows: readonly number[];
  readonly firstColumn: number;
  readonly columns: number;
}

export interface RecordRequest {
  readonly row: number;
  readonly firstColumn: number;
  readonly columns: number;
}

export interface Turn {
  readonly role: string;
  readonly content: TextStart;
}

export type FieldValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'text'; readonly content: TextStart }
  /** `turns` holds the first of them; `count` counts all. */
  | { readonly kind: 'conversation'; readonly turns: readonly Turn[]; readonly count: number };

/** One row with every field of the columns asked for. */
export interface RowRecord {
  readonly row: number;
  readonly firstColumn: number;
  readonly fields: readonly FieldValue[];
}

/** The next piece of a long text: of the field, or of one turn of its conversation. */
export interface TextRequest {
  readonly row: number;
  readonly column: number;
  readonly turn?: number;
  readonly from: number;
}

export type Outcome<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: F };

/** The shape of core's `ErrorReport`, which the page's own compilation cannot import. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly where: { readonly file?: string; readonly row?: number; readonly line?: number; readonly field?: string };
  readonly hint?: string;
}

/** A failure as the page shows it. */
export interface Problem {
  readonly cancelled: boolean;
  /** What was wrong, where, and what to do: one to three short sentences. */
  readonly message: string;
  /** Nothing is wrong: the dataset is on another machine, and nothing is fetched before the person asks for it. */
  readonly resting?: true;
  /** Its files can be downloaded all the same. */
  readonly downloadable?: true;
}

/** What can be asked of the reader (failures as `Fault`) and, through the host, by the page (as `Problem`). */
export interface DatasetQuestions<F> {
  open(ticket: number): Promise<Outcome<DatasetSummary, F>>;
  advise(ticket: number): Promise<Outcome<DatasetAdvice, F>>;
  rows(ticket: number, request: RowsRequest): Promise<Outcome<RowsPage, F>>;
  /** The page's rows are in the order asked for; its `start` says nothing. */
  rowsAt(ticket: number, request: RowsAtRequest): Promise<Outcome<RowsPage, F>>;
  /** Null where the rows are of no known shape. */
  reading(ticket: number, request: ReadingRequest): Promise<Outcome<RowReading | null, F>>;
  readingText(ticket: number, request: ReadingTextRequest): Promise<Outcome<string, F>>;
  details(ticket: number): Promise<Outcome<DatasetDetails, F>>;
  record(ticket: number, request: RecordRequest): Promise<Outcome<RowRecord, F>>;
  text(ticket: number, request: TextRequest): Promise<Outcome<string, F>>;
  /** Tells of its progress meanwhile. */
  check(ticket: number, request: CheckRequest): Promise<Outcome<CheckOutcome, F>>;
  findingRows(ticket: number, request: FindingRowsRequest): Promise<Outcome<FindingRows, F>>;
  /** The question's sender no longer wants the answer. Unknown tickets are ignored. */
  cancel(ticket: number): void;
}

export interface ReaderFunctions extends DatasetQuestions<Fault> {
  /** What to read, on another machine; before any question. */
  connect(connection: RemoteConnection): Promise<void>;
  /** Names for the files of a remote dataset on this machine. */
  fileNames(ticket: number): Promise<Outcome<string[], Fault>>;
  /** Fetches the files of a remote dataset to these paths, in the order of their names; tells of its progress meanwhile. */
  download(ticket: number, targets: readonly string[]): Promise<Outcome<void, Fault>>;
  copy(ticket: number, request: CopyRequest): Promise<Outcome<CopiedText, Fault>>;
  /** Null for a row without answers. */
  answerTexts(ticket: number, request: ReadingRequest): Promise<Outcome<AnswerTexts | null, Fault>>;
}

/** What is told to who asked a question before it is answered: by the reader to the host, by the host to the page. */
export interface TicketEvents {
  progress(ticket: number, progress: CheckProgress): void;
}

/** What the reader tells the host. */
export interface ReaderEvents extends TicketEvents {
  /** Bytes that have been fetched from another machine so far. */
  fetched(bytes: number): void;
  downloading(ticket: number, progress: DownloadProgress): void;
}

/** What is known of a file before anything of it is read. */
export interface FileFacts {
  readonly name: string;
  /** Null where the file cannot be looked at. */
  readonly bytes: number | null;
  /** Of a dataset on another machine. */
  readonly remote?: RemoteFacts;
}

export interface HostFunctions extends DatasetQuestions<Problem> {
  file(): Promise<FileFacts>;
  /** The row that another view asked to see here, told once; null where none did. */
  rowToShow(): Promise<number | null>;
  /** Starts a fresh reader on the file as it is now; every view of it is told to ask again. */
  reload(): void;
  /** Opens "Prepare Training Data" on this file. @param method its id, where it is already chosen */
  prepare(method?: string): void;
  /** Has the person choose a file; null when they do not. */
  chooseFile(purpose: FilePurpose): Promise<ChosenFile | null>;
  /** Writes a new file with the fix done. */
  fix(request: FixRequest): void;
  /** Null where nothing grades, or the row has no answers. */
  grades(ticket: number, request: RowGradesRequest): Promise<Outcome<RowGrades | null, Problem>>;
  /** Has the person choose what grades. */
  chooseGrader(): void;
  copyText(text: string): void;
  /** Puts cells on the clipboard, whole and exact. */
  copy(request: CopyRequest): void;
  /** A question about the whole file; its answer is the one that `dataset-queries` names for its kind. */
  query(ticket: number, query: PageQuery): Promise<Outcome<unknown, Problem>>;
  /** Has the person choose a format and a file, and writes rows to it. */
  exportRows(source: ExportSource): void;
  /** Writes the rows to a new file that can be gone through fast. */
  rewrite(): void;
  /** Has the person choose where to, and fetches a remote dataset there. */
  download(): void;
  /** Which columns there are, and which of them are shown: for VS Code's own pickers. */
  columnsShown(columns: readonly ShownColumnInfo[]): void;
}

export interface ShownColumnInfo extends Column {
  readonly shown: boolean;
}

export type FileState = 'as-opened' | 'changed' | 'gone';

/** What the host tells the page; each is an event without an answer. */
export interface PageFunctions {
  fileState(state: FileState): void;
  /** Bytes of a remote dataset that have been fetched so far. */
  fetched(bytes: number): void;
  readerEnded(problem: Problem): void;
  /** A fresh reader is there: ask everything again. */
  reloaded(): void;
  command(command: PageCommand): void;
  /** Something else grades now, or there are other grades: ask again. */
  gradesChanged(): void;
}

/** All that the host calls in the page. */
export type PageSide = PageFunctions & TicketEvents & PageQueryParts;

export const PAGE_EVENTS = [
  'fileState',
  'fetched',
  'readerEnded',
  'reloaded',
  'command',
  'gradesChanged',
  'progress',
] as const satisfies (keyof PageSide)[];

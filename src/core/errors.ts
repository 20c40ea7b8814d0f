/**
 * The one error type of the product. Every failure that a person can act on is a `StudioError`: it says what was wrong,
 * where (file, row, field) and what to do. It becomes text in one place, `describeError`.
 */

export const ERROR_CODES = [
  'usage',
  'file-not-found',
  'permission-denied',
  'not-parquet',
  'truncated-file',
  'encrypted-file',
  'damaged-file',
  'empty-file',
  'no-rows',
  'unsupported-file',
  'unrecognised-shape',
  'missing-column',
  'invalid-row',
  'too-few-rows',
  'one-class',
  'already-exists',
  'disk-full',
  'out-of-memory',
  'run-not-found',
  'run-busy',
  'invalid-run',
  'invalid-model',
  'invalid-grader',
  'invalid-answer',
  'not-available',
  'not-reachable',
  'trainer-died',
  'no-verdict',
  'cancelled',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where something went wrong. `row` is the zero-based row of the dataset, `line` the one-based line of a text file. */
export interface ErrorPlace {
  readonly file?: string;
  readonly row?: number;
  readonly line?: number;
  readonly field?: string;
}

export interface StudioErrorOptions {
  readonly where?: ErrorPlace;
  /** What the person can do about it, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly where: ErrorPlace;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: StudioErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StudioError';
    this.code = code;
    this.where = options.where ?? {};
    this.hint = options.hint;
  }
}

/** What crosses a process boundary or a log in place of the error object. */
export interface ErrorReport {
  readonly code: ErrorCode | 'internal';
  readonly message: string;
  readonly where: ErrorPlace;
  readonly hint?: string;
}

const SYSTEM_ERRORS: Record<string, { code: ErrorCode; message: string; hint: string }> = {
  ENOENT: { code: 'file-not-found', message: 'The file does not exist.', hint: 'Check the path.' },
  EACCES: { code: 'permission-denied', message: 'Permission denied.', hint: 'Check who may read or write this path.' },
  EPERM: { code: 'permission-denied', message: 'Permission denied.', hint: 'Check who may read or write this path.' },
  EROFS: {
    code: 'permission-denied',
    message: 'The file system is read-only.',
    hint: 'Choose a folder you may write to.',
  },
  ENOSPC: {
    code: 'disk-full',
    message: 'The disk is full.',
    hint: 'Free some space and start again; what was complete before is untouched.',
  },
  EDQUOT: {
    code: 'disk-full',
    message: 'The disk quota is used up.',
    hint: 'Free some space and start again; what was complete before is untouched.',
  },
  EISDIR: { code: 'unsupported-file', message: 'This is a folder, not a file.', hint: 'Name a file inside it.' },
};

/** Turns anything thrown into a `StudioError`, or returns undefined for a defect of our own. */
export function toStudioError(error: unknown): StudioError | undefined {
  if (error instanceof StudioError) return error;
  if (error instanceof Error && error.name === 'AbortError') return new StudioError('cancelled', 'Cancelled.');
  const system = error as NodeJS.ErrnoException | undefined;
  const known = system?.code === undefined ? undefined : SYSTEM_ERRORS[system.code];
  if (!known) return undefined;
  const where = typeof system?.path === 'string' ? { file: system.path } : {};
  return new StudioError(known.code, known.message, { where, hint: known.hint, cause: error });
}

/** The report of an error, for a log, another process or `--json`. A defect keeps its message, never its stack. */
export function reportError(error: unknown): ErrorReport {
  const known = toStudioError(error);
  if (!known) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'internal', message, where: {}, hint: 'This is a defect of Reward Studio: please report it.' };
  }
  return {
    code: known.code,
    message: known.message,
    where: known.where,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
  };
}

/** The error a report was made of: a `StudioError`, or a plain error for a defect of our own. */
export function errorFromReport({ code, message, where, hint }: ErrorReport): Error {
  if (code === 'internal') return new Error(message);
  return new StudioError(code, message, { where, ...(hint === undefined ? {} : { hint }) });
}

/** The error as a person reads it: place, what was wrong, what to do. One to three short sentences, no stack trace. */
export function describeError(error: unknown): string {
  const report = isErrorReport(error) ? error : reportError(error);
  const { file, row, line, field } = report.where;
  const place = [
    file,
    row === undefined ? undefined : `row ${row}`,
    line === undefined ? undefined : `line ${line}`,
    field === undefined ? undefined : `field "${field}"`,
  ].filter((part) => part !== undefined);
  const head = place.length === 0 ? '' : `${place.join(', ')}: `;
  const gap = report.message.includes('\n') ? '\n' : ' ';
  return `${head}${report.message}${report.hint === undefined ? '' : `${gap}${report.hint}`}`;
}

function isErrorReport(value: unknown): value is ErrorReport {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Error) && 'code' in value && 'message' in value
  );
}

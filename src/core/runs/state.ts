/** The state of a run: a pure fold over its two logs, and what is known of its process. */

import type { ErrorReport } from '../errors.ts';
import type { Evaluation } from '../methods/evaluation.ts';
import type { RemoteJob } from '../targets/remote/remote-target.ts';
import type { ReadEvent } from './event-parser.ts';
import type { AlertId, ControlEntry } from './events.ts';
import type { MetricsRow } from './metrics-row.ts';
import type { RunSpec } from './spec.ts';

export type RunStatus = 'queued' | 'preparing' | 'running' | 'stopping' | 'stopped' | 'failed' | 'finished' | 'lost';

export const ACTIVE_STATUSES: ReadonlySet<RunStatus> = new Set(['queued', 'preparing', 'running', 'stopping']);

/** What is known of the process of the latest attempt. */
export type Liveness = 'alive' | 'gone' | 'unknown';

export interface LaunchedProcess {
  readonly pid: number;
  readonly processStart: string | null;
  readonly host: string;
  /** Where its output begins in the log, in bytes. */
  readonly logStart: number;
}

/** The way to a run elsewhere. */
export interface Connection {
  readonly state: 'connecting' | 'connected' | 'lost';
  readonly message: string;
  readonly since: string;
}

export interface RunResult {
  /** Relative to the run's folder. */
  readonly model: string;
  readonly evaluation: Evaluation | undefined;
  readonly trainRows: number;
  readonly validationRows: number;
}

export interface RunAlert {
  readonly alert: AlertId;
  readonly step: number | undefined;
  readonly message: string;
  readonly hint: string;
  readonly time: string;
}

/** The path is relative to the run's folder. */
export interface Checkpoint {
  readonly attempt: number;
  readonly step: number;
  readonly path: string;
}

/** The logs of one run, folded. */
export interface RunFold {
  readonly attempt: number;
  readonly reported: 'preparing' | 'running' | 'finished' | 'stopped' | 'failed' | undefined;
  readonly message: string | undefined;
  readonly error: ErrorReport | undefined;
  readonly step: number | undefined;
  readonly totalSteps: number | undefined;
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly alerts: readonly RunAlert[];
  /** The newest of any attempt. */
  readonly checkpoint: Checkpoint | undefined;
  readonly result: RunResult | undefined;
  /** Whether it was put into the queue of its target. */
  readonly queued: boolean;
  readonly process: LaunchedProcess | undefined;
  /** What a target elsewhere calls it; `process` is then the one that follows it from here. */
  readonly job: RemoteJob | undefined;
  readonly connection: Connection | undefined;
  /** Of a job that is not known there any more: what was seen. */
  readonly vanished: string | undefined;
  readonly stopRequested: boolean;
  readonly exit: { readonly code: number | null; readonly signal: string | null } | undefined;
  readonly startedAt: string | undefined;
  /** Time of the newest entry. */
  readonly updatedAt: string | undefined;
}

/** Of a trainer that warns at every step, the newest are kept. */
const MOST_WARNINGS = 1_000;

export const EMPTY_FOLD: RunFold = {
  attempt: 0,
  reported: undefined,
  message: undefined,
  error: undefined,
  step: undefined,
  totalSteps: undefined,
  metrics: {},
  warnings: [],
  alerts: [],
  checkpoint: undefined,
  result: undefined,
  queued: false,
  process: undefined,
  job: undefined,
  connection: undefined,
  vanished: undefined,
  stopRequested: false,
  exit: undefined,
  startedAt: undefined,
  updatedAt: undefined,
};

/** An entry of a newer attempt starts the fold anew; one of an older attempt changes nothing. */
function enterAttempt(fold: RunFold, entry: { attempt: number; time: string }): RunFold | undefined {
  if (entry.attempt < fold.attempt) return undefined;
  const current =
    entry.attempt === fold.attempt ? fold : { ...EMPTY_FOLD, attempt: entry.attempt, checkpoint: fold.checkpoint };
  const newest = current.updatedAt === undefined || entry.time > current.updatedAt ? entry.time : current.updatedAt;
  return { ...current, updatedAt: newest };
}

export function foldEvent(fold: RunFold, event: ReadEvent): RunFold {
  const next = enterAttempt(fold, event);
  if (!next) return event.kind === 'checkpoint' ? withCheckpoint(fold, event) : fold;
  switch (event.kind) {
    case 'status':
      return {
        ...next,
        reported: event.status,
        message: event.message,
        error: event.error ? normaliseReport(event.error) : undefined,
        startedAt: next.startedAt ?? event.time,
      };
    case 'metrics':
      return {
        ...next,
        step: event.step,
        totalSteps: event.totalSteps ?? next.totalSteps,
        metrics: newestMetrics(next.metrics, event),
      };
    case 'warning':
      return { ...next, warnings: [...next.warnings.slice(-MOST_WARNINGS + 1), event.message] };
    case 'checkpoint':
      return withCheckpoint(next, event);
    case 'samples':
    case 'evaluation':
      return next;
    case 'result':
      return {
        ...next,
        result: {
          model: event.model,
          evaluation: event.evaluation,
          trainRows: event.train_rows,
          validationRows: event.validation_rows,
        },
      };
  }
}

/** A value that was not finite is not shown as the finite one before it: the metric has none. */
function newestMetrics(metrics: RunFold['metrics'], { names, values }: MetricsRow) {
  const newest = new Map(Object.entries(metrics));
  for (const [at, name] of names.entries()) newest.set(name, values[at]!);
  return Object.fromEntries([...newest].filter(([, value]) => Number.isFinite(value)));
}

/** The control log may be read ahead of the events: an older attempt's checkpoint counts until a newer one has its own. */
function withCheckpoint(fold: RunFold, { attempt, step, path }: Checkpoint): RunFold {
  return attempt < (fold.checkpoint?.attempt ?? 0) ? fold : { ...fold, checkpoint: { attempt, step, path } };
}

export function foldControl(fold: RunFold, entry: ControlEntry): RunFold {
  const next = enterAttempt(fold, entry);
  if (!next) return fold;
  switch (entry.kind) {
    case 'queued':
      return { ...next, queued: true };
    case 'alert': {
      const { alert, step, message, hint, time } = entry;
      return { ...next, alerts: [...next.alerts, { alert, step, message, hint, time }] };
    }
    case 'launched':
      return {
        ...next,
        process: {
          pid: entry.pid,
          processStart: entry.process_start,
          host: entry.host,
          logStart: entry.log_start ?? 0,
        },
        startedAt: entry.time,
      };
    case 'stop-requested':
      return { ...next, stopRequested: true };
    case 'submitted':
      return { ...next, job: entry.job };
    case 'attached': {
      const { pid, process_start: processStart, host } = entry;
      return { ...next, process: { pid, processStart, host, logStart: next.process?.logStart ?? 0 } };
    }
    case 'connection': {
      const { state, message, time } = entry;
      return { ...next, connection: { state, message, since: time } };
    }
    case 'vanished':
      return { ...next, vanished: entry.message };
    case 'exited':
      return {
        ...next,
        exit: { code: entry.exit_code, signal: entry.signal },
        error: entry.error ? normaliseReport(entry.error) : next.error,
      };
  }
}

function normaliseReport(report: {
  code: ErrorReport['code'];
  message: string;
  where: object;
  hint?: string | undefined;
}) {
  const { code, message, where, hint } = report;
  return { code, message, where, ...(hint === undefined ? {} : { hint }) } satisfies ErrorReport;
}

/** The status a person sees. What the trainer said last counts unless its process ended without a last word. */
export function runStatus(fold: RunFold, liveness: Liveness): RunStatus {
  const { reported } = fold;
  if (reported === 'finished' || reported === 'stopped' || reported === 'failed') return reported;
  if (fold.vanished !== undefined) return 'lost';
  // Nobody follows it from here, and it may well go on there.
  if (fold.job !== undefined && fold.exit === undefined && liveness === 'gone') return 'lost';
  if (fold.exit !== undefined || liveness === 'gone') {
    if (fold.process === undefined && fold.exit === undefined) return reported === undefined ? 'queued' : 'failed';
    return fold.stopRequested ? 'stopped' : 'failed';
  }
  if (fold.process === undefined && reported === undefined) return fold.stopRequested ? 'stopped' : 'queued';
  if (liveness === 'unknown') return 'lost';
  if (fold.stopRequested) return 'stopping';
  return reported ?? 'preparing';
}

/** A run as lists and panels show it. */
export interface RunState {
  readonly spec: RunSpec;
  readonly folder: string;
  readonly status: RunStatus;
  readonly fold: RunFold;
  /** By the newest steps of the newest attempt; undefined where too few are known. */
  readonly secondsPerStep: number | undefined;
  /** Why it failed, where it did: the trainer's report, or how its process ended with its last log lines. */
  readonly failure: ErrorReport | undefined;
  /** Damaged lines of the logs, which were passed over: how many there are, */
  readonly damagedLines: number;
  /** and the first of them in words. */
  readonly logProblems: readonly string[];
}

/** 0 to 1, where the trainer said how many steps there are; 1 when finished (early stopping ends before the last). */
export function progressOf(state: RunState): number | undefined {
  if (state.status === 'finished') return 1;
  const { step, totalSteps } = state.fold;
  return step === undefined || totalSteps === undefined ? undefined : Math.min(1, step / totalSteps);
}

/** Failure of a process that ended without a last word. */
export function processFailure(fold: RunFold, logTail: readonly string[], logFile: string): ErrorReport {
  const { exit } = fold;
  const how = exit?.signal
    ? `was ended by ${exit.signal}`
    : exit?.code != null
      ? `ended with exit code ${exit.code}`
      : 'is gone';
  const tail = logTail.length === 0 ? ' It wrote no log.' : ` Last log lines:\n${logTail.join('\n')}`;
  return {
    code: 'trainer-died',
    message: `The trainer ${how} before it had finished.${tail}`,
    where: { file: logFile },
    hint: 'The log has the rest; start the run again when the cause is mended.',
  };
}

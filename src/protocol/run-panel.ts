/**
 * The contract of the training panel: page <-> extension host <-> follower process. The page asks the host, the host
 * passes the question on to the follower; the same requests and answers travel on both hops. A run is named by its folder,
 * and the host passes on questions about the panel's own runs only. Failures are answers, as in the dataset viewer.
 */

import type { Evaluation, Measure } from '../core/methods/evaluation.ts';
import type { Fault, Outcome, Problem } from './dataset-viewer.ts';
import type { SampleSet, SamplesPage, SamplesRequest } from './run-samples.ts';

/** What the x axis of charts counts: steps, epochs, or seconds of training without the pauses between attempts. */
export const X_AXES = ['step', 'epoch', 'time'] as const;
export type XAxis = (typeof X_AXES)[number];

/** As core's `RunStatus`, which the page's own compilation cannot import. */
export type PanelRunStatus =
  | 'queued'
  | 'preparing'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'finished'
  | 'lost';

export interface AlertInfo {
  readonly alert: string;
  readonly step: number | null;
  readonly message: string;
  readonly hint: string;
  readonly time: string;
}

export interface MetricInfo {
  readonly name: string;
  readonly points: number;
}

/** Where a resumed attempt begins, and up to which step it goes over what was there already. */
export interface ResumeMark {
  readonly attempt: number;
  readonly step: number;
  readonly epoch: number | null;
  readonly seconds: number;
  readonly rerunTo: number | null;
}

export interface EvaluationInfo {
  readonly step: number | null;
  /** Of the trained model, said with the run's result. */
  readonly final: boolean;
  readonly evaluation: Evaluation;
  readonly slices: readonly { readonly by: string; readonly value: string; readonly evaluation: Evaluation }[];
}

/** All that is known of a run, but for its numbers, samples and log. */
export interface RunSummary {
  readonly folder: string;
  readonly name: string;
  readonly status: PanelRunStatus;
  readonly method: { readonly id: string; readonly title: string };
  readonly engine: string;
  readonly target: string;
  readonly baseModel: string | null;
  readonly data: { readonly name: string; readonly rows: number };
  /** Time of the newest entry of its logs. */
  readonly updatedAt: string | null;
  readonly attempt: number;
  /** What the trainer says it is doing. */
  readonly message: string | null;
  /** Of a run elsewhere that cannot be reached now: why, and since when. */
  readonly connection: { readonly message: string; readonly since: string } | null;
  /** Of a run that is not known there any more: what was seen. */
  readonly vanished: string | null;
  /** Why it failed, for a person, and what the log ended with. */
  readonly failure: { readonly reason: string; readonly logTail: readonly string[] } | null;
  readonly step: number | null;
  readonly totalSteps: number | null;
  /** 0 to 1. */
  readonly progress: number | null;
  readonly elapsedSeconds: number | null;
  readonly secondsPerStep: number | null;
  readonly secondsLeft: number | null;
  readonly checkpoints: readonly number[];
  readonly alerts: readonly AlertInfo[];
  readonly warnings: readonly string[];
  /** Lines of its logs that could not be read, */
  readonly damagedLines: number;
  /** and the first of them in words. */
  readonly logProblems: readonly string[];
  readonly metrics: readonly MetricInfo[];
  readonly resumes: readonly ResumeMark[];
  readonly evaluations: readonly EvaluationInfo[];
  readonly samples: readonly SampleSet[];
  /** The spec by dotted names, values as JSON. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly logBytes: number;
}

export interface CurvesRequest {
  readonly folder: string;
  readonly metrics: readonly string[];
  readonly x: XAxis;
  /** Null is the whole run. */
  readonly range: readonly [from: number, to: number] | null;
  /** Columns of pixels: no more points are worth sending. */
  readonly buckets: number;
  /** 0 leaves the curve as it is; less than 1. */
  readonly smoothing: number;
}

export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface Curve {
  readonly metric: string;
  /** As written, by least and greatest of each bucket where there are many. NaN where the number was not finite. */
  readonly raw: Points;
  /** Null where nothing was smoothed. */
  readonly smooth: Points | null;
  /** What a later attempt went over again. */
  readonly superseded: readonly Points[];
  /** In the whole run. */
  readonly count: number;
}

export interface CurvesAnswer {
  readonly curves: readonly Curve[];
  /** Of the whole run on this axis; null where no point has one. */
  readonly extent: readonly [number, number] | null;
}

/** `before` and `after` are offsets in bytes; the piece begins and ends with whole lines, but for the log's own end. */
export type LogRequest =
  | { readonly folder: string; readonly before: number | null }
  | { readonly folder: string; readonly after: number };

export interface LogPiece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of the whole log. */
  readonly bytes: number;
}

/** Looks for a text, without regard to case, from an offset on towards an end of the log, so many bytes at most. */
export interface LogSearchRequest {
  readonly folder: string;
  readonly text: string;
  readonly from: number;
  readonly direction: 'up' | 'down';
}

/** `line` is where the line with the hit begins; null where there is none up to `searched`. */
export interface LogSearchAnswer {
  readonly line: number | null;
  readonly searched: number;
  readonly ended: boolean;
}

/** What can be asked of the follower (failures as `Fault`) and, through the host, by the page (as `Problem`). */
export interface RunQuestions<F> {
  summary(folder: string): Promise<Outcome<RunSummary, F>>;
  curves(request: CurvesRequest): Promise<Outcome<CurvesAnswer, F>>;
  samples(request: SamplesRequest): Promise<Outcome<SamplesPage, F>>;
  log(request: LogRequest): Promise<Outcome<LogPiece, F>>;
  searchLog(request: LogSearchRequest): Promise<Outcome<LogSearchAnswer, F>>;
}

export interface FollowerFunctions extends RunQuestions<Fault> {
  /** Which runs to follow from now on. */
  follow(folders: readonly string[]): Promise<void>;
  /** Writes the numbers of runs to a file; returns how many. */
  exportCsv(folders: readonly string[], file: string): Promise<Outcome<number, Fault>>;
}

export interface FollowerEvents {
  /** A run's logs or its process are not as they were. */
  changed(folder: string): void;
}

/** What the person can do with the panel's run, as far as it is there. */
export const RUN_ACTIONS = ['stop', 'resume', 'evaluate', 'use-as-grader'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** The model of the run, measured on a file afterwards. */
export interface FileEvaluation {
  /** Path of what is kept of it. */
  readonly file: string;
  readonly data: string;
  readonly createdAt: string;
  readonly n: number;
  readonly measure: Measure | null;
}

export interface PanelRuns {
  /** The panel's own run first, then those it is compared to. */
  readonly folders: readonly string[];
  readonly actions: readonly RunAction[];
  /** Of the panel's own run, newest first. */
  readonly evaluations: readonly FileEvaluation[];
}

export interface PanelFunctions extends RunQuestions<Problem> {
  runs(): Promise<PanelRuns>;
  act(action: RunAction, folder: string): void;
  /** Has the person choose the runs to compare to. */
  chooseRuns(): void;
  removeRun(folder: string): void;
  /** One of the evaluations of `PanelRuns`. */
  openEvaluation(file: string): void;
  exportCsv(): void;
  savePng(png: Uint8Array): void;
}

/** What the host tells the page; each is an event without an answer. */
export interface PanelPageFunctions {
  changed(folder: string): void;
  runsChanged(runs: PanelRuns): void;
  /** The follower ended by itself; another is started with the next question. */
  followerEnded(problem: Problem): void;
}

export const PANEL_PAGE_EVENTS = [
  'changed',
  'runsChanged',
  'followerEnded',
] as const satisfies (keyof PanelPageFunctions)[];
export const PANEL_HOST_EVENTS = [
  'act',
  'chooseRuns',
  'removeRun',
  'openEvaluation',
  'exportCsv',
  'savePng',
] as const satisfies (keyof PanelFunctions)[];

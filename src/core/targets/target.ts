/** A target is where a run's process lives. It moves processes and knows nothing of methods. */

import type { WorkerCommand } from '../runtime.ts';

export interface LaunchRequest {
  readonly command: WorkerCommand;
  readonly workingFolder: string;
  /** Receives what the process prints, standard output and errors. */
  readonly logFile: string;
}

export interface LaunchedRun {
  readonly pid: number;
  readonly processStart: string | undefined;
  readonly host: string;
  /** How the process ended. It outlives the caller, who may never learn it. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** How long a process that was asked to stop is left before it is made to. */
export interface StopGrace {
  /** To write a checkpoint and end by itself. */
  readonly checkpointMs: number;
  /** After each signal. */
  readonly signalMs: number;
}

export const DEFAULT_STOP_GRACE: StopGrace = { checkpointMs: 60_000, signalMs: 10_000 };

export interface Target {
  readonly id: string;
  readonly title: string;
  launch(request: LaunchRequest): Promise<LaunchedRun>;
  /**
   * Waits for the process to end by itself, then asks it (and those it started) with SIGINT and SIGTERM, then makes it
   * with SIGKILL. Only ever the process that was launched.
   */
  stop(process: { readonly pid: number; readonly processStart: string | null }, grace: StopGrace): Promise<void>;
}

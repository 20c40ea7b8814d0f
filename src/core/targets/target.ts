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

export interface Target {
  readonly id: string;
  readonly title: string;
  launch(request: LaunchRequest): Promise<LaunchedRun>;
  /** Asks the process (and those it started) to end, then makes it. Only ever the process that was launched. */
  stop(process: { readonly pid: number; readonly processStart: string | null }, graceMs: number): Promise<void>;
}

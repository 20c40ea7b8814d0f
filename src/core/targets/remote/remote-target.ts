/**
 * A target that is elsewhere: a machine behind SSH. It starts what it is told, hands over what the trainer
 * there writes, and knows nothing of methods. The one who drives it is the connector (`connect-run.ts`), a process of its
 * own on this machine, which may end and begin again at any moment while the trainer goes on.
 */

import type { PythonVerb } from '../../python/python-command.ts';
import type { RunSpec } from '../../runs/spec.ts';
import type { WorkerCommand } from '../../runtime.ts';

/** How a target is set up: an entry of `.reward-studio/targets.json`. What is left out is the target's own default. */
export interface TargetSetup {
  /** The Python interpreter there. */
  readonly python?: string | undefined;
  /** The folder there that holds packages, data and runs. */
  readonly folder?: string | undefined;
}

/** What a target needs of this machine. */
export interface RemoteContext {
  readonly setup: TargetSetup;
  /** Folder with the Python package `reward_studio`, which is brought there by the hash of its content. */
  readonly packageFolder: string;
  /** Values of secrets by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Where things are there; absolute paths of that machine. */
export interface PlacesThere {
  readonly python: string;
  readonly packageFolder: string;
  readonly runFolder: string;
  /** Of an uploaded file or folder, by its name in the request. */
  file(name: string): string;
}

/** A file or a folder of this machine that the run needs there. */
export interface Upload {
  /** A plain name, unique in the run. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Of its content: what is there already is not sent again. */
  readonly sha256: string;
}

export interface RemoteStart {
  readonly runId: string;
  readonly attempt: number;
  readonly uploads: readonly Upload[];
  /** The spec as the trainer there reads it. */
  spec(places: PlacesThere): RunSpec;
  /** What is started there; its environment holds no secrets. */
  command(places: PlacesThere): WorkerCommand;
  /** Values of secrets that the trainer needs, by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What a job is called there; written into the run's control log, so it holds no secrets. */
export type RemoteJob = Readonly<Record<string, string | number>>;

/** What of the job is here already. */
export interface Followed {
  /** Whole lines of `events.jsonl`, in bytes, of all attempts. */
  readonly eventBytes: number;
  /** The newest event of this attempt, 0 where there is none. */
  readonly seq: number;
  /** `trainer.log`, in bytes: of all attempts, and of this one. */
  readonly logBytes: number;
  readonly attemptLogBytes: number;
}

/** Takes what comes; the next is handed over when it has been taken. */
export interface RemoteSink {
  /** The way there is open: called each time, before anything is handed over. */
  connected(): Promise<void>;
  /** A whole line of the events, without its line feed, each once and in their order. */
  event(line: string): Promise<void>;
  log(chunk: Uint8Array): Promise<void>;
}

export type RemoteEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  /** It is not known there any more: a cluster was restarted, a folder deleted. */
  | { readonly kind: 'gone'; readonly message: string };

/** What a person sees of a target before anything is started there. */
export interface RemoteLook {
  /** "Ray 2.60.0", "OpenSSH_9.2". */
  readonly software: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly cpus: number;
    readonly gpus: number;
    readonly gpusFree: number | undefined;
    readonly memoryBytes: number | undefined;
  }[];
  /** What a person should know: a cluster without a token on an address that others reach. */
  readonly warnings: readonly string[];
}

export interface RemoteTarget {
  readonly id: string;
  readonly title: string;
  /** Variables of secrets that reaching the target itself takes. */
  readonly secretNames: readonly string[];

  /** @throws StudioError 'not-reachable' */
  look(context: RemoteContext, signal: AbortSignal): Promise<RemoteLook>;

  /** Where things will be, for a person to see before the start; asks nobody. */
  plannedPlaces(context: RemoteContext, runId: string): PlacesThere;

  /**
   * Runs a verb of the Python package there to its end and returns its standard output.
   * @throws StudioError 'not-reachable', or what the verb failed with
   */
  ask(context: RemoteContext, verb: PythonVerb, args: readonly string[], signal: AbortSignal): Promise<string>;

  /**
   * Makes a Python environment there with the pinned packages of an engine, unless it is there already.
   * @param onLine every line that the tools print
   * @returns its interpreter
   */
  makeEnvironment?(
    context: RemoteContext,
    engine: 'trl',
    options: {
      readonly wheels?: string | undefined;
      readonly onLine: (line: string) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<string>;

  /**
   * Starts an attempt, unless a job of this run and attempt is there already, which is then returned.
   * @param report what is being done, for a person: "uploading pairs.jsonl, 3 of 12 MB"
   */
  start(
    context: RemoteContext,
    start: RemoteStart,
    report: (message: string) => void,
    signal: AbortSignal,
  ): Promise<RemoteJob>;

  /**
   * Hands over what the job has written beyond `since` and goes on until it has ended.
   * @throws StudioError 'not-reachable' when the connection is lost; called again, it goes on
   */
  follow(
    context: RemoteContext,
    job: RemoteJob,
    since: Followed,
    sink: RemoteSink,
    signal: AbortSignal,
  ): Promise<RemoteEnd>;

  /** Asks for a checkpoint and an end, or signals the processes of the job. */
  stop(context: RemoteContext, job: RemoteJob, how: StopStep, signal: AbortSignal): Promise<void>;

  /**
   * Copies a folder of the run there into `destination`, whole or not at all; what is here of an earlier try is used, and
   * every file is compared by its SHA-256.
   * @param folder relative to the run's folder there
   */
  fetch(
    context: RemoteContext,
    job: RemoteJob,
    folder: string,
    destination: string,
    report: (message: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export type StopStep = 'checkpoint' | 'SIGINT' | 'SIGTERM' | 'SIGKILL';

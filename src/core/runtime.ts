/** Where the program finds its own parts: the Node binary that runs workers, and their bundled entry points. */

import path from 'node:path';

export interface Runtime {
  /** Node, or VS Code's Electron, which is Node when `ELECTRON_RUN_AS_NODE` is set. */
  readonly nodePath: string;
  readonly workersFolder: string;
  readonly python?: PythonRuntime;
  /** Version of Reward Studio, as in package.json. */
  readonly version: string;
}

export interface PythonRuntime {
  /** Holds the package `reward_studio` and `requirements`, the lists of packages that it needs. */
  readonly packageFolder: string;
  /** The interpreter that trains and serves; undefined while none has been chosen. */
  readonly interpreter: string | undefined;
  /** It is on the machine of a target: nothing of this machine's environment or files holds there. */
  readonly elsewhere?: boolean;
  /** False: models are never served by vLLM. Else they are where it is installed and can serve them. */
  readonly useVllm?: boolean;
}

export type WorkerName =
  | 'train-embedded'
  | 'connect-run'
  | 'dataset-task'
  | 'read-dataset'
  | 'query-dataset'
  | 'follow-run';

/** A process: what to start, with which arguments, and what its environment has besides ours. */
export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the folder that it is started in; the run's own where it is left out. */
  readonly workingFolder?: string;
}

/** The command that starts one of our workers with the given arguments. */
export function workerCommand(runtime: Runtime, worker: WorkerName, args: readonly string[]): WorkerCommand {
  return {
    file: runtime.nodePath,
    args: [path.join(runtime.workersFolder, `${worker}.mjs`), ...args],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
}

/** One launch of a run's trainer: the process is started, and the control log says so and how it ended. */

import { statSync } from 'node:fs';
import type { Engine } from '../engines/engine.ts';
import { StudioError } from '../errors.ts';
import { type Runtime, type WorkerCommand, workerCommand } from '../runtime.ts';
import { isElsewhere, resolveRemoteTarget, resolveTarget } from '../targets/known-targets.ts';
import type { LaunchedRun } from '../targets/target.ts';
import { appendControl } from './control-log.ts';
import type { RunSpec } from './spec.ts';
import type { Checkpoint } from './state.ts';
import type { RunFolder } from './store.ts';

export interface Attempt {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
  readonly attempt: number;
  /** What it goes on from, with the absolute path. */
  readonly resume?: { readonly checkpoint: Checkpoint; readonly file: string };
}

/**
 * The values of secrets by the names of their variables, as far as the person has given any. They reach the trainer through
 * its environment alone: no log, argument or file of the run has them.
 */
export type Secrets = (names: readonly string[]) => Promise<Readonly<Record<string, string>>>;

export interface LaunchedAttempt {
  readonly folder: RunFolder;
  readonly pid: number;
  /** Resolves when the trainer's process has ended and the run's control log says how. */
  readonly ended: Promise<void>;
}

/** Where it fails, the run is failed: a launch is not tried again by itself. */
export async function launchAttempt(
  run: Attempt,
  engine: Engine,
  runtime: Runtime,
  secrets: Secrets = async () => ({}),
): Promise<LaunchedAttempt> {
  const { folder, attempt } = run;
  const launched = await launch(run, engine, runtime, secrets).catch(async (error: unknown) => {
    await appendControl(folder, attempt, { kind: 'exited', exit_code: null, signal: null });
    throw error;
  });
  const ended = launched.exited.then(async ({ code, signal }) => {
    // How a run elsewhere ended, its connector says, which may be ended and begun again before.
    if (isElsewhere(run.spec.target)) return;
    await appendControl(folder, attempt, { kind: 'exited', exit_code: code, signal });
  });
  // Whoever waits for the end is told of a failure; that nobody waits is none.
  ended.catch(() => {});
  return { folder, pid: launched.pid, ended };
}

async function launch({ folder, spec, attempt, resume }: Attempt, engine: Engine, runtime: Runtime, secrets: Secrets) {
  const target = resolveTarget(spec.target);
  const elsewhere = isElsewhere(spec.target);
  const command = elsewhere
    ? connectorCommand(folder, attempt, runtime, resume?.checkpoint.path)
    : engine.command(spec, folder.path, attempt, runtime, resume?.file);
  const withSecrets = { ...command, env: { ...command.env, ...(await secrets(await secretNames(spec, engine))) } };
  const logStart = statSync(folder.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const workingFolder = command.workingFolder ?? folder.path;
  const launched: LaunchedRun = await target.launch({
    command: withSecrets,
    workingFolder,
    logFile: elsewhere ? folder.connectionLogFile : folder.logFile,
  });
  const processStart = launched.processStart ?? null;
  try {
    await appendControl(folder, attempt, {
      kind: 'launched',
      pid: launched.pid,
      process_start: processStart,
      host: launched.host,
      command: [command.file, ...command.args],
      log_start: logStart,
      ...(resume === undefined ? {} : { resumed_from: { step: resume.checkpoint.step, path: resume.checkpoint.path } }),
    });
  } catch (error) {
    // A process that no log names could never be found again: it must not stay (the disk may be full).
    await target.stop({ pid: launched.pid, processStart }, { checkpointMs: 0, signalMs: 1000 });
    throw error;
  }
  return launched;
}

/** The process of a run elsewhere on this machine. */
export function connectorCommand(
  folder: RunFolder,
  attempt: number,
  runtime: Runtime,
  checkpoint?: string,
): WorkerCommand {
  if (runtime.python === undefined) {
    throw new StudioError('not-available', 'The Python package that is brought to the target is not here.', {
      hint: 'Install the extension again.',
    });
  }
  const from = checkpoint === undefined ? [] : [checkpoint];
  const words = [folder.path, String(attempt), runtime.python.packageFolder, runtime.version, ...from];
  return workerCommand(runtime, 'connect-run', words);
}

/** Those of the trainer, and those that reaching its target takes. */
export async function secretNames(spec: RunSpec, engine: Engine): Promise<readonly string[]> {
  const names = engine.secrets(spec.settings);
  return isElsewhere(spec.target) ? [...names, ...(await resolveRemoteTarget(spec.target)).secretNames] : names;
}

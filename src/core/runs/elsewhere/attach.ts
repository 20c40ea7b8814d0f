/** Following a run elsewhere again, whose connector is gone: a machine that was switched off, a process that was killed. */

import os from 'node:os';
import { ENGINES } from '../../engines/known-engines.ts';
import { StudioError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import { localTarget } from '../../targets/local.ts';
import { connectorCommand, type Secrets, secretNames } from '../launch-attempt.ts';
import type { RunState } from '../state.ts';
import { RunFolder } from '../store.ts';

/** It may go on there, and nobody on this machine follows it. */
export const isUnfollowed = ({ status, fold }: RunState): boolean =>
  status === 'lost' &&
  fold.job !== undefined &&
  fold.vanished === undefined &&
  fold.process !== undefined &&
  // A connector on another machine cannot be seen from here; two of them would write the same files.
  fold.process.host === os.hostname();

/**
 * Starts another connector, which goes on where the one before it ended, and ends at once where one is there already.
 * @returns the promise of its end
 */
export async function attachRun(
  { spec, folder, fold }: RunState,
  runtime: Runtime,
  secrets: Secrets = async () => ({}),
): Promise<{ readonly pid: number; readonly ended: Promise<void> }> {
  const engine = spec.engine === 'imported' ? undefined : ENGINES[spec.engine];
  if (!engine) throw new StudioError('not-available', `The engine "${spec.engine}" is not there yet.`);
  const run = new RunFolder(folder);
  const command = connectorCommand(run, fold.attempt, runtime);
  const { pid, exited } = await localTarget.launch({
    command: { ...command, env: { ...command.env, ...(await secrets(await secretNames(spec, engine))) } },
    workingFolder: folder,
    logFile: run.connectionLogFile,
  });
  return { pid, ended: exited.then(() => {}) };
}

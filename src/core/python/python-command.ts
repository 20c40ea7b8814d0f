/** How a verb of our own Python package is started: by an interpreter of the person's, with the package that we bring. */

import path from 'node:path';
import { StudioError } from '../errors.ts';
import type { Runtime, WorkerCommand } from '../runtime.ts';

export type PythonVerb = 'train' | 'doctor' | 'estimate' | 'serve';

/** @throws StudioError 'not-available' while no interpreter has been chosen */
export function pythonCommand(runtime: Runtime, verb: PythonVerb, args: readonly string[]): WorkerCommand {
  const interpreter = runtime.python?.interpreter;
  if (interpreter === undefined) {
    throw new StudioError('not-available', 'No Python has been chosen for the engine trl.', {
      hint: 'Choose one with "Reward Studio: Set Up Python Environment"; in a terminal, with --python.',
    });
  }
  const { packageFolder, elsewhere } = runtime.python!;
  return packageCommand(interpreter, packageFolder, verb, args, elsewhere ? undefined : process.env.PYTHONPATH);
}

/** The same with an interpreter that is only looked at. */
export function packageCommand(
  interpreter: string,
  packageFolder: string,
  verb: PythonVerb,
  args: readonly string[],
  inherited: string | undefined = process.env.PYTHONPATH,
): WorkerCommand {
  return {
    file: interpreter,
    args: ['-m', 'reward_studio', verb, ...args],
    env: {
      PYTHONPATH: inherited ? `${packageFolder}${path.delimiter}${inherited}` : packageFolder,
      // Logs are read while they are written, as UTF-8 on every system.
      PYTHONUNBUFFERED: '1',
      PYTHONUTF8: '1',
      // Nobody but the hub is asked for anything, and that only for a model that is not here.
      HF_HUB_DISABLE_TELEMETRY: '1',
    },
  };
}

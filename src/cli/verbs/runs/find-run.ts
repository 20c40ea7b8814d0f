/** The run that a verb is given. */

import { RunObserver } from '../../../core/runs/observe.ts';
import { openStore } from '../../arguments.ts';

export const RUN_ARGUMENT = 'id, start of an id, or name';

export interface JsonOption {
  readonly json?: boolean;
}

/** @throws StudioError 'run-not-found' */
export async function findRun(id: string): Promise<RunObserver> {
  const { folder, spec } = await openStore().find(id);
  return new RunObserver(folder, spec);
}

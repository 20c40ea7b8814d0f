/** Whether a run can go on, and from which checkpoint. */

import { access } from 'node:fs/promises';
import path from 'node:path';
import { engineTraits } from '../engines/engine.ts';
import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import { isElsewhere } from '../targets/known-targets.ts';
import type { Attempt } from './launch-attempt.ts';
import { RunObserver } from './observe.ts';
import type { RunSpec } from './spec.ts';
import { ACTIVE_STATUSES, type RunState } from './state.ts';
import type { RunFolder } from './store.ts';

/** Why a run cannot be resumed, as its state tells; undefined where it can. */
export function refuseResume({ status, spec, fold, folder }: RunState): StudioError | undefined {
  const refusal = (code: 'run-busy' | 'not-available', message: string, hint: string) =>
    new StudioError(code, message, { where: { file: folder }, hint });
  const { process: launched } = fold;
  if (ACTIVE_STATUSES.has(status)) return refusal('run-busy', `This run is ${status}.`, 'Stop it first.');
  if (status === 'finished')
    return refusal('not-available', 'This run has finished.', 'Start a new run to train more.');
  if (status === 'lost' && fold.job && fold.vanished === undefined) {
    return refusal(
      'run-busy',
      'It is not known here how this run goes on.',
      'Follow it again: it may still be trained there.',
    );
  }
  if (status === 'lost' && fold.vanished === undefined) {
    const where = launched ? `process ${launched.pid} on ${launched.host}` : 'its process';
    return refusal('run-busy', `Whether ${where} still runs cannot be seen from here.`, 'Resume it on that machine.');
  }
  const again = 'Start a new run with the same run file.';
  if (!resumes(spec)) {
    const cannot = ENGINES[spec.engine]?.traitsOf
      ? 'The settings of this run say that its trainer does not go on from a checkpoint.'
      : `The engine "${spec.engine}" cannot resume a run.`;
    return refusal('not-available', cannot, again);
  }
  if (!fold.checkpoint) return refusal('not-available', 'This run has written no checkpoint to go on from.', again);
  return undefined;
}

function resumes({ engine, settings }: RunSpec): boolean {
  const found = ENGINES[engine];
  return found !== undefined && engineTraits(found, settings).resumes;
}

export const isResumable = (state: RunState): boolean => refuseResume(state) === undefined;

/** The newest checkpoint, where it is in the run's folder as the trainer said. */
export async function checkpointToResume(folder: RunFolder, spec: RunSpec): Promise<NonNullable<Attempt['resume']>> {
  const { fold } = await new RunObserver(folder, spec).observe();
  const missing = (message: string, file: string) =>
    new StudioError('not-available', message, { where: { file }, hint: 'Start a new run with the same run file.' });
  const { checkpoint } = fold;
  if (!checkpoint || !resumes(spec)) {
    throw missing('This run has no checkpoint that its engine goes on from.', folder.path);
  }
  const file = path.resolve(folder.path, checkpoint.path);
  // The path is what a trainer wrote: it may not lead out of the run's folder.
  if (!file.startsWith(folder.path + path.sep)) {
    throw missing(`Its checkpoint of step ${checkpoint.step} is not in the run's folder.`, file);
  }
  // Of a run elsewhere it is there, and its trainer sees to it.
  if (isElsewhere(spec.target)) return { checkpoint, file };
  await access(file).catch(() => {
    throw missing(`Its checkpoint of step ${checkpoint.step} is no longer there.`, file);
  });
  return { checkpoint, file };
}

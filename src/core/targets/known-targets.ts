/** The targets by name. */

import { StudioError } from '../errors.ts';
import { localTarget } from './local.ts';
import type { Target } from './target.ts';

/** The target a spec names: `local`, `ssh:HOST`, `ray:ADDRESS`. */
export function resolveTarget(name: string): Target {
  if (name === 'local') return localTarget;
  throw new StudioError('not-available', `The target "${name}" is not there yet.`, {
    hint: 'Only "local" can run trainings in this version.',
  });
}

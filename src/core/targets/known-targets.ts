/** The targets by name. */

import { StudioError } from '../errors.ts';
import { localTarget } from './local.ts';
import type { RemoteTarget } from './remote/remote-target.ts';
import type { Target } from './target.ts';

export const isElsewhere = (name: string): boolean => name !== 'local';

/**
 * The target that launches the process of a run on this machine. Of a run elsewhere that is the connector, which brings it
 * there and follows it.
 */
export function resolveTarget(name: string): Target {
  if (name === 'local') return localTarget;
  if (/^(ssh|ray):./.test(name)) return { ...localTarget, id: name, title: titleOf(name) };
  throw new StudioError('usage', `There is no target "${name}".`, {
    hint: 'A target is local, ssh:HOST or ray:ADDRESS.',
  });
}

const titleOf = (name: string): string =>
  name.startsWith('ssh:') ? `${name.slice(4)}, over SSH` : `the Ray cluster at ${name.slice(4)}`;

/** @throws StudioError 'usage' for a name that is none of a target elsewhere */
export async function resolveRemoteTarget(name: string): Promise<RemoteTarget> {
  if (name.startsWith('ssh:')) return (await import('./ssh/ssh-target.ts')).sshTarget(name);
  throw new StudioError('usage', `The target "${name}" is not elsewhere.`);
}

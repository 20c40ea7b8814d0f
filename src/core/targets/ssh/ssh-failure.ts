/** What `ssh` says when it does not get through, and what to do about it. */

import { StudioError } from '../../errors.ts';

const KNOWN: readonly { readonly said: RegExp; readonly message: string; readonly hint: string }[] = [
  {
    said: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    message: 'The host key of this machine is another than before, so nothing is sent to it.',
    hint: 'Ask who runs it whether the key was changed; then take the old one from known_hosts (ssh-keygen -R HOST).',
  },
  {
    said: /Host key verification failed|No .* host key is known/i,
    message: 'The host key of this machine is not known here.',
    hint: 'Connect once in a terminal (ssh HOST) and compare the fingerprint that it shows.',
  },
  {
    said: /Permission denied \(/i,
    message: 'This machine does not let you in.',
    hint: 'Log in once in a terminal (ssh HOST); a key with a passphrase has to be in the agent (ssh-add).',
  },
  {
    said: /Could not resolve hostname/i,
    message: 'There is no machine of this name.',
    hint: 'Check the name, and that you are in the network that knows it.',
  },
  {
    said: /Connection (timed out|refused|reset|closed)|No route to host|Network is unreachable|Operation timed out|Broken pipe|not responding|kex_exchange/i,
    message: 'This machine cannot be reached now.',
    hint: 'Check that it is on and that you are in its network.',
  },
];

/** @param said what ssh wrote to its standard error output */
export function sshFailure(destination: string, said: string, cause?: unknown): StudioError {
  const last = said.trim().split('\n').slice(-3).join(' ').trim();
  const known = KNOWN.find(({ said: form }) => form.test(said));
  const words = last === '' ? '' : ` ssh says: ${last.replace(/\.?$/, '.')}`;
  return new StudioError('not-reachable', `${destination}: ${known?.message ?? 'The connection was lost.'}${words}`, {
    hint: known?.hint ?? 'Try it in a terminal: ssh HOST.',
    cause,
  });
}

/** The exit status of ssh itself where it does not get through; that of the command there otherwise (ssh(1)). */
export const SSH_FAILED = 255;

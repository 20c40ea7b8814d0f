/** Addresses of endpoints: nothing in them is secret, and what is sent to another machine is encrypted. */

import { isLoopback } from '../../datasets/remote/remote-name.ts';
import { StudioError } from '../../errors.ts';

/** Why an address cannot be that of an endpoint, continuing "url: ". */
export function endpointUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must have no user name or password in it: use "key"';
  if (url.search !== '' || url.hash !== '') return 'must end with its path, without ? or #';
  return undefined;
}

interface Addressed {
  readonly name: string;
  readonly url: string;
  readonly allow_http: boolean;
}

/** @throws StudioError 'not-available' for another machine without encryption, unless the grader allows that */
export function endpointUrl({ name, url: text, allow_http }: Addressed): URL {
  const url = new URL(text);
  if (url.protocol === 'https:' || isLoopback(url) || allow_http) return url;
  throw new StudioError('not-available', `The grader "${name}" sends texts to ${url.host} without encryption.`, {
    hint: 'Use https, or a tunnel to 127.0.0.1; "allow_http": true allows it in a network that you trust.',
  });
}

/** The body of an answer: no more than a limit of it, as UTF-8, as JSON. What is neither is told with the text that came. */

import { EndpointFailure, excerpt } from './endpoint-failure.ts';

/** No answer of a grader comes near. */
export const LARGEST_ANSWER = 4 * 1024 * 1024;
const LONGEST_RAW = 300;

/**
 * @throws EndpointFailure 'invalid-answer' for one that is too large or not UTF-8; what the connection failed with
 */
export async function readAnswer(response: Response, largest = LARGEST_ANSWER): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    // Leaving the loop closes the connection.
    if (size > largest) throw invalid(`has more than ${largest} bytes`);
    parts.push(part);
  }
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(response.headers.get('content-type') ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw invalid(`is said to be in ${charset}: JSON is UTF-8`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw invalid('is not UTF-8');
  }
}

/** @throws EndpointFailure 'invalid-answer' with what was written instead */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('is not JSON', text);
  }
}

/** @param what continues "The answer of the endpoint" @param raw what was written, to be shown */
export function invalid(what: string, raw?: string): EndpointFailure {
  const shown = raw === undefined ? '' : ` It wrote: ${excerpt(raw, LONGEST_RAW) || '(nothing)'}`;
  return new EndpointFailure('invalid-answer', `The answer of the endpoint ${what}.${shown}`, {
    hint: 'That is not a score. Check url and api of the grader.',
  });
}

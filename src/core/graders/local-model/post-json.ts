/**
 * One request to a server on this machine. By node:http, because an answer of a judge on a CPU may take longer than the
 * limit of `fetch`, which cannot be set.
 */

import http from 'node:http';

/** No answer of a grader comes near. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** @throws what the connection failed with; an AbortError when `signal` ends it */
export function postJson(url: URL, token: string, body: object, signal?: AbortSignal): Promise<Answer> {
  const content = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': content.length,
        },
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          parts.push(part);
          if (size > LARGEST_ANSWER) request.destroy(new Error(`an answer of more than ${LARGEST_ANSWER} bytes`));
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(content);
  });
}

/** Whether an address is one of this machine, where nothing that is asked leaves it. */
export const isLoopback = (address: string): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);

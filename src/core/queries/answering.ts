/** How an answer leaves a question: in parts, taken one after the other. */

import type { Asking } from './connections.ts';
import type { AnswerPart } from './questions.ts';

export interface Answering {
  readonly signal?: AbortSignal | undefined;
  /** Sends a part of the answer; resolves when it has been taken. */
  readonly send: (part: AnswerPart) => Promise<void>;
}

/** A question of one statement, whose progress is what DuckDB says. */
export function withProgress({ signal, send }: Answering): Asking {
  // Nobody waits for it: an answer that cannot be sent any more says so itself.
  return { signal, onProgress: (done) => void send({ kind: 'progress', done }).catch(() => {}) };
}

/** Questions that can be cancelled: each has a number, its ticket, that its sender chose. */

import type { CheckProgress } from './dataset-checks.ts';
import type { DownloadProgress } from './dataset-remote.ts';

/** The answering side of cancellation: the questions being answered, by ticket. */
export class OpenTickets {
  readonly #open = new Map<number, AbortController>();

  async answer<T>(ticket: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#open.set(ticket, controller);
    try {
      return await task(controller.signal);
    } finally {
      this.#open.delete(ticket);
    }
  }

  cancel(ticket: number): void {
    this.#open.get(ticket)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#open.values()) controller.abort();
  }
}

export type OnProgress<P = CheckProgress> = (progress: P) => void;

/** The asking side: gives every question a ticket, cancels it when its signal aborts, and hears of its progress. */
export class Tickets {
  #next = 0;
  readonly #cancel: (ticket: number) => void;
  readonly #listeners = new Map<number, OnProgress<never>>();

  constructor(cancel: (ticket: number) => void) {
    this.#cancel = cancel;
  }

  /** @param onProgress for the progress that the question's own event tells */
  async ask<T, P = CheckProgress>(
    signal: AbortSignal | undefined,
    question: (ticket: number) => Promise<T>,
    onProgress?: OnProgress<P>,
  ): Promise<T> {
    const ticket = this.#next++;
    if (onProgress) this.#listeners.set(ticket, onProgress);
    const cancel = () => {
      this.#listeners.delete(ticket);
      this.#cancel(ticket);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await question(ticket);
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#listeners.delete(ticket);
    }
  }

  /** Passes progress on to who asked; of a question that was answered or cancelled it is late, and dropped. */
  tell(ticket: number, progress: CheckProgress | DownloadProgress): void {
    this.#listeners.get(ticket)?.(progress as never);
  }
}

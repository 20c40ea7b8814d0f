/** Work that several wait for; it is ended when the last of them no longer does. */

export class SharedTask<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = Promise.resolve().then(() => work(this.#controller.signal));
    // Whoever waits hears of a failure; it may be that nobody does any more.
    this.#result.catch(() => {});
  }

  /** Nobody waits any more: whoever wants the result now has to begin anew. */
  get ended(): boolean {
    return this.#controller.signal.aborted;
  }

  join(signal?: AbortSignal): Promise<T> {
    this.#waiting++;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        reject(signal?.reason);
        if (--this.#waiting === 0) this.#controller.abort();
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener('abort', leave, { once: true });
      this.#result.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  }
}

/** Made when it is first asked for, for all who ask; anew after a failure, and after all who asked had left. */
export class SharedValue<T> {
  readonly #make: (signal: AbortSignal) => Promise<T>;
  #task: SharedTask<T> | undefined;

  constructor(make: (signal: AbortSignal) => Promise<T>) {
    this.#make = make;
  }

  /** @param signal without one, it is waited for to the end */
  get(signal?: AbortSignal): Promise<T> {
    if (!this.#task || this.#task.ended) this.#task = this.#begin();
    return this.#task.join(signal);
  }

  #begin(): SharedTask<T> {
    const task: SharedTask<T> = new SharedTask(async (signal) => {
      try {
        return await this.#make(signal);
      } catch (error) {
        if (this.#task === task) this.#task = undefined;
        throw error;
      }
    });
    return task;
  }
}

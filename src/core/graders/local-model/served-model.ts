/**
 * A model served on demand by our Python package: started with the first question, on loopback, at a port that it chooses
 * itself, with a token that only its own environment knows; ended when nobody has asked for a while.
 */

import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { pythonCommand } from '../../python/python-command.ts';
import type { Runtime } from '../../runtime.ts';
import { SharedValue } from '../../shared-task.ts';
import { type Answer, isLoopback, postJson } from './post-json.ts';

const TOKEN_VARIABLE = 'REWARD_STUDIO_SERVE_TOKEN';
const SAID_LINES = 5;

const readySchema = z.object({
  ready: z.literal(true),
  url: z.url().refine(isLoopback, 'not on this machine'),
  model: z.string(),
  kind: z.enum(['reward', 'judge']),
  pid: z.number(),
});

export interface ServeOptions {
  /** After so long without a question the process is ended; without one it stays. */
  readonly idleMs?: number;
  /** Every line that the process prints, and when it starts and ends. */
  readonly onLine?: (line: string) => void;
  /** True while the process is there. */
  readonly onRunning?: (running: boolean) => void;
}

interface Server {
  readonly url: string;
  /** The name that requests give. */
  readonly model: string;
  readonly token: string;
}

export class ServedModel {
  readonly #folder: string;
  readonly #runtime: Runtime;
  readonly #options: ServeOptions;
  #server: SharedValue<Server>;
  #child: ReturnType<typeof startServer> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #asking = 0;
  #disposed = false;

  constructor(folder: string, runtime: Runtime, options: ServeOptions) {
    this.#folder = folder;
    this.#runtime = runtime;
    this.#options = options;
    this.#server = this.#onDemand();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Asks the model: starts its process where there is none.
   * @param path of the request, as vLLM names it: `/classify`, `/v1/chat/completions`
   * @throws StudioError 'trainer-died' where the process fails, 'not-available' for an answer that says what is wrong
   */
  async ask<T>(path: string, body: object, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    if (this.#disposed) throw new StudioError('not-available', 'This grader has been closed.');
    clearTimeout(this.#idle);
    this.#asking += 1;
    try {
      const { url, model, token } = await this.#server.get(signal);
      const answer = await postJson(new URL(path, url), token, { model, ...body }, signal).catch((cause: unknown) => {
        if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled.');
        throw this.#died('does not answer', cause);
      });
      return this.#answerOf(answer, schema);
    } finally {
      this.#asking -= 1;
      this.#endWhenIdle();
    }
  }

  /** Ends the process; a grade asked for later fails. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#idle);
    this.#end();
  }

  #answerOf<T>({ status, text }: Answer, schema: z.ZodType<T>): T {
    const value = jsonOf(text);
    if (value === undefined) throw this.#died(`answered ${status} with what is not JSON`, text.slice(0, 200));
    if (status !== 200) {
      const { message } = (value as { error?: { message?: string } }).error ?? {};
      throw new StudioError('not-available', message ?? `The model's server answered ${status}.`, {
        where: { file: this.#folder },
      });
    }
    const { data, error } = schema.safeParse(value);
    if (error) throw this.#died('answered in a form that is not known', error);
    return data;
  }

  #onDemand(): SharedValue<Server> {
    return new SharedValue((signal) => this.#start(signal));
  }

  async #start(signal: AbortSignal): Promise<Server> {
    const token = randomBytes(32).toString('hex');
    const child = startServer(this.#folder, this.#runtime, token);
    this.#child = child;
    this.#options.onLine?.(`serving ${this.#folder}: process ${child.pid ?? 'not started'}`);
    this.#options.onRunning?.(true);
    const last: string[] = [];
    const stop = () => child.kill();
    signal.addEventListener('abort', stop, { once: true });
    const ready = new Promise<Server>((resolve, reject) => {
      void (async () => {
        for await (const line of child.iterable({ from: 'all' })) {
          const { data } = readySchema.safeParse(jsonOf(line));
          if (data) resolve({ url: data.url, model: data.model, token });
          this.#options.onLine?.(line);
          last.push(line);
          if (last.length > SAID_LINES) last.shift();
        }
        const { exitCode, signal: endedBy } = await child;
        this.#options.onLine?.(`process ${child.pid ?? ''} ended (${endedBy ?? `exit code ${exitCode}`})`);
        if (this.#child === child) {
          this.#child = undefined;
          this.#server = this.#onDemand();
          this.#options.onRunning?.(false);
        }
        if (signal.aborted || this.#disposed) reject(new StudioError('cancelled', 'Cancelled.'));
        else reject(this.#died('could not be started', undefined, last));
      })().catch(reject);
    });
    return ready.finally(() => signal.removeEventListener('abort', stop));
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    const { idleMs } = this.#options;
    if (this.#asking > 0 || !this.#child || idleMs === undefined) return;
    this.#idle = setTimeout(() => this.#end(), idleMs);
    // A program that is done does not wait for it.
    this.#idle.unref();
  }

  #end(): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    this.#server = this.#onDemand();
    child.kill();
    this.#options.onRunning?.(false);
  }

  #died(how: string, cause: unknown, said: readonly string[] = []): StudioError {
    const words = said.length === 0 ? '.' : `. It said last:\n${said.join('\n')}`;
    return new StudioError('trainer-died', `The server of this model ${how}${words}`, {
      where: { file: this.#folder },
      hint: 'The extension log has the rest.',
      cause,
    });
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function startServer(folder: string, runtime: Runtime, token: string) {
  const backend = runtime.python?.useVllm === false ? ['--backend', 'transformers'] : [];
  const { file, args, env } = pythonCommand(runtime, 'serve', [folder, '--end-with-stdin', ...backend]);
  return execa(file, args, {
    env: { ...env, HF_HUB_OFFLINE: '1', [TOKEN_VARIABLE]: token },
    // Its end is how the server learns that whoever started it is gone, however that came about.
    stdin: 'pipe',
    all: true,
    buffer: false,
    reject: false,
    forceKillAfterDelay: 5_000,
  });
}

/**
 * The connector: brings a run to a target elsewhere, follows it there and writes here what it writes, until it has ended.
 * It may be ended at any moment and begun again: what is there goes on, and what is here is continued where it ended.
 */

import os from 'node:os';
import path from 'node:path';
import { ENGINES } from '../../engines/known-engines.ts';
import { describeError, reportError, StudioError } from '../../errors.ts';
import { resolveRemoteTarget } from '../../targets/known-targets.ts';
import { processStart } from '../../targets/process-identity.ts';
import type { RemoteContext, RemoteEnd, RemoteJob, RemoteTarget } from '../../targets/remote/remote-target.ts';
import { readTargets } from '../../targets/remote/targets-file.ts';
import { appendControl } from '../control-log.ts';
import { type ControlBody, controlEntrySchema } from '../events.ts';
import { readLog } from '../json-lines-log.ts';
import { requireTarget } from '../prepare.ts';
import { takeLock } from '../process-lock.ts';
import type { RunSpec } from '../spec.ts';
import { type RunFolder, RunStore } from '../store.ts';
import { LocalCopy } from './local-copy.ts';
import { startThere } from './start-there.ts';
import { pause, relayStops } from './stop-there.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Between two words on how far something is. */
const PROGRESS_MS = 2_000;

export interface ConnectOptions {
  readonly folder: RunFolder;
  readonly attempt: number;
  /** Relative to the run's folder. */
  readonly checkpoint: string | undefined;
  readonly packageFolder: string;
  readonly version: string;
  /** Has the values of secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** @returns the exit code of the trainer there; 1 where nobody can say it, or where it could not be started */
export async function connectRun(options: ConnectOptions): Promise<number> {
  const taken = await takeLock(path.join(options.folder.path, 'connector.lock'));
  // Another connector follows it.
  if (!('lock' in taken)) return 0;
  try {
    const spec = await options.folder.readSpec();
    const target = await resolveRemoteTarget(spec.target);
    return await new Connector(options, spec, target, await contextOf(options, spec, target)).run();
  } finally {
    taken.lock.release();
  }
}

async function contextOf({ folder, packageFolder, env }: ConnectOptions, spec: RunSpec, target: RemoteTarget) {
  const targets = await readTargets(RunStore.at(path.dirname(folder.path)).base);
  const secrets = pick(env, target.secretNames);
  return { setup: targets[spec.target] ?? {}, packageFolder, secrets } satisfies RemoteContext;
}

function pick(env: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

class Connector {
  readonly #options: ConnectOptions;
  readonly #spec: RunSpec;
  readonly #target: RemoteTarget;
  readonly #context: RemoteContext;
  #connection: string | undefined;
  #progressAt = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectOptions, spec: RunSpec, target: RemoteTarget, context: RemoteContext) {
    this.#options = options;
    this.#spec = spec;
    this.#target = target;
    this.#context = context;
  }

  async run(): Promise<number> {
    const { job, logStart } = await this.#before();
    if (job) {
      await this.#append({
        kind: 'attached',
        pid: process.pid,
        process_start: (await processStart(process.pid)) ?? null,
        host: os.hostname(),
      });
      return this.#follow(job, logStart);
    }
    try {
      const started = await this.#start();
      await this.#append({ kind: 'submitted', job: started });
      return await this.#follow(started, logStart);
    } catch (error) {
      if (this.#options.signal.aborted) throw error;
      await this.#append({ kind: 'exited', exit_code: null, signal: null, error: reportError(error) });
      throw error;
    }
  }

  /** What this attempt's control log says already. */
  async #before(): Promise<{ job: RemoteJob | undefined; logStart: number }> {
    const { folder, attempt } = this.#options;
    const { entries } = await readLog(folder.controlFile, controlEntrySchema);
    const own = entries.filter((entry) => entry.attempt === attempt);
    const submitted = own.find((entry) => entry.kind === 'submitted');
    const launched = own.find((entry) => entry.kind === 'launched');
    return { job: submitted?.job, logStart: launched?.log_start ?? 0 };
  }

  async #start(): Promise<RemoteJob> {
    const { folder, attempt, version, checkpoint, env, signal } = this.#options;
    const engine = ENGINES[this.#spec.engine as keyof typeof ENGINES];
    if (!engine) throw new StudioError('not-available', `The engine "${this.#spec.engine}" is not there yet.`);
    requireTarget(engine, this.#spec.target);
    const secrets = pick(env, engine.secrets(this.#spec.settings));
    await this.#say('connecting', `connecting to ${this.#target.title}`);
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const asked = relayStops(
      {
        controlFile: folder.controlFile,
        attempt,
        // Nothing is there yet that could write a checkpoint.
        stop: async () => ending.abort(new StudioError('cancelled', 'Stopped before it was started.')),
        onFailure: () => {},
      },
      either,
    );
    try {
      const start = await startThere({ spec: this.#spec, attempt, engine, version, checkpoint, secrets }, either);
      return await this.#target.start(this.#context, start, (message) => this.#progress('connecting', message), either);
    } finally {
      ending.abort();
      await asked;
    }
  }

  async #follow(job: RemoteJob, logStart: number): Promise<number> {
    const { folder, attempt, signal } = this.#options;
    const copy = new LocalCopy({
      folder,
      attempt,
      logStart,
      fetchModel: (model) => this.#fetch(job, model),
      onConnected: () => this.#say('connected', `connected to ${this.#target.title}`),
    });
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const relay = relayStops(
      {
        controlFile: folder.controlFile,
        attempt,
        stop: (step) => this.#target.stop(this.#context, job, step, either),
        onFailure: (error) => console.error(`${now()} stop: ${describeError(error)}`),
      },
      either,
    );
    try {
      return await this.#end(await this.#followUntilEnd(job, copy));
    } finally {
      ending.abort();
      await relay;
    }
  }

  /** A connection that is lost is tried again for as long as it takes: what is there goes on without it. */
  async #followUntilEnd(job: RemoteJob, copy: LocalCopy): Promise<RemoteEnd> {
    const { signal } = this.#options;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const since = await copy.followed();
      try {
        return await this.#target.follow(this.#context, job, since, copy, signal);
      } catch (error) {
        signal.throwIfAborted();
        // Of a run that was deleted here nobody wants to know any more.
        await this.#options.folder.requireThere();
        await this.#say('lost', describeError(error));
        const after = await copy.followed();
        if (after.eventBytes > since.eventBytes || after.logBytes > since.logBytes) pauseMs = FIRST_PAUSE_MS;
        await pause(pauseMs, signal);
      }
    }
  }

  async #fetch(job: RemoteJob, model: string): Promise<void> {
    const { folder, signal } = this.#options;
    await this.#say('connected', 'fetching the model');
    const report = (message: string) => this.#progress('connected', message);
    await this.#target.fetch(this.#context, job, model, path.join(folder.path, model), report, signal);
    await this.#say('connected', 'the model is here');
  }

  async #end(end: RemoteEnd): Promise<number> {
    if (end.kind === 'gone') {
      await this.#append({ kind: 'vanished', message: end.message });
      return 1;
    }
    await this.#append({ kind: 'exited', exit_code: end.code, signal: end.signal });
    return end.code ?? 1;
  }

  /** What is different from the last word is written down. */
  async #say(state: 'connecting' | 'connected' | 'lost', message: string): Promise<void> {
    if (this.#connection === `${state} ${message}`) return;
    this.#connection = `${state} ${message}`;
    console.log(`${now()} ${message}`);
    // Where it cannot be written down (the disk is full), the run is followed all the same.
    await this.#append({ kind: 'connection', state, message }).catch(() => {});
  }

  #progress(state: 'connecting' | 'connected', message: string): void {
    if (performance.now() - this.#progressAt < PROGRESS_MS) return;
    this.#progressAt = performance.now();
    void this.#say(state, message);
  }

  #append(body: ControlBody): Promise<void> {
    return appendControl(this.#options.folder, this.#options.attempt, body);
  }
}

const now = (): string => new Date().toISOString();

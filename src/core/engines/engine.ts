/** An engine trains: it says which methods it can, checks settings, and names the process that does the work. */

import type { MethodId } from '../methods/method.ts';
import { METHODS } from '../methods/method.ts';
import type { EngineId, RunSpec, Settings } from '../runs/spec.ts';
import type { Runtime, WorkerCommand } from '../runtime.ts';
import { embeddedEngine } from './embedded-engine.ts';

export interface Engine {
  readonly id: EngineId;
  readonly title: string;
  readonly summary: string;
  readonly methods: readonly MethodId[];
  /** Checks and completes hyper-parameters; an unknown or impossible one fails with 'usage'. */
  resolveSettings(settings: Settings): Settings;
  /** The process that trains the run in `folder`. */
  command(spec: RunSpec, folder: string, attempt: number, runtime: Runtime): WorkerCommand;
}

/** Which engine trains which method, whether it is here yet or not: what refusals point to. */
export const ENGINE_METHODS: Readonly<Record<EngineId, readonly MethodId[]>> = {
  embedded: embeddedEngine.methods,
  trl: ['bradley-terry', 'pointwise', 'pairwise', 'sft'],
  verl: ['bradley-terry', 'pointwise', 'pairwise', 'sft'],
};

export const ENGINES: Readonly<Partial<Record<EngineId, Engine>>> = { embedded: embeddedEngine };

/** Engines other than `except` that train a method, as text: "trl or verl". */
export function enginesFor(method: MethodId, except: EngineId): string {
  const others = Object.entries(ENGINE_METHODS).filter(([id, methods]) => id !== except && methods.includes(method));
  return others.map(([id]) => id).join(' or ');
}

/** `METHODS[method].title`, for messages. */
export const methodTitle = (method: MethodId): string => METHODS[method].title;

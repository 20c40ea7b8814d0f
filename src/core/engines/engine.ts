/** An engine trains: it says which methods it can, checks settings, and names the process that does the work. */

import type * as z from 'zod';
import type { MethodId } from '../methods/method.ts';
import type { PreflightCheck } from '../runs/preflight-check.ts';
import type { EngineId, RunFile, RunSpec, Settings } from '../runs/spec.ts';
import type { Runtime, WorkerCommand } from '../runtime.ts';

export interface Engine {
  readonly id: EngineId;
  readonly title: string;
  readonly summary: string;
  readonly methods: readonly MethodId[];
  /** Settings that name files: relative to the run file there, absolute in the spec. */
  readonly pathSettings?: readonly string[];
  /** Where the settings of a run decide what is said here of all. */
  readonly traitsOf?: (settings: Settings) => EngineTraits;
  /** Whether its trainers write checkpoints and go on from one. */
  readonly resumes: boolean;
  /** Whether a training fills its target (a GPU, all of the memory), so that others wait for their turn. */
  readonly occupiesTarget: boolean;
  /** Whether it can be brought to a target elsewhere. */
  readonly elsewhere?: boolean;
  /** Whether it trains a model that was there before, which the run file then names. */
  readonly needsBaseModel: boolean;
  /** Variables of the environment that the trainer of a run with these settings may need, and that are kept as secrets. */
  secrets(settings: Settings): readonly string[];
  /** The hyper-parameters of a method with their ranges, defaults and descriptions. */
  settingsSchema(method: MethodId): z.ZodObject;
  /** Checks and completes hyper-parameters; an unknown or impossible one fails with 'usage'. */
  resolveSettings(settings: Settings, method: MethodId): Settings;
  /** What a run needs on this machine besides its data: a look, as lines of the preflight. */
  inspect?(file: RunFile, options: InspectOptions): Promise<readonly PreflightCheck[]>;
  /**
   * The process that trains the run in `folder`.
   * @param checkpoint absolute path of the checkpoint to go on from; only ever given to engines that resume
   */
  command(spec: RunSpec, folder: string, attempt: number, runtime: Runtime, checkpoint?: string): WorkerCommand;
}

/** What queue and resume ask of a run. */
export type EngineTraits = Pick<Engine, 'resumes' | 'occupiesTarget'>;

export const engineTraits = (engine: Engine, settings: Settings): EngineTraits => engine.traitsOf?.(settings) ?? engine;

export interface InspectOptions {
  /** What relative paths of the run file are relative to. */
  readonly baseFolder: string;
  readonly store: { readonly base: string };
  readonly runtime: Runtime;
  readonly signal?: AbortSignal;
  /** Values of secrets; those of the environment where it is left out. */
  readonly secrets?: ((names: readonly string[]) => Promise<Readonly<Record<string, string>>>) | undefined;
}

/** Engines by the name that a spec gives them. */
export type Engines = Readonly<Partial<Record<RunSpec['engine'], Engine>>>;

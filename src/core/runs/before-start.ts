/**
 * The quick part of the preflight, before every start: what the engine needs on this machine. That the data can be read and
 * fit the method, `prepareRun` sees; their rows are checked one by one in a whole preflight only.
 */

import type { InspectOptions } from '../engines/engine.ts';
import { resolveEngine } from '../engines/known-engines.ts';
import { inspectEngine } from './preflight.ts';
import type { PreflightCheck } from './preflight-check.ts';
import type { RunFile } from './spec.ts';

export interface LookBeforeStart {
  readonly checks: readonly PreflightCheck[];
  /** Those that stand in the way. */
  readonly obstacles: readonly PreflightCheck[];
}

/** @throws StudioError 'cancelled'; everything else that is wrong is an obstacle */
export async function lookBeforeStart(file: RunFile, options: InspectOptions): Promise<LookBeforeStart> {
  const checks = (await inspectEngine(file, resolveEngine(file.engine, file.method), options)) ?? [];
  return { checks, obstacles: checks.filter(({ severity }) => severity === 'error') };
}

/** "memory: about 8 GB …. disk: …" */
export const describeInOneLine = (checks: readonly PreflightCheck[]): string =>
  checks.map(({ what, detail }) => `${what}: ${detail.replace(/\.$/, '')}.`).join(' ');

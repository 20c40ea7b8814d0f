/** How runs stand in a list: the active ones, the newest of the others, and all of them by what they belong to. */

import { METHODS } from '../methods/method.ts';
import type { RunSpec } from './spec.ts';
import { ACTIVE_STATUSES, type RunState } from './state.ts';

/** Ended runs that are listed without being looked for. */
export const MOST_RECENT = 20;

export interface Experiment {
  readonly name: string;
  /** Newest first. */
  readonly runs: readonly RunState[];
}

export interface GroupedRuns {
  readonly active: readonly RunState[];
  readonly recent: readonly RunState[];
  /** Of several runs each, then those of one. Empty where they would only say again what the other groups say. */
  readonly experiments: readonly Experiment[];
}

/** @param states newest first */
export function groupRuns(states: readonly RunState[]): GroupedRuns {
  const active = states.filter((state) => ACTIVE_STATUSES.has(state.status));
  const ended = states.filter((state) => !ACTIVE_STATUSES.has(state.status));
  const experiments = new Map<string, RunState[]>();
  for (const state of states) {
    const name = experimentOf(state.spec);
    experiments.set(name, [...(experiments.get(name) ?? []), state]);
  }
  const says = ended.length > MOST_RECENT || (experiments.size > 1 && experiments.size < states.length);
  return {
    active,
    recent: ended.slice(0, MOST_RECENT),
    experiments: says ? severalFirst([...experiments].map(([name, runs]) => ({ name, runs }))) : [],
  };
}

const severalFirst = (experiments: readonly Experiment[]): Experiment[] =>
  experiments.toSorted((a, b) => Number(b.runs.length > 1) - Number(a.runs.length > 1));

/**
 * What the run file says, else the name without a number at its end: `pairs-2`, `pairs v3` and `pairs-seed7` are tries
 * of one thing, and nobody should have to say so.
 */
export function experimentOf({ experiment, name }: Pick<RunSpec, 'experiment' | 'name'>): string {
  if (experiment !== undefined) return experiment;
  return name.replace(/[\s._-]+(?:(?:v|run|try|seed)[\s._-]?)?\d+$|\s*\(\d+\)$/i, '') || name;
}

/** Every word of the text is somewhere in what a list says of the run; case does not matter. */
export function matchesFilter({ spec, status }: RunState, text: string): boolean {
  const { name, method, engine, target, data, base_model = '' } = spec;
  const said = [
    name,
    experimentOf(spec),
    status,
    method,
    METHODS[method].title,
    engine,
    target,
    base_model,
    data.train.path,
  ]
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

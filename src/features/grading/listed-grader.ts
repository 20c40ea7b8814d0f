/** What can grade, as the person sees it: finished runs, and what stands in the registry. */

import type { GraderEntry } from '../../core/graders/registry/grader-entry.ts';
import type { RunState } from '../../core/runs/state.ts';

export interface RunGrader {
  readonly source: 'run';
  readonly state: RunState;
}

export interface RegisteredGrader {
  readonly source: 'workspace' | 'user';
  readonly entry: GraderEntry;
  /** What its relative paths are relative to; undefined for one of the settings. */
  readonly folder: string | undefined;
}

export type ListedGrader = RunGrader | RegisteredGrader;

export const nameOf = (grader: ListedGrader): string =>
  grader.source === 'run' ? grader.state.spec.name : grader.entry.name;

/** Tells graders apart, also from one window to the next; of a run it is its folder. */
export const idOf = (grader: ListedGrader): string =>
  grader.source === 'run' ? grader.state.folder : registeredId(grader.source, grader.folder, grader.entry.name);

export const registeredId = (source: RegisteredGrader['source'], folder: string | undefined, name: string): string =>
  [source, folder ?? '', name].join('\n');

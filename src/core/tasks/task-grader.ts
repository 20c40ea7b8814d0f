/** What grades for the editor, as a task in a process of its own is told it. */

import type { GraderEntry } from '../graders/registry/grader-entry.ts';
import { entryForGrading, type FileGrader, modelForGrading } from '../gradings/open-for-grading.ts';
import { RunStore } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';

/** The model of a run. */
export interface TaskRun {
  readonly kind: 'run';
  /** That owns the run. */
  readonly storeBase: string;
  readonly runFolder: string;
}

/** An entry of the registry, with the value of its key. */
export interface TaskEntry {
  readonly kind: 'entry';
  readonly entry: GraderEntry;
  readonly folder: string | undefined;
  readonly key: string | undefined;
}

export type TaskGrader = TaskRun | TaskEntry;

/** Whoever opens it disposes of its grader. */
export function openTaskGrader(grader: TaskGrader, runtime: Runtime): Promise<FileGrader> {
  if (grader.kind === 'run') {
    return modelForGrading(grader.runFolder, new RunStore(grader.storeBase), { runtime, serve: {} });
  }
  const { entry, folder, key } = grader;
  const keys = { get: async () => key, howToSet: () => 'Set it with "Reward Studio: Set Key".' };
  return entryForGrading(entry, { runtime, serve: {}, folder, keys });
}

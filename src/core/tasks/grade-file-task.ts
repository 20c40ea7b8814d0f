/** Grading a file for the editor: what it would take first, where somebody else is asked; then the work. */

import { StudioError } from '../errors.ts';
import type { GraderEntry } from '../graders/registry/grader-entry.ts';
import type { CostEstimate } from '../gradings/cost.ts';
import { describeGrading, gradedRowsText } from '../gradings/describe-grading.ts';
import { gradeFile } from '../gradings/grade-file.ts';
import type { ReadingChoice } from '../gradings/graded-rows.ts';
import type { GradingProgressReport } from '../gradings/grading-progress.ts';
import { entryForGrading, type FileGrader, modelForGrading } from '../gradings/open-for-grading.ts';
import { RunStore } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';

/** What grades: the model of a run, or an entry with the value of its key. */
export type TaskGrader =
  | { readonly kind: 'run'; readonly storeBase: string; readonly runFolder: string }
  | {
      readonly kind: 'entry';
      readonly entry: GraderEntry;
      readonly folder: string | undefined;
      readonly key: string | undefined;
    };

export interface GradeFileTask {
  readonly kind: 'grade-file';
  /** That owns the grading. */
  readonly base: string;
  readonly grader: TaskGrader;
  readonly input: string;
  readonly output: string;
  readonly choice: ReadingChoice;
  readonly force: boolean;
  readonly restart: boolean;
  /** The person knows what is asked of whom. */
  readonly agreed: boolean;
  readonly runtime: Runtime;
}

export type GradeFileTaskResult =
  /** Somebody else would be asked: nothing is done yet. */
  | { readonly kind: 'plan'; readonly rows: number; readonly kept: number; readonly cost: CostEstimate }
  | {
      readonly kind: 'graded';
      readonly headline: string;
      readonly lines: readonly string[];
      readonly folder: string;
      readonly kept: number;
    };

export async function gradeFileForEditor(
  { base, grader, input, output, choice, force, restart, agreed, runtime }: GradeFileTask,
  signal: AbortSignal,
  onProgress: (progress: GradingProgressReport) => void,
): Promise<GradeFileTaskResult> {
  const opened = await openGraderOf(grader, runtime);
  let plan: GradeFileTaskResult | undefined;
  try {
    const graded = await gradeFile(opened, {
      ...choice,
      ...{ input, output, base, force, restart, signal, onProgress, workersFolder: runtime.workersFolder },
      agree: ({ rows, kept, cost }) => {
        if (!cost || agreed) return;
        plan = { kind: 'plan', rows, kept, cost };
        throw new StudioError('cancelled', 'It was not agreed to.');
      },
    });
    const { spec, summary, kept, folder } = graded;
    return { kind: 'graded', headline: gradedRowsText(summary), lines: describeGrading(spec, summary), folder, kept };
  } catch (error) {
    if (plan) return plan;
    throw error;
  } finally {
    opened.grader.dispose();
  }
}

async function openGraderOf(grader: TaskGrader, runtime: Runtime): Promise<FileGrader> {
  if (grader.kind === 'run') {
    return modelForGrading(grader.runFolder, new RunStore(grader.storeBase), { runtime, serve: {} });
  }
  const { entry, folder, key } = grader;
  const keys = { get: async () => key, howToSet: () => 'Set it with "Reward Studio: Set Key".' };
  return entryForGrading(entry, { runtime, serve: {}, folder, keys });
}

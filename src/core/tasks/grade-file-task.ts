/** Grading a file for the editor: what it would take first, where somebody else is asked; then the work. */

import { StudioError } from '../errors.ts';
import type { CostEstimate } from '../gradings/cost.ts';
import { describeGrading, gradedRowsText } from '../gradings/describe-grading.ts';
import { gradeFile } from '../gradings/grade-file.ts';
import type { ReadingChoice } from '../gradings/graded-rows.ts';
import type { GradingProgressReport } from '../gradings/grading-progress.ts';
import type { Runtime } from '../runtime.ts';
import { openTaskGrader, type TaskGrader } from './task-grader.ts';

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
  const opened = await openTaskGrader(grader, runtime);
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

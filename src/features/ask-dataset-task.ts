/** Has a worker process do a task with a dataset, so that reading and writing never hold up the extension host. */

import { errorFromReport, StudioError } from '../core/errors.ts';
import { type Runtime, workerCommand } from '../core/runtime.ts';
import type { DatasetTask, DatasetTaskLine, DatasetTaskResults } from '../core/tasks/dataset-task.ts';

export interface TaskOptions {
  readonly signal: AbortSignal;
  /** @param share 0 to 1 @param message what is being done, where it is told */
  readonly onProgress?: (share: number, message?: string) => void;
}

export async function askDatasetTask<K extends DatasetTask['kind']>(
  runtime: Runtime,
  task: Extract<DatasetTask, { kind: K }>,
  { signal, onProgress }: TaskOptions,
): Promise<DatasetTaskResults[K]> {
  // Loaded with the first task: a window that does none starts without it.
  const { execa } = await import('execa');
  const { file, args, env } = workerCommand(runtime, 'dataset-task', []);
  const child = execa(file, args, {
    env,
    input: JSON.stringify(task),
    cancelSignal: signal,
    reject: false,
    // A cancelled conversion removes its temporary files before it ends.
    forceKillAfterDelay: 5_000,
  });
  let answer: DatasetTaskLine<DatasetTaskResults[K]> | undefined;
  for await (const line of child.iterable()) {
    const parsed = JSON.parse(line) as DatasetTaskLine<DatasetTaskResults[K]>;
    if ('progress' in parsed) {
      const { progress } = parsed;
      if ('share' in progress) onProgress?.(progress.share, progress.message);
      else onProgress?.(shareOf(progress));
    } else answer = parsed;
  }
  const result = await child;
  if (result.isCanceled) throw new StudioError('cancelled', 'Cancelled.');
  if (!answer || 'progress' in answer) {
    throw new StudioError('damaged-file', 'The process that reads the dataset ended without an answer.', {
      hint: 'It may have run out of memory; the extension log has what it said last.',
      cause: result.stderr,
    });
  }
  if ('value' in answer) return answer.value;
  throw errorFromReport(answer.error);
}

/** A conversion reads everything twice: to decide on the split, and to write. */
function shareOf({
  phase,
  rows,
  totalRows,
}: {
  phase: 'reading' | 'writing';
  rows: number;
  totalRows: number;
}): number {
  return ((phase === 'writing' ? 1 : 0) + rows / Math.max(1, totalRows)) / 2;
}

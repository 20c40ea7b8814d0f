/**
 * Does one task with a dataset for the editor, away from the extension host: the task as JSON on standard input, progress
 * and then the answer as JSON lines on standard output. A termination signal cancels it and lets it tidy up.
 */

import { text } from 'node:stream/consumers';
import { StudioError } from '../core/errors.ts';
import { type DatasetTask, type DatasetTaskLine, doDatasetTask } from '../core/tasks/dataset-task.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => controller.abort(new StudioError('cancelled', 'Cancelled.')));
}

const print = (line: DatasetTaskLine<unknown>): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const task = JSON.parse(await text(process.stdin)) as DatasetTask;
print(await doDatasetTask(task, controller.signal, (progress) => print({ progress })));

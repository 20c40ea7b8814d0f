/**
 * Process of a run elsewhere: `connect-run RUN_FOLDER ATTEMPT PACKAGE_FOLDER VERSION [CHECKPOINT]`. Its output is
 * `connection.log` of the run.
 */

import { describeError, toStudioError } from '../core/errors.ts';
import { connectRun } from '../core/runs/elsewhere/connect-run.ts';
import { RunFolder } from '../core/runs/store.ts';

const [folder, attempt, packageFolder, version, checkpoint] = process.argv.slice(2);
if (folder === undefined || !/^[1-9]\d*$/.test(attempt ?? '') || packageFolder === undefined || version === undefined) {
  console.error('usage: connect-run RUN_FOLDER ATTEMPT PACKAGE_FOLDER VERSION [CHECKPOINT]');
  process.exit(2);
}

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());

try {
  process.exitCode = await connectRun({
    folder: new RunFolder(folder),
    attempt: Number(attempt),
    checkpoint,
    packageFolder,
    version,
    env: process.env,
    signal: controller.signal,
  });
} catch (error) {
  console.error(`${new Date().toISOString()} ${describeError(error)}`);
  // A defect of ours: the log is where its stack belongs.
  if (!controller.signal.aborted && !toStudioError(error)) console.error(error);
  process.exitCode = 1;
}

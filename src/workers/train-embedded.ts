/** Process of the embedded engine: `train-embedded RUN_FOLDER ATTEMPT`. Its output is the run's log. */

import { runEmbeddedTraining } from '../core/engines/embedded-run.ts';
import { describeError, StudioError, toStudioError } from '../core/errors.ts';
import { stopRequested } from '../core/runs/stop-request.ts';
import { RunFolder } from '../core/runs/store.ts';

const [folder, attempt] = process.argv.slice(2);
if (folder === undefined || !/^[1-9]\d*$/.test(attempt ?? '')) {
  console.error('usage: train-embedded RUN_FOLDER ATTEMPT');
  process.exit(2);
}

const controller = new AbortController();
const stop = () => controller.abort(new StudioError('cancelled', 'Stopped on request.'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);

try {
  // It has no checkpoint to write: a request ends it as a signal does.
  void stopRequested(new RunFolder(folder).controlFile, Number(attempt)).then(stop, stop);
  console.log(`${new Date().toISOString()} training ${folder}, attempt ${attempt}, process ${process.pid}`);
  process.exitCode = await runEmbeddedTraining(folder, Number(attempt), controller.signal);
  console.log(`${new Date().toISOString()} ended with exit code ${process.exitCode}`);
} catch (error) {
  console.error(`${new Date().toISOString()} failed: ${describeError(error)}`);
  // A defect of ours: the log is where its stack belongs.
  if (!toStudioError(error)) console.error(error);
  process.exitCode = 1;
}

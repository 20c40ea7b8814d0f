/**
 * The process that follows the runs of one training panel: `follow-run.mjs`, questions and answers over Node's IPC
 * channel (`src/protocol/run-panel.ts`). It ends when the channel closes, and so never outlives who started it.
 */

import { createBirpc } from 'birpc';
import { type ErrorReport, reportError, StudioError } from '../core/errors.ts';
import type { Outcome } from '../protocol/dataset-viewer.ts';
import type { FollowerEvents, FollowerFunctions } from '../protocol/run-panel.ts';
import { exportCsv } from './follow-run/csv.ts';
import { curvesOf } from './follow-run/curves.ts';
import { FollowedRun } from './follow-run/followed-run.ts';
import { logPiece, searchLog } from './follow-run/log.ts';
import { SamplesReader } from './follow-run/samples.ts';
import { summaryOf } from './follow-run/summary.ts';

process.once('disconnect', () => process.exit(0));

if (!process.send) {
  process.stderr.write('usage: follow-run.mjs, started with an IPC channel\n');
  process.exit(2);
}

const runs = new Map<string, FollowedRun>();
const samples = new SamplesReader();

async function answer<T>(folder: string, task: (run: FollowedRun) => Promise<T> | T): Promise<Outcome<T, ErrorReport>> {
  try {
    const run = followed(folder);
    await run.state();
    return { ok: true, value: await task(run) };
  } catch (error) {
    return { ok: false, fault: reportError(error) };
  }
}

function followed(folder: string): FollowedRun {
  const run = runs.get(folder);
  if (!run) throw new StudioError('run-not-found', 'This run is not followed.', { where: { file: folder } });
  return run;
}

const functions: FollowerFunctions = {
  follow: async (folders) => {
    for (const [folder, run] of runs) {
      if (folders.includes(folder)) continue;
      run.close();
      runs.delete(folder);
    }
    for (const folder of folders) {
      if (!runs.has(folder)) runs.set(folder, new FollowedRun(folder, () => void host.changed(folder)));
    }
  },
  summary: (folder) => answer(folder, (run) => summaryOf(run)),
  curves: (request) => answer(request.folder, (run) => curvesOf(run, request)),
  samples: (request) => answer(request.folder, (run) => samples.page(run, request)),
  log: (request) => answer(request.folder, (run) => logPiece(run.folder.logFile, request)),
  searchLog: (request) => answer(request.folder, (run) => searchLog(run.folder.logFile, request)),
  exportCsv: async (folders, file) => {
    try {
      return { ok: true, value: await exportCsv(folders.map(followed), file) };
    } catch (error) {
      return { ok: false, fault: reportError(error) };
    }
  },
};

const host = createBirpc<FollowerEvents, FollowerFunctions>(functions, {
  on: (listener) => process.on('message', listener),
  // Without a channel the process is about to end, and an answer has nobody to go to.
  post: (message) => process.connected && process.send?.(message),
  eventNames: ['changed'],
});

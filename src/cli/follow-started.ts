/** Stays with a run that a verb has started, to its end: a live view, then its outcome and the exit code. */

import path from 'node:path';
import { errorFromReport } from '../core/errors.ts';
import { describeEvaluation } from '../core/methods/describe-evaluation.ts';
import { describeRun } from '../core/runs/describe-run.ts';
import { RunObserver } from '../core/runs/observe.ts';
import { type StartedRun, stopRun } from '../core/runs/start.ts';
import { ACTIVE_STATUSES, type RunState } from '../core/runs/state.ts';
import { followRun } from './follow-run.ts';
import { printJson, printLines } from './output.ts';
import { viewRun } from './run-view.ts';

/** @throws StudioError what the trainer failed with */
export async function followStarted(
  started: StartedRun,
  { signal, json }: { readonly signal: AbortSignal; readonly json: boolean },
): Promise<void> {
  const view = json ? undefined : viewRun(process.stdout);
  const observer = new RunObserver(started.folder, started.spec);
  const seen = await followRun(observer, {
    signal,
    ended: started.ended,
    show: async (state) => view?.show(state),
  });
  const state = ACTIVE_STATUSES.has(seen.status) ? await stopRun(observer) : seen;
  if (json) printJson(describeRun(state));
  else printOutcome(state);
  if (state.status === 'failed' && state.failure) {
    const { code } = state.failure;
    // A defect of the trainer is the run's fault here; its log has the rest.
    throw errorFromReport({ ...state.failure, code: code === 'internal' ? 'trainer-died' : code });
  }
  if (state.status === 'stopped') process.exitCode = 1;
}

function printOutcome(state: RunState): void {
  const { result, warnings, startedAt, updatedAt } = state.fold;
  const seconds =
    startedAt && updatedAt ? Math.max(0, Date.parse(updatedAt) - Date.parse(startedAt)) / 1000 : undefined;
  const lines = [`run ${state.spec.id}: ${state.status}${seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`}`];
  for (const warning of warnings) lines.push(`warning: ${warning}`);
  if (result) {
    lines.push(`trained on ${result.trainRows} rows, validated on ${result.validationRows}`);
    if (result.evaluation) lines.push(...describeEvaluation(result.evaluation).map((text) => `validation: ${text}`));
    lines.push(`model: ${path.relative(process.cwd(), path.join(state.folder, result.model))}`);
  }
  printLines(lines);
}

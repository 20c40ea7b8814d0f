/** Stays with a run that a verb has started, to its end: a live view, its alerts, then its outcome and the exit code. */

import path from 'node:path';
import { describeError, errorFromReport } from '../core/errors.ts';
import { describeEvaluation } from '../core/methods/describe-evaluation.ts';
import { describeRun } from '../core/runs/describe-run.ts';
import { RunObserver } from '../core/runs/observe.ts';
import { type StartedRun, stopRun } from '../core/runs/start.ts';
import { ACTIVE_STATUSES, type RunState } from '../core/runs/state.ts';
import { RunStore } from '../core/runs/store.ts';
import { RunSupervisor } from '../core/runs/supervise.ts';
import type { Runtime } from '../core/runtime.ts';
import { followRun } from './follow-run.ts';
import { printJson, printLines } from './output.ts';
import { viewRun } from './run-view.ts';

/** @throws StudioError what the trainer failed with */
export async function followStarted(
  started: StartedRun,
  { runtime, signal, json }: { readonly runtime: Runtime; readonly signal: AbortSignal; readonly json: boolean },
): Promise<void> {
  const view = json ? undefined : viewRun(process.stdout);
  const observer = new RunObserver(started.folder, started.spec);
  const alerts = alertsOf(started, runtime);
  const seen = await followRun(observer, {
    signal,
    ended: started.ended,
    show: async (state) => {
      await alerts.look(state);
      await view?.show(state);
    },
  }).finally(alerts.dispose);
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

/** Looks for what is alarming, and writes it into the run's log, unless a window does: the view shows what is there. */
function alertsOf({ folder }: StartedRun, runtime: Runtime) {
  const unwritten = (what: string) => process.stderr.write(`alert, which could not be written down: ${what}\n`);
  let found: string | undefined;
  const supervisor = new RunSupervisor(RunStore.at(path.dirname(folder.path)), runtime, () => ({}), {
    onAlert: (_state, { message, hint }) => {
      found = `${message} ${hint}`;
    },
    onLaunchFailure: () => {},
  });
  return {
    look: async (state: RunState) => {
      found = undefined;
      // A run that waits is launched by who has put it into the queue.
      if (state.status === 'queued') return;
      await supervisor.look([state]).catch((error: unknown) => {
        if (found !== undefined) unwritten(`${found} (${describeError(error)})`);
      });
    },
    dispose: () => supervisor.dispose(),
  };
}

function printOutcome(state: RunState): void {
  const { result, warnings, startedAt, updatedAt } = state.fold;
  const seconds =
    startedAt && updatedAt ? Math.max(0, Date.parse(updatedAt) - Date.parse(startedAt)) / 1000 : undefined;
  const lines = [`run ${state.spec.id}: ${state.status}${seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`}`];
  for (const warning of warnings) lines.push(`warning: ${warning}`);
  for (const { message, hint } of state.fold.alerts) lines.push(`alert: ${message} ${hint}`);
  if (result) {
    lines.push(`trained on ${result.trainRows} rows, validated on ${result.validationRows}`);
    if (result.evaluation) lines.push(...describeEvaluation(result.evaluation).map((text) => `validation: ${text}`));
    lines.push(`model: ${path.relative(process.cwd(), path.join(state.folder, result.model))}`);
  }
  printLines(lines);
}

/** What the panel shows of a run beside its curves. */

import path from 'node:path';
import { describeError } from '../../core/errors.ts';
import { METHODS } from '../../core/methods/method.ts';
import type { MetricHistory } from '../../core/runs/metric-history.ts';
import { readLogTail } from '../../core/runs/observe.ts';
import { remainingMs } from '../../core/runs/remaining-time.ts';
import { flattenSpec } from '../../core/runs/spec-parameters.ts';
import { ACTIVE_STATUSES, progressOf, type RunState } from '../../core/runs/state.ts';
import type { ResumeMark, RunSummary } from '../../protocol/run-panel.ts';
import type { SampleSet } from '../../protocol/run-samples.ts';
import { type FollowedRun, type SamplesPlace, sizeOf } from './followed-run.ts';

const LOG_TAIL_LINES = 20;

export async function summaryOf(run: FollowedRun, now = new Date()): Promise<RunSummary> {
  const state = await run.state();
  const { spec, fold, status, failure } = state;
  const { history } = run;
  const left = remainingMs(state);
  return {
    folder: run.folder.path,
    name: spec.name,
    status,
    method: { id: spec.method, title: METHODS[spec.method].title },
    engine: spec.engine,
    target: spec.target,
    baseModel: spec.base_model ?? null,
    data: { name: path.basename(spec.data.train.path), rows: spec.data.train.rows },
    updatedAt: fold.updatedAt ?? null,
    attempt: fold.attempt,
    message: fold.message ?? (fold.connection?.state === 'connecting' ? fold.connection.message : null),
    connection:
      fold.connection && fold.connection.state === 'lost'
        ? { message: fold.connection.message, since: fold.connection.since }
        : null,
    vanished: fold.vanished ?? null,
    failure: failure
      ? {
          reason: describeError({ ...failure, message: failure.message.split('\n', 1)[0] ?? '' }),
          logTail: await readLogTail(run.folder.logFile, LOG_TAIL_LINES),
        }
      : null,
    step: fold.step ?? null,
    totalSteps: fold.totalSteps ?? null,
    progress: progressOf(state) ?? null,
    elapsedSeconds: elapsedOf(state, trainedSeconds(history), now),
    secondsPerStep: state.secondsPerStep ?? null,
    secondsLeft: left === undefined ? null : left / 1000,
    checkpoints: run.checkpoints,
    alerts: fold.alerts.map(({ alert, step = null, message, hint, time }) => ({ alert, step, message, hint, time })),
    warnings: fold.warnings,
    damagedLines: state.damagedLines,
    logProblems: state.logProblems,
    metrics: [...history.curves].map(([name, { value }]) => ({
      name,
      points: value.length,
    })),
    resumes: resumesOf(history),
    evaluations: run.evaluations,
    samples: sampleSets(run.samples),
    parameters: flattenSpec(spec),
    logBytes: await sizeOf(run.folder.logFile),
  };
}

/** By this machine's clock; where that was set back before the start, as long as the attempt's steps took. */
function elapsedOf({ status, fold }: RunState, trained: number, now: Date): number | null {
  const { startedAt, updatedAt } = fold;
  if (startedAt === undefined) return null;
  const end = ACTIVE_STATUSES.has(status) || updatedAt === undefined ? now.getTime() : Date.parse(updatedAt);
  const elapsed = (end - Date.parse(startedAt)) / 1000;
  return elapsed < 0 ? trained : elapsed;
}

/** Between the first and the newest step of the newest attempt. */
function trainedSeconds({ seconds, attempts }: MetricHistory): number {
  const begin = attempts.at(-1)?.index;
  return begin === undefined ? 0 : seconds.data[seconds.length - 1]! - seconds.data[begin]!;
}

const resumesOf = (history: MetricHistory): ResumeMark[] =>
  history.attempts.slice(1).map(({ attempt, step, index, rerunTo = null }) => {
    const epoch = history.epoch.data[index]!;
    return {
      attempt,
      step,
      epoch: Number.isNaN(epoch) ? null : epoch,
      seconds: history.seconds.data[index]!,
      rerunTo,
    };
  });

/** In ascending steps; entries of one step and set add up. */
function sampleSets(places: readonly SamplesPlace[]): SampleSet[] {
  const sets = new Map<string, SampleSet>();
  for (const place of newestSamples(places)) {
    const key = `${place.step} ${place.set}`;
    const count = (sets.get(key)?.count ?? 0) + place.count;
    sets.set(key, { step: place.step, set: place.set, count });
  }
  return [...sets.values()].sort((a, b) => a.step - b.step || (a.set < b.set ? -1 : 1));
}

/** Of a step that several attempts went over, the newest attempt's. */
export function newestSamples(places: readonly SamplesPlace[]): SamplesPlace[] {
  const newest = new Map<string, number>();
  for (const { step, set, attempt } of places) {
    const key = `${step} ${set}`;
    newest.set(key, Math.max(newest.get(key) ?? 0, attempt));
  }
  return places.filter(({ step, set, attempt }) => newest.get(`${step} ${set}`) === attempt);
}

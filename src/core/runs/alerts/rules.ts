/** The rules: what each looks at, what it says, and what to do. Pure functions of what was seen. */

import type { AlertId } from '../events.ts';
import { mean, median } from '../recent-values.ts';
import type { RunState } from '../state.ts';
import type { AlertWindow, Watched } from './alert-window.ts';
import { batchHint, learningRateHint, memoryHint } from './hints.ts';
import * as limits from './thresholds.ts';

/** What a look at a run has seen. */
export interface Seen {
  readonly state: RunState;
  readonly window: AlertWindow;
  /** Since anything new was in the run's events, by this machine's monotonic clock. */
  readonly silentMs: number;
  /** Where the run's folder is; undefined where the system does not tell. */
  readonly freeBytes: number | undefined;
  /** The line of the trainer's log that tells of memory that ran out. */
  readonly memoryLine: string | undefined;
  /** Since the process was first seen to be gone. */
  readonly goneMs: number;
}

export interface Finding {
  readonly alert: AlertId;
  readonly step?: number;
  readonly message: string;
  readonly hint: string;
}

interface Rule {
  readonly alert: AlertId;
  /** Not told where one of these was: it is the same cause. */
  readonly unless?: readonly AlertId[];
  readonly look: (
    seen: Seen,
  ) => { readonly message: string; readonly hint: string; readonly step?: number } | undefined;
}

const RULES: readonly Rule[] = [
  { alert: 'loss-not-finite', look: lossNotFinite },
  { alert: 'loss-at-ln-2', look: lossAtLn2, unless: ['loss-not-finite'] },
  { alert: 'accuracy-at-chance', look: accuracyAtChance, unless: ['loss-at-ln-2', 'loss-not-finite'] },
  { alert: 'groups-dead', look: groupsDead },
  { alert: 'reward-flat', look: rewardFlat, unless: ['groups-dead'] },
  { alert: 'kl-runaway', look: klRunaway },
  { alert: 'parse-failures', look: parseFailures },
  { alert: 'disk-nearly-full', look: diskNearlyFull },
  { alert: 'out-of-memory', look: outOfMemory },
  { alert: 'stalled', look: stalled, unless: ['out-of-memory'] },
  { alert: 'process-gone', look: processGone, unless: ['out-of-memory'] },
];

/** What is to be told now: nothing twice in one attempt. */
export function findAlerts(seen: Seen): Finding[] {
  const told = new Set(seen.state.fold.alerts.map(({ alert }) => alert));
  const findings: Finding[] = [];
  for (const { alert, unless = [], look } of RULES) {
    if (told.has(alert) || unless.some((other) => told.has(other))) continue;
    const found = look(seen);
    if (!found) continue;
    told.add(alert);
    const { step } = seen.window;
    findings.push({ alert, ...(step === undefined ? {} : { step }), ...found });
  }
  return findings;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** The newest `n` values, once there are as many and the warm-up is over. */
function settled({ window }: Seen, name: Watched, n: number): number[] | undefined {
  const { step = 0, totalSteps } = window;
  if (totalSteps !== undefined && step < totalSteps * limits.WARM_UP_SHARE) return undefined;
  const values = window.values[name].last(n);
  return values.length < n ? undefined : values;
}

function lossNotFinite({ window, state }: Seen) {
  const found = window.lossNotFinite;
  if (!found) return undefined;
  const { name, value, step } = found;
  return { step, message: `${name} is ${value} at step ${step}.`, hint: learningRateHint(state.spec) };
}

function lossAtLn2(seen: Seen) {
  if (seen.state.spec.method !== 'bradley-terry') return undefined;
  const losses = settled(seen, 'loss', limits.AVERAGED);
  if (!losses || Math.abs(mean(losses) - Math.LN2) > limits.LN_2_DISTANCE) return undefined;
  return {
    message: `The loss stays at ln 2: ${mean(losses).toFixed(4)} on average over the last ${losses.length} values.`,
    hint: 'The model tells nothing apart: check that the pairs still differ after truncation (max_length), and that the learning rate is not too low.',
  };
}

function accuracyAtChance(seen: Seen) {
  if (seen.state.spec.method !== 'bradley-terry') return undefined;
  const shares = settled(seen, 'accuracy', limits.AVERAGED);
  if (!shares || Math.abs(mean(shares) - 0.5) > limits.CHANCE_DISTANCE) return undefined;
  return {
    message: `The accuracy is at chance: ${mean(shares).toFixed(3)} on average over the last ${shares.length} values.`,
    hint: 'Check the labels (are chosen and rejected swapped in a part of the rows?) and raise the learning rate or the number of epochs.',
  };
}

function rewardFlat(seen: Seen) {
  const rewards = settled(seen, 'reward', limits.AVERAGED);
  if (!rewards || Math.max(...rewards) - Math.min(...rewards) > limits.FLAT_RANGE) return undefined;
  return {
    message: `The reward does not move: ${mean(rewards).toPrecision(4)} over the last ${rewards.length} values.`,
    hint: 'Look at the samples: a reward that is the same for every answer teaches nothing. Check the reward function and the temperature.',
  };
}

function groupsDead(seen: Seen) {
  const shares = settled(seen, 'deadGroups', limits.DEAD_GROUPS_AVERAGED);
  if (!shares || mean(shares) < limits.DEAD_GROUPS_SHARE) return undefined;
  return {
    message: `${percent(mean(shares))} of the groups have the same reward for all answers, over the last ${shares.length} values.`,
    hint: 'They have no gradient: use prompts that are neither always nor never solved, more answers a prompt, or a higher temperature.',
  };
}

function klRunaway(seen: Seen) {
  const values = settled(seen, 'kl', limits.AVERAGED + limits.KL_NEWEST);
  if (!values) return undefined;
  const before = median(values.slice(0, limits.AVERAGED).map(Math.abs));
  const now = mean(values.slice(limits.AVERAGED));
  if (now < limits.KL_LEAST || now < limits.KL_FACTOR * before) return undefined;
  return {
    message: `The KL divergence runs away: ${now.toPrecision(3)} now, ${before.toPrecision(3)} in the ${limits.AVERAGED} values before.`,
    hint: 'Raise the KL coefficient or lower the learning rate, and go on from a checkpoint before the rise.',
  };
}

function parseFailures(seen: Seen) {
  const shares = settled(seen, 'parseFailures', limits.PARSE_FAILURES_AVERAGED);
  if (!shares || mean(shares) < limits.PARSE_FAILURE_SHARE) return undefined;
  return {
    message: `In ${percent(mean(shares))} of the answers no verdict was found, over the last ${shares.length} values.`,
    hint: 'Look at the samples: answers that are cut off need more tokens (max_response_length), others a clearer prompt or an SFT before.',
  };
}

function diskNearlyFull({ freeBytes, state }: Seen) {
  if (freeBytes === undefined || freeBytes > limits.DISK_FREE_BYTES) return undefined;
  return {
    message: `${Math.round(freeBytes / 1024 ** 2)} MiB are free where the run is kept (${state.folder}).`,
    hint: 'Free some space before the next checkpoint is written: delete old runs, or keep fewer checkpoints.',
  };
}

function outOfMemory({ memoryLine, state }: Seen) {
  if (memoryLine === undefined) return undefined;
  return { message: `The memory ran out: ${memoryLine}`, hint: memoryHint(state.spec, memoryLine) };
}

function stalled({ state, window, silentMs }: Seen) {
  if (state.status !== 'running' || window.stepTimes.count < limits.STALL_STEPS) return undefined;
  // Of a run elsewhere nothing can be heard while it is not reached.
  if (state.fold.connection?.state === 'lost') return undefined;
  // After its last step a trainer measures and saves: there is none to wait for.
  if (window.totalSteps !== undefined && (window.step ?? 0) >= window.totalSteps) return undefined;
  const usual = median(window.stepTimes.last(limits.AVERAGED));
  if (silentMs < Math.max(limits.STALL_LEAST_MS, limits.STALL_FACTOR * usual)) return undefined;
  const seconds = (ms: number) => `${(ms / 1000).toPrecision(3)} s`;
  return {
    message: `No step for ${Math.round(silentMs / 1000)} s; a step takes ${seconds(usual)}.`,
    hint: 'See the run log: it may hang (a dead worker, a full disk, a lock). Stop the run and resume it from its checkpoint.',
  };
}

function processGone({ state, goneMs }: Seen) {
  if (state.failure?.code !== 'trainer-died' || state.fold.error || goneMs < limits.GONE_MS) return undefined;
  const { exit, checkpoint } = state.fold;
  const how = exit?.signal
    ? `was ended by ${exit.signal}`
    : exit?.code != null
      ? `ended with code ${exit.code}`
      : 'is gone';
  const at = state.fold.step === undefined ? 'before its first step' : `at step ${state.fold.step}`;
  const killed =
    exit?.signal === 'SIGKILL' ? ` If nobody ended it, the system had no memory left: ${batchHint(state.spec)}` : '';
  const next = checkpoint ? `Resume it from its checkpoint of step ${checkpoint.step}.` : 'Start it again.';
  return { message: `The trainer's process ${how} ${at}, without a last word.`, hint: `${next}${killed}` };
}

/** A run as an entry of the side bar: its icon, its state in a few words, and everything about it in the tooltip. */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { isGradable } from '../../core/graders/gradable.ts';
import { formatAge } from '../../core/graders/grade-card.ts';
import { describeEvaluation, formatNumber, headline } from '../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../core/methods/method.ts';
import { describeRemaining, remainingMs } from '../../core/runs/remaining-time.ts';
import { ACTIVE_STATUSES, progressOf, type RunState, type RunStatus } from '../../core/runs/state.ts';
import { alertIcon, alertLines, alertNote } from './alert-notes.ts';

const ICONS: Readonly<Record<RunStatus, vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon('clock'),
  preparing: new vscode.ThemeIcon('sync~spin'),
  running: new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue')),
  stopping: new vscode.ThemeIcon('sync~spin'),
  stopped: new vscode.ThemeIcon('debug-stop'),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  finished: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  lost: new vscode.ThemeIcon('debug-disconnect'),
};

export { isGradable };

/** What grades can be measured on a file. */
export const isEvaluable = isGradable;

/** Python can load its model. */
export const isExportable = (state: RunState): boolean => state.spec.engine === 'trl' && isGradable(state);

/**
 * @param grades its model is the one that grades
 * @param resumable it can go on from a checkpoint
 */
export function runTreeItem(state: RunState, grades: boolean, resumable: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(state.spec.name);
  item.iconPath = alertIcon(state) ?? ICONS[state.status];
  const parts = [describeState(state), alertNote(state)];
  // While something can be done about it, the alert must not be the part that is cut off.
  if (ACTIVE_STATUSES.has(state.status)) parts.reverse();
  item.description = [...parts, grades ? 'grader' : undefined].filter(Boolean).join(' · ');
  item.tooltip = tooltip(state, grades);
  item.contextValue = [
    'run',
    ACTIVE_STATUSES.has(state.status) ? 'active' : 'ended',
    ...(isGradable(state) ? ['gradable'] : []),
    ...(isEvaluable(state) ? ['evaluable'] : []),
    ...(isExportable(state) ? ['exportable'] : []),
    ...(resumable ? ['resumable'] : []),
    ...(state.spec.imported ? ['imported'] : ['trainable']),
  ].join('.');
  item.command = { command: 'rewardStudio.openRun', title: 'Open Run', arguments: [state] };
  item.accessibilityInformation = { label: `${state.spec.name}, ${item.description}` };
  return item;
}

/** "running · 62 % · loss 0.61 · 14 min left", "finished · acc 0.67 · 2 h ago". */
export function describeState(state: RunState, now = new Date()): string {
  const { fold, status, spec } = state;
  const age = fold.updatedAt === undefined ? undefined : formatAge(fold.updatedAt, now);
  const words = (...parts: (string | undefined)[]): string => [status, ...parts].filter(Boolean).join(' · ');
  if (status === 'finished') return words(fold.result?.evaluation && headline(fold.result.evaluation), age);
  if (status === 'failed') return words(firstSentence(state.failure?.message), age);
  if (!ACTIVE_STATUSES.has(status)) return words(spec.imported && fold.message, age);
  const { connection } = fold;
  if (connection?.state === 'lost') return words('not reached', formatAge(connection.since, now));
  if (connection?.state === 'connecting' && fold.reported === undefined) return words(connection.message);
  const share = progressOf(state);
  const left = remainingMs(state);
  return words(
    share === undefined ? fold.message : `${Math.round(share * 100)} %`,
    liveMetric(fold.metrics),
    left === undefined ? undefined : describeRemaining(left),
  );
}

/** What a person watches, best first. */
const WATCHED = [
  ['validation/accuracy', 'acc'],
  ['train/accuracy', 'acc'],
  ['train/reward', 'reward'],
  ['train/loss', 'loss'],
] as const;

function liveMetric(metrics: Readonly<Record<string, number>>): string | undefined {
  for (const [name, title] of WATCHED) {
    const value = metrics[name];
    if (value !== undefined) return `${title} ${formatNumber(value)}`;
  }
  return undefined;
}

const firstSentence = (text: string | undefined): string | undefined => text?.split(/(?<=[.!?])\s/, 1)[0];

/** Everything from the run is shown as text: names and log lines may contain anything. */
function tooltip(state: RunState, grades: boolean): vscode.MarkdownString {
  const { spec, fold } = state;
  const { train } = spec.data;
  const text = new vscode.MarkdownString();
  const line = (said: string) => text.appendText(`${said}\n`);
  line(`${spec.name}${grades ? ' (active grader)' : ''}`);
  if (spec.imported) line(`${METHODS[spec.method].title} · imported from ${spec.imported.path}`);
  else {
    line(`${METHODS[spec.method].title} · engine ${spec.engine} on ${spec.target}`);
    line(`${train.path} · ${train.rows} rows`);
  }
  if (fold.result) {
    line(`trained on ${fold.result.trainRows} rows, validated on ${fold.result.validationRows}`);
    for (const said of fold.result.evaluation ? describeEvaluation(fold.result.evaluation) : []) line(said);
  }
  for (const warning of [...fold.warnings, ...state.logProblems]) line(`warning: ${warning}`);
  for (const alert of alertLines(state)) line(alert);
  if (state.failure) line(describeError(state.failure));
  return text;
}

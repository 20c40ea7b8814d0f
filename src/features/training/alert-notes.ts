/** A run's alerts as the tree shows them. */

import * as vscode from 'vscode';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';

const TITLES: Readonly<Record<RunState['fold']['alerts'][number]['alert'], string>> = {
  'loss-not-finite': 'loss not finite',
  'loss-at-ln-2': 'loss at ln 2',
  'accuracy-at-chance': 'accuracy at chance',
  'reward-flat': 'reward flat',
  'groups-dead': 'groups dead',
  'kl-runaway': 'KL runs away',
  'parse-failures': 'no verdicts',
  stalled: 'stalled',
  'disk-nearly-full': 'disk nearly full',
  'out-of-memory': 'out of memory',
  'process-gone': 'process gone',
};

/** In place of the icon of a run that goes on as if nothing were wrong. */
export const alertIcon = ({ fold, status }: RunState): vscode.ThemeIcon | undefined =>
  fold.alerts.length > 0 && ACTIVE_STATUSES.has(status)
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'))
    : undefined;

/** The newest alert in a few words, and how many more: "loss not finite, 1 more alert". */
export function alertNote({ fold: { alerts } }: RunState): string | undefined {
  const newest = alerts.at(-1);
  if (!newest) return undefined;
  const more = alerts.length - 1;
  return more === 0 ? TITLES[newest.alert] : `${TITLES[newest.alert]}, ${more} more ${more === 1 ? 'alert' : 'alerts'}`;
}

export const alertLines = ({ fold: { alerts } }: RunState): string[] =>
  alerts.map(({ message, hint }) => `alert: ${message} ${hint}`);

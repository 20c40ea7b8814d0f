/** How the panel is looked at: the part of its state that survives hiding and reloading. */

import type { XAxis } from '../../src/protocol/run-panel.ts';

export const TABS = ['charts', 'samples', 'validation', 'parameters', 'log'] as const;
export type Tab = (typeof TABS)[number];

export interface ViewState {
  /** Of the runs shown: what brings the panel back after the window was reloaded. */
  readonly folders: readonly string[];
  readonly tab: Tab;
  readonly x: XAxis;
  readonly logarithmic: boolean;
  readonly smoothing: number;
  /** The part of the x axis that is shown; null is all. */
  readonly range: readonly [from: number, to: number] | null;
  /** Numbers as tables in place of charts. */
  readonly tables: boolean;
  /** Runs whose curves are not drawn. */
  readonly hidden: readonly string[];
  /** Groups of charts that are folded. */
  readonly folded: readonly string[];
  /** Alerts that were put aside, by time and kind. */
  readonly dismissed: readonly string[];
}

export interface SavedView {
  readonly view: ViewState;
  readonly save: (view: ViewState) => void;
}

export const MOST_SMOOTHING = 0.99;

export const START: ViewState = {
  folders: [],
  tab: 'charts',
  x: 'step',
  logarithmic: false,
  smoothing: 0.9,
  range: null,
  tables: false,
  hidden: [],
  folded: [],
  dismissed: [],
};

const AXES: readonly XAxis[] = ['step', 'epoch', 'time'];

/** What was saved, as far as it is one: another version of the page may have saved it. */
export function restoredView(saved: unknown): ViewState {
  if (typeof saved !== 'object' || saved === null) return START;
  const { folders, tab, x, logarithmic, smoothing, range, tables, hidden, folded, dismissed } = saved as Record<
    string,
    unknown
  >;
  return {
    folders: texts(folders),
    tab: TABS.find((known) => known === tab) ?? START.tab,
    x: AXES.find((known) => known === x) ?? START.x,
    logarithmic: logarithmic === true,
    smoothing:
      typeof smoothing === 'number' && smoothing >= 0 && smoothing <= MOST_SMOOTHING ? smoothing : START.smoothing,
    range: isRange(range) ? range : null,
    tables: tables === true,
    hidden: texts(hidden),
    folded: texts(folded),
    dismissed: texts(dismissed),
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const isRange = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];

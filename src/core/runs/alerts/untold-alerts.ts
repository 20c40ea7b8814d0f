/**
 * Which alerts a window has yet to tell. The host that watches a run writes them into its log, and may be one that
 * nobody looks at any more: of a window that was reloaded or lost its connection, or a command in a terminal. So every
 * window tells what is in the log, once; what it told is kept by the window, and not by who writes the log.
 */

import { ACTIVE_STATUSES, type RunAlert, type RunState } from '../state.ts';

/** Of a run that had ended before the window saw it, an older alert is history. */
const NEWS_MS = 10 * 60_000;
/** More are not kept: they are of runs of long ago. */
const MOST_KEPT = 200;

type Alert = Pick<RunAlert, 'alert' | 'message' | 'hint'>;

export interface UntoldAlert {
  readonly state: RunState;
  readonly alert: Alert;
}

export class UntoldAlerts {
  readonly #told: Set<string>;
  readonly #keep: (told: readonly string[]) => void;
  readonly #now: () => number;
  /** Folders of the runs that were looked at before. */
  readonly #known = new Set<string>();
  /** Alerts that were history when the window first saw them. */
  readonly #history = new Set<string>();

  /**
   * @param told what `keep` was given last
   * @param now milliseconds since 1970
   */
  constructor(told: readonly string[], keep: (told: readonly string[]) => void, now: () => number = Date.now) {
    this.#told = new Set(told);
    this.#keep = keep;
    this.#now = now;
  }

  /** What is to be told of these runs now; it counts as told from then on. */
  take(states: readonly RunState[]): UntoldAlert[] {
    const untold: UntoldAlert[] = [];
    const before = this.#told.size;
    for (const state of states) {
      const isOld = !this.#known.has(state.folder) && !ACTIVE_STATUSES.has(state.status);
      this.#known.add(state.folder);
      for (const alert of state.fold.alerts) {
        if (isOld && !this.#isNews(alert)) this.#history.add(keyOf(state, alert));
        else if (this.#mark(state, alert)) untold.push({ state, alert });
      }
    }
    if (this.#told.size > before) this.#keepTold();
    return untold;
  }

  /** The same for what this host has found itself, and may not be able to write down. */
  takeFound(state: RunState, alert: Alert): UntoldAlert[] {
    if (!this.#mark(state, alert)) return [];
    this.#keepTold();
    return [{ state, alert }];
  }

  /** False where it was told. */
  #mark(state: RunState, alert: Alert): boolean {
    const key = keyOf(state, alert);
    if (this.#told.has(key) || this.#history.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  #isNews({ time }: RunAlert): boolean {
    return Math.abs(this.#now() - Date.parse(time)) < NEWS_MS;
  }

  #keepTold(): void {
    this.#keep([...this.#told].slice(-MOST_KEPT));
  }
}

/** An alert comes once in an attempt. */
const keyOf = ({ spec, fold }: RunState, { alert }: Alert): string => `${spec.id} ${fold.attempt} ${alert}`;

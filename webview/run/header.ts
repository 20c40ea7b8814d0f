/** The head of the panel: what the run is, how far it is, and what to do with it. */

import type { PanelRuns, RunAction, RunSummary } from '../../src/protocol/run-panel.ts';
import { button, element } from '../dataset/elements.ts';
import { clock, count, duration, percent } from './text.ts';

const STATUS: Readonly<Record<RunSummary['status'], string>> = {
  queued: 'Queued',
  preparing: 'Preparing',
  running: 'Running',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
  finished: 'Finished',
  lost: 'Lost',
};

export const ACTIVE: ReadonlySet<RunSummary['status']> = new Set(['queued', 'preparing', 'running', 'stopping']);

const ACTIONS: Readonly<Record<RunAction, string>> = {
  stop: 'Stop',
  resume: 'Resume',
  evaluate: 'Evaluate on a File…',
  'use-as-grader': 'Use as Grader',
};
const MOST_TICKS = 60;

export class RunHeader {
  readonly element = element('header', { class: 'run-header' });
  readonly #onAct: (action: RunAction) => void;
  readonly #name = element('h1', {});
  readonly #status = element('span', { class: 'status' });
  readonly #actions = element('span', { class: 'actions' });
  readonly #facts = element('p', { class: 'facts' });
  readonly #progress = element('div', { class: 'progress-row' });
  #summary: RunSummary | undefined;
  #at = 0;
  #follows = true;

  constructor(onAct: (action: RunAction) => void) {
    this.#onAct = onAct;
    const title = element('div', { class: 'title-row' }, this.#name, this.#status);
    title.append(element('span', { class: 'spring' }), this.#actions);
    this.element.append(title, this.#facts, this.#progress);
    setInterval(() => this.#showProgress(), 1_000);
  }

  showActions({ actions }: PanelRuns): void {
    this.#actions.replaceChildren(
      ...actions.map((action) =>
        button(ACTIONS[action], () => this.#onAct(action), action === 'use-as-grader' ? { class: 'primary' } : {}),
      ),
    );
  }

  /** False while what is shown is of before: nothing is counted on. */
  set follows(follows: boolean) {
    if (follows === this.#follows) return;
    this.#follows = follows;
    if (this.#summary) this.#showStatus(this.#summary);
    this.#showProgress();
  }

  show(summary: RunSummary): void {
    if (summary !== this.#summary) this.#at = performance.now();
    this.#summary = summary;
    this.#name.textContent = summary.name;
    this.#showStatus(summary);
    const facts: [string, string][] = [
      ['', summary.method.title],
      ['engine', summary.engine],
      ['target', summary.target],
      ['base', summary.baseModel ?? ''],
      ['data', `${summary.data.name}, ${count(summary.data.rows)} rows`],
      ['attempt', summary.attempt > 1 ? String(summary.attempt) : ''],
    ];
    this.#facts.replaceChildren(
      ...facts
        .filter(([, value]) => value !== '')
        .map(([label, value]) =>
          element(
            'span',
            { class: 'fact' },
            label === '' ? undefined : element('span', { class: 'dim' }, `${label} `),
            value,
          ),
        ),
    );
    this.#showProgress();
  }

  #showStatus({ status }: RunSummary): void {
    const isStale = !this.#follows && ACTIVE.has(status);
    this.#status.textContent = isStale ? `Was ${STATUS[status].toLowerCase()}` : STATUS[status];
    this.#status.dataset.status = isStale ? 'lost' : status;
  }

  #showProgress(): void {
    const summary = this.#summary;
    if (!summary) return;
    const { step, totalSteps, progress, checkpoints } = summary;
    const share = progress ?? 0;
    const steps =
      step === null
        ? (summary.message ?? '')
        : `Step ${count(step)}${totalSteps === null ? '' : ` of ${count(totalSteps)} \u00b7 ${percent(share)}`}`;
    const fill = element('span', { class: 'fill' });
    fill.style.width = `${share * 100}%`;
    const bar = element('span', {
      class: 'bar',
      role: 'progressbar',
      'aria-label': 'Progress',
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': Math.round(share * 100),
    });
    bar.append(fill);
    if (totalSteps !== null) {
      for (const checkpoint of checkpoints.slice(-MOST_TICKS)) {
        const tick = element('span', { class: 'checkpoint' });
        tick.title = `Checkpoint at step ${count(checkpoint)}`;
        tick.style.left = `${Math.min(100, (checkpoint / totalSteps) * 100)}%`;
        bar.append(tick);
      }
    }
    this.#progress.replaceChildren(element('span', { class: 'steps' }, steps), bar, this.#times(summary));
  }

  #times(summary: RunSummary): HTMLElement {
    const { status, elapsedSeconds, secondsLeft, secondsPerStep, updatedAt } = summary;
    const parts: (Node | string)[] = [];
    const isLive = this.#follows && ACTIVE.has(status);
    // A clock that is set changes no time here.
    const since = isLive ? (performance.now() - this.#at) / 1000 : 0;
    if (elapsedSeconds !== null) parts.push(`${duration(elapsedSeconds + since)} elapsed`);
    if (secondsLeft !== null && this.#follows)
      parts.push(element('b', {}, `${duration(Math.max(0, secondsLeft - since))} left`));
    if (secondsPerStep !== null) {
      const fast = secondsPerStep < 0.1;
      parts.push(fast ? `${count(Math.round(1 / secondsPerStep))} steps/s` : `${duration(secondsPerStep)} per step`);
    }
    if (!isLive && updatedAt !== null) parts.push(`as of ${clock(updatedAt)}`);
    return element(
      'span',
      { class: 'times' },
      ...parts.flatMap((part, at) => (at === 0 ? [part] : [' \u00b7 ', part])),
    );
  }
}

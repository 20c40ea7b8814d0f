/** The view "Checks": what is wrong with the rows for one method, which methods they fit, and the checks on request. */

import type { CheckFinding, CheckInputs, CheckOutcome, CheckRequest } from '../../src/protocol/dataset-checks.ts';
import type { DatasetAdvice, Problem } from '../../src/protocol/dataset-viewer.ts';
import { CheckProgressBar } from './check-progress.ts';
import { notRunText, tallyText } from './check-texts.ts';
import { button, element, icon } from './elements.ts';
import { findingList } from './finding-list.ts';
import { FindingRowsStrip } from './finding-rows.ts';
import { fitsList } from './fits-list.ts';
import type { Host } from './host.ts';
import { MoreChecks } from './more-checks.ts';
import type { View } from './place.ts';
import { count, counted } from './text.ts';

/** What the checks ask the host. */
export type CheckHost = Pick<Host, 'check' | 'findingRows' | 'chooseFile' | 'fix' | 'prepare'>;

export interface CheckEvents {
  readonly onView: (view: View) => void;
  /** Show a row. @param focus with the keyboard there too */
  readonly onRow: (row: number, focus: boolean) => void;
  readonly onFindings: (count: number | undefined) => void;
}

/** What was found, and what it was asked with. */
interface Found {
  readonly request: CheckRequest;
  readonly outcome: CheckOutcome;
}

export class Checks {
  readonly element = element('section', {
    class: 'checks',
    id: 'view-checks',
    role: 'tabpanel',
    'aria-labelledby': 'tab-checks',
    tabindex: 0,
    hidden: true,
  });
  /** Stands above the rows, while a finding is followed. */
  readonly strip: FindingRowsStrip;
  readonly #host: () => CheckHost;
  readonly #events: CheckEvents;
  readonly #head = element('header', { class: 'checks-head' });
  readonly #bar = new CheckProgressBar(() => this.#cancel());
  readonly #list = element('div', { class: 'findings-list' });
  readonly #more: MoreChecks;
  readonly #foot = element('footer', { class: 'checks-foot' });
  readonly #body = element('div', { class: 'checks-body' });
  #advice: DatasetAdvice | undefined;
  #method: string | undefined;
  #inputs: CheckInputs = {};
  #found: Found | undefined;
  #showPassed = false;
  #asking = new AbortController();

  /** @param host asked for late, as the viewer does */
  constructor(host: () => CheckHost, events: CheckEvents) {
    this.#host = host;
    this.#events = events;
    this.strip = new FindingRowsStrip({
      load: (request, signal) => host().findingRows(request, signal),
      onRow: events.onRow,
      onBack: () => events.onView('checks'),
    });
    this.#more = new MoreChecks({
      chooseFile: (purpose) => host().chooseFile(purpose),
      onRun: (inputs) => {
        this.#more.hide();
        this.#inputs = inputs;
        void this.#run();
      },
      onClose: () => this.#toggleMore(false),
    });
    const pane = element('div', { class: 'findings-pane' }, this.#list, this.#more.element, this.#foot);
    this.#body.append(pane);
    this.element.append(this.#head, this.#bar.element, this.#body);
  }

  /** Forgets what was found: the file was opened, or opened again. */
  reset(): void {
    this.#asking.abort();
    this.#bar.stop();
    this.#more.hide();
    this.strip.close();
    this.#advice = undefined;
    this.#method = undefined;
    this.#inputs = {};
    this.#body.querySelector('.fits-pane')?.remove();
    this.#forget();
    this.#say('Recognising the rows…');
  }

  setAdvice(advice: DatasetAdvice): void {
    this.#advice = advice;
    this.#body.append(fitsList(advice, (method) => this.#host().prepare(method)));
    if (this.element.hidden) this.#renderHead();
    else this.#runFirst();
  }

  show(): void {
    this.element.hidden = false;
    this.strip.setVisible(false);
    if (this.#advice && this.#method === undefined) this.#runFirst();
  }

  hide(): void {
    this.element.hidden = true;
    this.strip.setVisible(false);
  }

  #runFirst(): void {
    const first = this.#advice?.methods.find(({ fits }) => fits);
    this.#method = first?.id;
    if (first) void this.#run();
    else this.#say('The rows fit no training method, so there is nothing to check them for.');
  }

  /** What was found before stays until there is something new, unless it is about another method. */
  async #run(): Promise<void> {
    const method = this.#method;
    if (method === undefined) return;
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const request: CheckRequest = { method, inputs: this.#inputs };
    if (this.#found?.request.method !== method) this.#forget();
    this.#bar.start();
    this.#render();
    const outcome = await this.#host().check(request, asking.signal, (progress) => {
      if (!asking.signal.aborted) this.#bar.show(progress);
    });
    if (asking.signal.aborted) return;
    this.#bar.stop();
    if (outcome.ok) {
      this.#found = { request, outcome: outcome.value };
      this.#events.onFindings(outcome.value.findings.length);
      this.#render();
    } else if (outcome.fault.cancelled) {
      this.#showStopped();
    } else {
      this.#render(problemLine(outcome.fault));
    }
  }

  #cancel(): void {
    this.#asking.abort();
    this.#bar.stop();
    this.#showStopped();
  }

  /** The findings of an earlier run stand under it. */
  #showStopped(): void {
    const again = button('Run Checks', () => void this.#run());
    this.#render(element('div', { class: 'stopped', role: 'status' }, element('span', {}, 'Cancelled.'), again));
    again.focus();
  }

  #forget(): void {
    this.#found = undefined;
    this.#events.onFindings(undefined);
  }

  #say(text: string): void {
    this.#renderHead();
    this.#list.replaceChildren(element('p', { class: 'nothing dim' }, text));
    this.#foot.hidden = true;
  }

  /** @param notice what stands above the findings */
  #render(notice?: HTMLElement): void {
    this.#renderHead();
    const found = this.#found;
    const list =
      found &&
      findingList(found.outcome, this.#showPassed, {
        onRows: (outcome, finding, nth) => this.#follow(outcome, finding, nth),
        onFix: ({ id }) => this.#host().fix({ ...found.request, finding: id }),
      });
    this.#list.replaceChildren(...(notice ? [notice] : []), ...(list ? [list] : []));
    this.#foot.hidden = !found;
    if (found) this.#foot.replaceChildren(...this.#footOf(found.outcome));
  }

  #follow(outcome: CheckOutcome, finding: CheckFinding, nth: number): void {
    this.#events.onView('data');
    this.strip.follow(outcome, finding, nth);
  }

  #renderHead(): void {
    const outcome = this.#found?.outcome;
    this.#head.replaceChildren(
      element('h2', {}, 'Checks'),
      ...(outcome ? verdict(outcome) : []),
      element('span', { class: 'spring' }),
      ...this.#choice(),
    );
  }

  #choice(): HTMLElement[] {
    const methods = this.#advice?.methods.filter(({ fits }) => fits) ?? [];
    if (methods.length === 0) return [];
    const select = element('select', { id: 'check-method' });
    for (const { id, title } of methods) {
      select.append(element('option', { value: id, selected: id === this.#method }, title));
    }
    select.addEventListener('change', () => {
      this.#method = select.value;
      void this.#run();
    });
    return [element('label', { for: 'check-method', class: 'dim' }, 'Checked for'), select];
  }

  #footOf({ notRun, passed }: CheckOutcome): HTMLElement[] {
    const more = button('Run More Checks…', () => this.#toggleMore(Boolean(this.#more.element.hidden)), {
      class: 'link',
      'aria-expanded': String(!this.#more.element.hidden),
      'aria-controls': 'more-checks',
    });
    const label = `${this.#showPassed ? 'Hide' : 'Show'} ${count(passed.length)} Passed`;
    const unfold = button(label, () => this.#togglePassed(), {
      class: 'link',
      id: 'show-passed',
      'aria-expanded': String(this.#showPassed),
    });
    return [element('span', { class: 'dim' }, notRunText(notRun)), more, ...(passed.length > 0 ? [unfold] : [])];
  }

  #togglePassed(): void {
    this.#showPassed = !this.#showPassed;
    this.#render();
    document.getElementById('show-passed')?.focus();
  }

  #toggleMore(open: boolean): void {
    if (open) this.#more.show();
    else this.#more.hide();
    const toggle = this.#foot.querySelector<HTMLButtonElement>('[aria-controls="more-checks"]');
    toggle?.setAttribute('aria-expanded', String(open));
    if (!open) toggle?.focus();
  }
}

function verdict(outcome: CheckOutcome): HTMLElement[] {
  const { rows, usable, dropped, ok } = outcome;
  const said = ok ? 'Fit to train on' : 'Not fit to train on as it is';
  const facts = `${counted(rows, 'row')}, ${counted(usable, 'usable record')}, ${count(dropped)} left out`;
  return [
    element('span', { class: 'dim' }, tallyText(outcome)),
    element('strong', { class: ok ? 'verdict ok' : 'verdict', role: 'status' }, said),
    element('span', { class: 'dim facts' }, facts),
  ];
}

function problemLine(problem: Problem): HTMLElement {
  return element('div', { class: 'check-problem', role: 'alert' }, icon('error'), element('bdi', {}, problem.message));
}

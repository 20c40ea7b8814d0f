/** The view "Checks": what is wrong with the rows for one method, each finding with its first rows to jump to. */

import type { CheckFinding, CheckOutcome, DatasetAdvice, Outcome, Problem } from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';
import { count, counted } from './text.ts';

type Checkable = DatasetAdvice['checkable'][number];

export interface CheckEvents {
  readonly run: (method: string, signal: AbortSignal) => Promise<Outcome<CheckOutcome, Problem>>;
  readonly onFix: (method: string, finding: string) => void;
  readonly onRow: (row: number) => void;
  readonly onFindings: (count: number | undefined) => void;
}

const SEVERITY_NAMES: Readonly<Record<CheckFinding['severity'], string>> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Information',
};

export class Checks {
  readonly element = element('section', {
    class: 'checks',
    id: 'view-checks',
    role: 'tabpanel',
    'aria-labelledby': 'tab-checks',
    tabindex: 0,
    hidden: true,
  });
  readonly #events: CheckEvents;
  #methods: readonly Checkable[] = [];
  #known = false;
  /** The method whose outcome is shown or being found. */
  #current: string | undefined;
  #asking = new AbortController();

  constructor(events: CheckEvents) {
    this.#events = events;
  }

  /** Forgets what was found: the file was opened, or opened again. */
  reset(): void {
    this.#asking.abort();
    this.#methods = [];
    this.#known = false;
    this.#current = undefined;
    this.#events.onFindings(undefined);
    this.#render(element('p', { class: 'dim' }, 'Recognising the rows…'));
  }

  setMethods(methods: readonly Checkable[]): void {
    this.#methods = methods;
    this.#known = true;
    if (!this.element.hidden) this.#runFirst();
  }

  show(): void {
    this.element.hidden = false;
    if (this.#known && this.#current === undefined) this.#runFirst();
  }

  hide(): void {
    this.element.hidden = true;
  }

  #runFirst(): void {
    const [first] = this.#methods;
    if (first) void this.#run(first.id);
    else this.#render(element('p', {}, 'The rows fit no training method, so there is nothing to check them for.'));
  }

  async #run(method: string): Promise<void> {
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#current = method;
    this.#events.onFindings(undefined);
    this.#render(
      element(
        'div',
        { class: 'running', role: 'status' },
        element('div', { class: 'line' }),
        element('span', {}, 'Every row is being read…'),
        button('Cancel', () => this.#cancel()),
      ),
    );
    const outcome = await this.#events.run(method, asking.signal);
    if (asking.signal.aborted) return;
    if (!outcome.ok) {
      if (!outcome.fault.cancelled) this.#render(this.#failure(outcome.fault));
      return;
    }
    this.#events.onFindings(outcome.value.findings.length);
    this.#render(this.#summary(outcome.value), this.#findings(outcome.value));
  }

  #cancel(): void {
    this.#asking.abort();
    const method = this.#current;
    this.#current = undefined;
    const again = button('Run Checks', () => method !== undefined && void this.#run(method));
    this.#render(element('div', { class: 'running' }, element('span', {}, 'Cancelled.'), again));
  }

  #failure(problem: Problem): HTMLElement {
    return element(
      'div',
      { class: 'finding error', role: 'alert' },
      icon('error'),
      element('bdi', {}, problem.message),
    );
  }

  #render(...content: HTMLElement[]): void {
    this.element.replaceChildren(...(this.#methods.length > 0 ? [this.#choice()] : []), ...content);
  }

  #choice(): HTMLElement {
    const select = element('select', { id: 'check-method' });
    for (const { id, title } of this.#methods) {
      select.append(element('option', { value: id, selected: id === this.#current }, title));
    }
    select.addEventListener('change', () => void this.#run(select.value));
    return element('div', { class: 'choice' }, element('label', { for: 'check-method' }, 'Checked for'), select);
  }

  #summary({ rows, usable, dropped, ok }: CheckOutcome): HTMLElement {
    const verdict = ok ? 'Fit to train on' : 'Not fit to train on as it is';
    const facts = `${counted(rows, 'row')}, ${counted(usable, 'usable record')}, ${count(dropped)} left out`;
    return element(
      'p',
      { class: ok ? 'verdict ok' : 'verdict', role: 'status' },
      element('strong', {}, verdict),
      element('span', { class: 'dim' }, facts),
    );
  }

  #findings({ findings }: CheckOutcome): HTMLElement {
    if (findings.length === 0) return element('p', { class: 'dim' }, 'Nothing was found.');
    return element('ul', { class: 'findings' }, ...findings.map((finding) => this.#finding(finding)));
  }

  #finding({ id, severity, message, hint, rows, count: all, fix }: CheckFinding): HTMLElement {
    const method = this.#current;
    const mend = fix && method !== undefined ? button('Fix…', () => this.#events.onFix(method, id)) : undefined;
    if (mend && fix) mend.title = `${fix.description} ${counted(fix.count, 'row')}; this file stays as it is.`;
    const links = rows.map((row) => button(`row ${count(row)}`, () => this.#events.onRow(row), { class: 'link' }));
    const more =
      all > rows.length && rows.length > 0 ? element('span', { class: 'dim' }, `of ${count(all)}`) : undefined;
    const mark = icon(severity === 'info' ? 'info' : severity === 'warning' ? 'warning' : 'error');
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', SEVERITY_NAMES[severity]);
    mark.removeAttribute('aria-hidden');
    return element(
      'li',
      { class: `finding ${severity}` },
      mark,
      element(
        'div',
        { class: 'what' },
        element('bdi', { class: 'message' }, message),
        hint === undefined ? undefined : element('bdi', { class: 'dim' }, hint),
        links.length > 0 ? element('div', { class: 'rows' }, ...links, more) : undefined,
      ),
      mend,
    );
  }
}

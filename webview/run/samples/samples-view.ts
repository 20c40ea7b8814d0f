/** What the model said at each evaluation: prompts, outputs, parsed labels, gold, rewards, and their rates beside them. */

import type { RunSummary } from '../../../src/protocol/run-panel.ts';
import {
  SAMPLE_FILTERS,
  type SampleFilter,
  type SampleSet,
  type SamplesPage,
} from '../../../src/protocol/run-samples.ts';
import { button, element } from '../../dataset/elements.ts';
import type { Host } from '../host.ts';
import { count } from '../text.ts';
import { ratesView } from './rates-view.ts';
import { sampleRows } from './sample-rows.ts';

const PAGE_ROWS = 50;

const FILTER_TITLES: Readonly<Record<SampleFilter, string>> = {
  all: 'All',
  wrong: 'Wrong',
  unparsed: 'No verdict',
  dead: 'Dead groups',
  swapped: 'Swap flips',
};

export class SamplesView {
  readonly element = element('section', { class: 'samples' });
  readonly #host: () => Host;
  readonly #sets = element('select', { 'aria-label': 'Evaluation' });
  readonly #text = element('input', {
    type: 'search',
    placeholder: 'Filter prompts and outputs',
    'aria-label': 'Filter prompts and outputs',
  });
  readonly #filters = element('span', { class: 'filters', role: 'group', 'aria-label': 'Which samples' });
  readonly #rows = element('div', { class: 'sample-table' });
  readonly #side = element('aside', { class: 'sample-rates' });
  readonly #pages = element('div', { class: 'pages' });
  readonly #empty = element('p', { class: 'no-metrics' });
  readonly #body: HTMLElement;
  #summary: RunSummary | undefined;
  #set: SampleSet | undefined;
  #latest = true;
  #filter: SampleFilter = 'all';
  #from = 0;
  #asked = 0;
  #shown = '';

  constructor(host: () => Host) {
    this.#host = host;
    this.#sets.addEventListener('change', () => {
      const sets = this.#summary?.samples ?? [];
      this.#set = sets[Number(this.#sets.value)];
      this.#latest = this.#set === sets.at(-1);
      this.#from = 0;
      void this.#ask();
    });
    this.#text.addEventListener('input', () => {
      this.#from = 0;
      void this.#ask();
    });
    this.#body = element(
      'div',
      { class: 'samples-body' },
      element(
        'div',
        { class: 'samples-main' },
        element(
          'div',
          { class: 'sample-tools' },
          this.#sets,
          this.#text,
          this.#filters,
          element('span', { class: 'spring' }),
          this.#pages,
        ),
        this.#rows,
      ),
      this.#side,
    );
    this.element.append(this.#empty, this.#body);
  }

  show(summary: RunSummary): void {
    this.#summary = summary;
    const { samples } = summary;
    const none = samples.length === 0;
    this.#body.hidden = none;
    this.#empty.hidden = !none;
    this.#empty.textContent =
      'No samples yet. Trainers that generate or judge text write some at each evaluation; others have none.';
    if (none) return;
    if (this.#latest) this.#set = samples.at(-1);
    const key = JSON.stringify([summary.folder, samples, this.#set]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#sets.replaceChildren(
      ...samples.map((set, place) => {
        const latest = place === samples.length - 1 ? ' (latest)' : '';
        const what = set.set === 'train' ? 'Training rows' : 'Evaluation';
        const selected = set.step === this.#set?.step && set.set === this.#set.set;
        return element('option', { value: place, selected }, `${what} at step ${count(set.step)}${latest}`);
      }),
    );
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const [summary, set] = [this.#summary, this.#set];
    if (!summary || !set) return;
    this.#asked += 1;
    const asked = this.#asked;
    const answer = await this.#host().samples({
      folder: summary.folder,
      step: set.step,
      set: set.set,
      filter: this.#filter,
      text: this.#text.value,
      from: this.#from,
      count: PAGE_ROWS,
    });
    if (asked !== this.#asked) return;
    if (answer.ok) this.#showPage(answer.value);
    else this.#rows.replaceChildren(element('p', { class: 'no-metrics' }, answer.fault.message));
  }

  #showPage(page: SamplesPage): void {
    const { rates, matching, rows } = page;
    this.#filters.replaceChildren(
      ...SAMPLE_FILTERS.filter((filter) => filter === 'all' || rates.counts[filter] > 0 || filter === this.#filter).map(
        (filter) =>
          button(`${FILTER_TITLES[filter]} ${count(rates.counts[filter])}`, () => this.#choose(filter), {
            class: 'filter',
            'aria-pressed': String(filter === this.#filter),
          }),
      ),
    );
    const last = Math.min(matching, this.#from + PAGE_ROWS);
    const previous = button('Previous', () => this.#turn(-PAGE_ROWS), { disabled: this.#from === 0 });
    const next = button('Next', () => this.#turn(PAGE_ROWS), { disabled: last >= matching });
    const range = matching === 0 ? 'none' : `${count(this.#from + 1)}\u2013${count(last)} of ${count(matching)}`;
    this.#pages.replaceChildren(
      element('span', { class: 'dim' }, range),
      ...(matching > PAGE_ROWS ? [previous, next] : []),
    );
    this.#rows.replaceChildren(sampleRows(rows, this.#from));
    this.#side.replaceChildren(...ratesView(rates));
  }

  #choose(filter: SampleFilter): void {
    this.#filter = filter;
    this.#from = 0;
    void this.#ask();
  }

  #turn(by: number): void {
    this.#from = Math.max(0, this.#from + by);
    void this.#ask();
  }
}

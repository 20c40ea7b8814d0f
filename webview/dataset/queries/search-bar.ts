/** The search field: hits counted over the whole file while they are found, and a way from one to the next. */

import type { SearchRequest } from '../../../src/core/queries/questions.ts';
import { button, element, icon } from '../elements.ts';
import { count, counted } from '../text.ts';
import type { QueryHost } from './query-host.ts';
import { RowNumbers } from './row-numbers.ts';

export interface SearchEvents {
  /** Show this row, the hit that was gone to. */
  readonly onHit: (row: number) => void;
  /** More hits are known, or none any more: the ruler shows them. */
  readonly onHits: (hits: RowNumbers) => void;
  /** The row from which "next" is meant. */
  readonly currentRow: () => number;
}

type Options = Required<Pick<SearchRequest, 'caseSensitive' | 'wholeWord' | 'regex'>>;

const OPTIONS: readonly (readonly [keyof Options, string, string])[] = [
  ['caseSensitive', 'Aa', 'Match case'],
  ['wholeWord', 'ab', 'Match whole word'],
  ['regex', '.*', 'Use regular expression'],
];

export class SearchBar {
  readonly element: HTMLElement;
  readonly #host: () => QueryHost;
  readonly #events: SearchEvents;
  readonly #input = element('input', {
    id: 'search',
    type: 'search',
    placeholder: 'Search all rows',
    'aria-label': 'Search all rows',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #status = element('span', { class: 'status', role: 'status' });
  readonly #bar = element('div', { class: 'search-progress', hidden: true });
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  #options: Options = { caseSensitive: false, wholeWord: false, regex: false };
  #hits = new RowNumbers();
  #asking: AbortController | undefined;
  /** What the hits are of. */
  #searched = '';

  constructor(host: () => QueryHost, events: SearchEvents) {
    this.#host = host;
    this.#events = events;
    this.#previous = button('Previous hit', () => this.#step(-1), { class: 'quiet' }, icon('up'));
    this.#next = button('Next hit', () => this.#step(1), { class: 'quiet' }, icon('down'));
    this.#cancel = button('Cancel search', () => this.#stop(), { class: 'quiet', hidden: true }, icon('close'));
    const options = OPTIONS.map(([name, label, title]) => this.#option(name, label, title));
    this.element = element(
      'div',
      { class: 'search', role: 'search' },
      element('div', { class: 'search-field' }, this.#input, this.#status, this.#cancel, ...options, this.#bar),
      this.#previous,
      this.#next,
    );
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#input.addEventListener('input', () => this.#input.value === '' && this.clear());
    this.#showHits(false);
  }

  get hits(): RowNumbers {
    return this.#hits;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** Searching is not possible here; the field says why. */
  disable(reason: string): void {
    for (const control of this.element.querySelectorAll('input, button')) {
      if (control instanceof HTMLInputElement || control instanceof HTMLButtonElement) control.disabled = true;
    }
    this.#input.placeholder = 'Search is not available';
    this.element.title = reason;
  }

  clear(): void {
    this.#stop();
    this.#searched = '';
    this.#hits = new RowNumbers();
    this.#status.textContent = '';
    this.#input.removeAttribute('aria-invalid');
    this.#input.removeAttribute('title');
    this.#showHits(false);
    this.#events.onHits(this.#hits);
  }

  #option(name: keyof Options, label: string, title: string): HTMLButtonElement {
    const toggle = button(
      title,
      () => {
        this.#options = { ...this.#options, [name]: !this.#options[name] };
        toggle.setAttribute('aria-pressed', String(this.#options[name]));
        if (this.#input.value !== '') void this.#search();
      },
      { class: 'option', 'aria-pressed': 'false' },
      label,
    );
    return toggle;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.#input.value = '';
      this.clear();
    } else if (event.key === 'Enter' && this.#input.value !== '') {
      if (this.#input.value !== this.#searched) void this.#search();
      else this.#step(event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #search(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const text = this.#input.value;
    this.#searched = text;
    this.#hits = new RowNumbers();
    this.#input.removeAttribute('aria-invalid');
    this.#input.removeAttribute('title');
    this.#showHits(true);
    const from = this.#events.currentRow();
    let gone = false;
    const answer = await this.#host().search({ text, ...this.#options }, asking.signal, (part) => {
      if (asking.signal.aborted) return;
      if (part.kind === 'progress') {
        this.#bar.style.setProperty('--done', String(part.done));
        return;
      }
      this.#hits.append(part.rows);
      this.#events.onHits(this.#hits);
      this.#showHits(true);
      const first = this.#hits.at(this.#hits.countBefore(from));
      if (!gone && first !== undefined) {
        gone = true;
        this.#goTo(first);
      }
    });
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#showHits(false);
    if (!answer.ok) {
      if (!answer.fault.cancelled) this.#showProblem(answer.fault.message);
      return;
    }
    const first = this.#hits.at(0);
    if (!gone && first !== undefined) this.#goTo(first);
  }

  #stop(): void {
    if (!this.#asking) return;
    this.#asking.abort();
    this.#asking = undefined;
    this.#showHits(false, true);
  }

  /** Round at the ends. */
  #step(by: 1 | -1): void {
    if (this.#hits.length === 0) return;
    const row = this.#events.currentRow();
    const before = this.#hits.countBefore(row);
    const here = this.#hits.at(before) === row;
    const next = by > 0 ? before + (here ? 1 : 0) : before - 1;
    const hit = this.#hits.at((next + this.#hits.length) % this.#hits.length);
    if (hit !== undefined) this.#goTo(hit);
  }

  #goTo(row: number): void {
    this.#events.onHit(row);
    this.#showHits(this.#asking !== undefined);
  }

  #showHits(searching: boolean, stopped = false): void {
    const found = this.#hits.length;
    this.#bar.hidden = !searching;
    this.#cancel.hidden = !searching;
    this.#previous.disabled = found === 0;
    this.#next.disabled = found === 0;
    if (this.#searched === '') return;
    const row = this.#events.currentRow();
    const at = this.#hits.countBefore(row);
    const place = this.#hits.at(at) === row ? `row ${count(at + 1)} of ${count(found)}` : counted(found, 'row');
    this.#status.textContent =
      found === 0 && !searching ? 'no hit' : `${place}${searching ? '…' : stopped ? ', stopped' : ''}`;
  }

  #showProblem(message: string): void {
    this.#status.textContent = 'not searched';
    this.#input.setAttribute('aria-invalid', 'true');
    this.#input.title = message;
  }
}

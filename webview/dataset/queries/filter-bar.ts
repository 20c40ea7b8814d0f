/** The filter: its conditions as chips that can be taken away, and a form for a further one. All of them must hold. */

import type { Condition, Filter, QueryColumn } from '../../../src/core/queries/questions.ts';
import { button, element, icon } from '../elements.ts';
import { columnLabel, count } from '../text.ts';
import { choicesFor, conditionOf, conditionText } from './conditions.ts';

export interface FilterEvents {
  /** Other rows are wanted; undefined for all of them. */
  readonly onFilter: (filter: Filter | undefined) => void;
}

export class FilterBar {
  readonly element: HTMLElement;
  readonly #events: FilterEvents;
  readonly #chips = element('div', { class: 'chips', role: 'list', 'aria-label': 'Filter' });
  readonly #add: HTMLButtonElement;
  readonly #form = element('form', { class: 'filter-form', 'aria-label': 'New condition', hidden: true });
  readonly #status = element('span', { class: 'status', role: 'status' });
  #columns: readonly QueryColumn[] = [];
  #conditions: readonly Condition[] = [];

  constructor(events: FilterEvents) {
    this.#events = events;
    this.#add = button('Add filter', () => this.#open(0), { class: 'link' }, icon('filter'), 'Filter');
    this.element = element('div', { class: 'filter' }, this.#chips, this.#add, this.#status, this.#form);
    this.#form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#close();
    });
  }

  get filter(): Filter | undefined {
    return this.#conditions.length === 0 ? undefined : { kind: 'all', of: this.#conditions };
  }

  get conditions(): readonly Condition[] {
    return this.#conditions;
  }

  setColumns(columns: readonly QueryColumn[]): void {
    const openedTooEarly = !this.#form.hidden && this.#columns.length === 0;
    this.#columns = columns;
    this.#draw();
    if (openedTooEarly) this.#open(0);
  }

  /** A filter that was kept; it is not asked for again. */
  restore(conditions: readonly Condition[]): void {
    this.#conditions = conditions;
    this.#draw();
  }

  disable(reason: string): void {
    this.#add.disabled = true;
    this.element.title = reason;
  }

  /** How many rows the filter leaves, of how many; null while they are counted. */
  showCount(rows: number | null, all: number): void {
    if (this.#conditions.length === 0) this.#status.textContent = '';
    else if (rows === null) this.#status.textContent = 'filtering…';
    else {
      const share = all === 0 ? 0 : (100 * rows) / all;
      this.#status.textContent = `${count(rows)} of ${count(all)} rows, ${share.toFixed(share < 10 ? 2 : 1)} %`;
    }
  }

  showProblem(message: string): void {
    this.#status.textContent = message;
  }

  /** A condition on this column is about to be made. */
  openFor(column: number): void {
    this.#open(column);
  }

  clear(): void {
    this.#change([]);
  }

  #change(conditions: readonly Condition[]): void {
    this.#conditions = conditions;
    this.#draw();
    this.#events.onFilter(this.filter);
  }

  #draw(): void {
    const chips = this.#conditions.map((condition, at) => {
      const text = conditionText(condition, this.#columns);
      const without = () => this.#change(this.#conditions.filter((_, index) => index !== at));
      return element(
        'span',
        { class: 'chip', role: 'listitem' },
        element('bdi', { title: text }, text),
        button(`Remove filter ${text}`, without, { class: 'quiet' }, icon('close')),
      );
    });
    if (chips.length > 1)
      chips.push(
        element(
          'span',
          { role: 'listitem' },
          button('Clear filters', () => this.clear(), { class: 'link' }),
        ),
      );
    this.#chips.replaceChildren(...chips);
  }

  #close(): void {
    this.#form.hidden = true;
    this.#add.focus();
  }

  #open(column: number): void {
    const columns = element('select', { 'aria-label': 'Column' });
    columns.append(...this.#columns.map(({ name }, index) => option(String(index), columnLabel(name))));
    columns.value = String(column);
    const kinds = element('select', { 'aria-label': 'Condition' });
    const value = element('span', { class: 'value' });
    const problem = element('span', { class: 'hint', role: 'alert' });
    const family = () => this.#columns[Number(columns.value)]?.family ?? 'other';
    const choice = () => choicesFor(family()).find(({ id }) => id === kinds.value);
    const showValue = () => value.replaceChildren(...valueInput(choice()?.value ?? 'none', this.#columns));
    const showKinds = () => {
      kinds.replaceChildren(...choicesFor(family()).map(({ id, label }) => option(id, label)));
      showValue();
    };
    columns.addEventListener('change', showKinds);
    kinds.addEventListener('change', showValue);
    showKinds();
    const apply = element('button', { type: 'submit', class: 'primary' }, 'Apply');
    this.#form.replaceChildren(
      columns,
      kinds,
      value,
      apply,
      button('Cancel', () => this.#close()),
      problem,
    );
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const chosen = choice();
      if (!chosen) return;
      const typed = value.querySelector<HTMLInputElement | HTMLSelectElement>('input, select')?.value ?? '';
      const condition = conditionOf(chosen, Number(columns.value), family(), typed);
      if (typeof condition === 'string') {
        problem.textContent = condition;
        return;
      }
      this.#close();
      this.#change([...this.#conditions, condition]);
    };
    this.#form.hidden = false;
    columns.focus();
  }
}

function valueInput(kind: 'none' | 'text' | 'number' | 'list' | 'column', columns: readonly QueryColumn[]): Node[] {
  if (kind === 'none') return [];
  if (kind === 'column') {
    const other = element('select', { 'aria-label': 'Other column' });
    other.append(...columns.map(({ name }, index) => option(String(index), columnLabel(name))));
    return [other];
  }
  const placeholder = kind === 'list' ? 'values, separated by commas' : kind === 'number' ? 'length' : 'value';
  return [
    element('input', { type: 'text', placeholder, 'aria-label': 'Value', spellcheck: 'false', autocomplete: 'off' }),
  ];
}

const option = (value: string, label: string): HTMLOptionElement => element('option', { value }, label);

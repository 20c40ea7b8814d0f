/** The view "SQL": one SELECT over the file as `data`, its result below. Columns and functions complete as one types. */

import type { Cell, Completions, SelectHead } from '../../../src/core/queries/questions.ts';
import { button, element } from '../elements.ts';
import { count, counted } from '../text.ts';
import { completionsAt } from './completion.ts';
import type { QueryHost } from './query-host.ts';

/** Rows sent to the page at first; the count goes on to the end. */
const FIRST_ROWS = 1_000;
/** Rows of a second run, on request. A table of more would take the browser seconds to lay out: those are for an export. */
const MOST_ROWS = 10_000;
const MOST_CELLS = 100_000;
const CELL_CHARS = 1_000;
const START = 'SELECT * FROM data LIMIT 100';

export interface SqlEvents {
  readonly onSql: (sql: string) => void;
  readonly onExport: (sql: string) => void;
}

export class SqlView {
  readonly element: HTMLElement;
  readonly #host: () => QueryHost;
  readonly #events: SqlEvents;
  readonly #input = element('textarea', {
    rows: 4,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-label': 'SQL: one SELECT over the table data',
    'aria-autocomplete': 'list',
  });
  readonly #words = element('ul', { class: 'completions', role: 'listbox', 'aria-label': 'Completions', hidden: true });
  readonly #run: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #export: HTMLButtonElement;
  readonly #more = button('', () => void this.#showMore(), { hidden: true });
  readonly #status = element('span', { class: 'status', role: 'status' });
  readonly #bar = element('div', { class: 'search-progress', hidden: true });
  readonly #result = element('div', { class: 'sql-result', tabindex: 0, role: 'region', 'aria-label': 'Result' });
  #completions: Completions = { columns: [], functions: [], keywords: [] };
  #asking: AbortController | undefined;
  /** What the result is of, whatever has been typed since; and how many rows of it can be shown. */
  #shown = { sql: '', most: 0 };

  constructor(host: () => QueryHost, sql: string | undefined, events: SqlEvents) {
    this.#host = host;
    this.#events = events;
    this.#input.value = sql ?? START;
    this.#run = button('Run', () => void this.#select(this.#input.value, FIRST_ROWS), {
      class: 'primary',
      title: 'Ctrl+Enter',
    });
    this.#cancel = button('Cancel', () => this.#asking?.abort(), { hidden: true });
    this.#export = button('Export…', () => events.onExport(this.#input.value));
    this.element = element(
      'section',
      { class: 'sql', id: 'view-sql', role: 'tabpanel', 'aria-labelledby': 'tab-sql', hidden: true },
      // Above the text, where the words that complete it cover none of them.
      element('header', {}, this.#run, this.#cancel, this.#export, this.#status, this.#more, this.#bar),
      element('div', { class: 'sql-input' }, this.#input, this.#words),
      this.#result,
    );
    this.#input.addEventListener('input', () => {
      events.onSql(this.#input.value);
      this.#complete();
    });
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#input.addEventListener('blur', () => this.#closeWords());
  }

  disable(reason: string): void {
    for (const control of [this.#input, this.#run, this.#export]) control.disabled = true;
    this.#status.textContent = reason;
  }

  hide(): void {
    this.element.hidden = true;
    this.#closeWords();
  }

  async show(): Promise<void> {
    this.element.hidden = false;
    if (this.#completions.columns.length > 0 || this.#input.disabled) return;
    const words = await this.#host().completions(new AbortController().signal);
    if (words.ok) this.#completions = words.value;
  }

  #onKey(event: KeyboardEvent): void {
    const open = !this.#words.hidden;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#select(this.#input.value, FIRST_ROWS);
    else if (open && event.key === 'Escape') this.#closeWords();
    else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      this.#mark(event.key === 'ArrowDown' ? 1 : -1);
    else if (open && (event.key === 'Tab' || event.key === 'Enter')) this.#accept();
    else if (event.key === ' ' && event.ctrlKey) this.#complete(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #complete(asked = false): void {
    const { words, from } = completionsAt(this.#input.value, this.#input.selectionStart, this.#completions, asked);
    if (words.length === 0) {
      this.#closeWords();
      return;
    }
    this.#words.replaceChildren(
      ...words.map((word, index) => {
        const item = element('li', { role: 'option', 'aria-selected': String(index === 0) }, word);
        // Before the field loses the focus.
        item.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          this.#insert(word, from);
        });
        return item;
      }),
    );
    this.#words.dataset.from = String(from);
    this.#words.hidden = false;
  }

  #mark(by: 1 | -1): void {
    const items = [...this.#words.children];
    const at = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
    const next = (at + by + items.length) % items.length;
    items.forEach((item, index) => {
      item.setAttribute('aria-selected', String(index === next));
    });
    items[next]?.scrollIntoView({ block: 'nearest' });
  }

  #accept(): void {
    const word = this.#words.querySelector('[aria-selected=true]')?.textContent;
    if (word) this.#insert(word, Number(this.#words.dataset.from));
  }

  #insert(word: string, from: number): void {
    this.#input.setRangeText(word, from, this.#input.selectionStart, 'end');
    this.#events.onSql(this.#input.value);
    this.#closeWords();
  }

  #closeWords(): void {
    this.#words.hidden = true;
  }

  /** The statement is asked again: what its first run found behind the rows shown was counted, not kept. */
  async #showMore(): Promise<void> {
    await this.#select(this.#shown.sql, this.#shown.most);
  }

  async #select(sql: string, limit: number): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#closeWords();
    this.#result.replaceChildren();
    this.#status.textContent = '';
    this.#status.classList.remove('failed');
    this.#bar.hidden = false;
    this.#cancel.hidden = false;
    this.#more.hidden = true;
    const body = element('tbody');
    let most = MOST_ROWS;
    const request = { sql, limit };
    const answer = await this.#host().select(request, asking.signal, (part) => {
      if (asking.signal.aborted) return;
      if (part.kind === 'progress') this.#bar.style.setProperty('--done', String(part.done));
      else if (part.kind === 'columns') {
        most = Math.max(FIRST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / Math.max(1, part.columns.length))));
        this.#result.replaceChildren(element('table', {}, header(part), body));
      } else body.append(...part.rows.map(line));
    });
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#bar.hidden = true;
    this.#cancel.hidden = true;
    if (!answer.ok) {
      this.#status.textContent = answer.fault.cancelled ? 'Cancelled.' : answer.fault.message;
      this.#status.classList.toggle('failed', !answer.fault.cancelled);
      return;
    }
    const { rows, truncated, milliseconds } = answer.value;
    const shown = truncated ? `, the first ${count(body.rows.length)} shown` : '';
    this.#shown = { sql, most };
    this.#more.hidden = !truncated || limit >= most;
    this.#more.textContent = `Show ${count(Math.min(most, rows))}`;
    this.#status.textContent = `${counted(rows, 'row')}${shown}, ${(milliseconds / 1_000).toFixed(2)} s`;
  }
}

function header({ columns }: SelectHead): HTMLElement {
  const cells = columns.map(({ name, type }) =>
    element(
      'th',
      { scope: 'col' },
      element('bdi', { class: 'name' }, name),
      ' ',
      element('bdi', { class: 'type' }, type.toLowerCase()),
    ),
  );
  return element('thead', {}, element('tr', {}, ...cells));
}

function line(cells: readonly Cell[]): HTMLElement {
  return element('tr', {}, ...cells.map((cell) => element('td', {}, ...content(cell))));
}

function content(cell: Cell): (HTMLElement | string)[] {
  if (cell === null) return [element('span', { class: 'absent' }, 'null')];
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return [element('bdi', {}, text.length > CELL_CHARS ? `${text.slice(0, CELL_CHARS)}…` : text)];
}

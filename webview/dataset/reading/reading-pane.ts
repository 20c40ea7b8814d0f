/** The pane beside the grid: the current row as a conversation with its answers and label, or field by field. */

import type { Column } from '../../../src/core/datasets/dataset.ts';
import type { ReadingTextRequest, RowReading } from '../../../src/protocol/dataset-reading.ts';
import type { Outcome, Problem, RowRecord, TextRequest } from '../../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from '../elements.ts';
import { columnLabel, count, counted } from '../text.ts';
import { answersView, inlineView } from './answers.ts';
import { fieldsView } from './fields.ts';
import { AnswerGrades, type GradesHost } from './grades.ts';
import { READING_MODES, type ReadingMode, type ReadingSettings } from './settings.ts';
import { turnsView } from './turns.ts';
import { clearDifferences } from './word-diff.ts';

export interface ReadingPaneEvents {
  readonly onClose: () => void;
  /** To the row so many further on. */
  readonly onMove: (rows: number) => void;
  /** To another record of the same row. */
  readonly onRecord: (record: number) => void;
  readonly onSettings: (settings: ReadingSettings) => void;
  readonly loadTurn: (request: ReadingTextRequest) => Promise<Outcome<string, Problem>>;
  readonly loadText: (request: TextRequest) => Promise<Outcome<string, Problem>>;
  readonly grading: GradesHost;
}

const MODE_TITLES: Readonly<Record<ReadingMode, string>> = { side: 'Side by side', inline: 'Inline', fields: 'Fields' };

export class ReadingPane {
  readonly element: HTMLElement;
  readonly #events: ReadingPaneEvents;
  readonly #title = element('h2', { 'aria-live': 'polite' });
  readonly #records = element('span', { class: 'records' });
  readonly #modes = element('div', { class: 'segments', role: 'radiogroup', 'aria-label': 'How the row is shown' });
  readonly #body = element('div', { class: 'reading', tabindex: 0, role: 'group', 'aria-label': 'The row' });
  readonly #foot = element('footer');
  readonly #grades: AnswerGrades;
  #settings: ReadingSettings;
  #shown:
    | { readonly reading: RowReading | undefined; readonly record: RowRecord; readonly columns: readonly Column[] }
    | undefined;

  constructor(settings: ReadingSettings, events: ReadingPaneEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#grades = new AnswerGrades(events.grading);
    this.element = element(
      'section',
      { class: 'detail', 'aria-label': 'Row', hidden: true },
      element(
        'header',
        {},
        this.#title,
        this.#records,
        element('span', { class: 'spring' }),
        button('Previous row', () => events.onMove(-1), { class: 'quiet' }, icon('up')),
        button('Next row', () => events.onMove(1), { class: 'quiet' }, icon('down')),
        this.#modes,
        button('Close', events.onClose, { class: 'quiet' }, icon('close')),
      ),
      this.#body,
      this.#foot,
    );
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens the pane on a row that is still being read: what it showed stays until the new one is there. */
  open(row: number): void {
    this.element.hidden = false;
    this.#title.textContent = `Row ${count(row)}`;
    this.#body.setAttribute('aria-busy', 'true');
  }

  close(): void {
    this.element.hidden = true;
    this.#shown = undefined;
    this.#body.replaceChildren();
    this.#grades.hide();
    clearDifferences();
  }

  /** @param reading undefined where the rows are of no known shape: then fields are all there is */
  show(reading: RowReading | undefined, record: RowRecord, columns: readonly Column[]): void {
    const sameRow = this.#shown?.record.row === record.row && this.#shown.reading?.record === reading?.record;
    this.#shown = { reading, record, columns };
    this.#draw();
    if (!sameRow) this.#body.scrollTop = 0;
  }

  showProblem(problem: Problem): void {
    this.#shown = undefined;
    clearDifferences();
    this.#body.replaceChildren(element('p', { class: 'problem', role: 'alert' }, problem.message));
    this.#body.removeAttribute('aria-busy');
  }

  /** Something else grades now, or there are other grades. */
  gradesChanged(): void {
    this.#grades.changed();
  }

  toggleDiff(): void {
    this.#change({ diff: !this.#settings.diff });
  }

  #change(change: Partial<ReadingSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.#events.onSettings(this.#settings);
    if (this.#shown) this.#draw();
  }

  #draw(): void {
    if (!this.#shown) return;
    clearDifferences();
    const { reading, record, columns } = this.#shown;
    this.#body.removeAttribute('aria-busy');
    this.#drawRecords(reading);
    this.#drawModes(reading);
    const asFields = !reading || this.#settings.mode === 'fields';
    if (asFields) this.#grades.leave();
    this.#body.replaceChildren(
      ...(asFields ? fieldsView(record, columns, this.#events.loadText) : this.#reading(reading, record, columns)),
    );
    this.#drawFoot(asFields ? undefined : reading);
  }

  #reading(reading: RowReading, record: RowRecord, columns: readonly Column[]): HTMLElement[] {
    const parts: HTMLElement[] = [];
    const { prompt, answers, facts, problem } = reading;
    if (problem !== undefined) parts.push(element('p', { class: 'problem', role: 'status' }, problem));
    if (prompt.turns.length > 0) {
      const conversation = turnsView(prompt.turns, prompt.count, {
        rendered: this.#settings.markdown,
        roles: true,
        more: (turn, from) => this.#loadTurn('prompt', turn, from),
        onMore: () => {},
      });
      parts.push(element('div', { class: 'conversation' }, conversation));
    }
    const strip = factsStrip(reading);
    if (facts.length > 0 || answers.length > 1) parts.push(strip);
    const places = answers.map(() => element('span', { class: 'grade-place' }));
    const [first, second] = answers;
    if (this.#settings.mode === 'inline' && first && second) {
      parts.push(inlineView(second.verdict === 'better' ? [second, first] : [first, second]));
    } else if (first) {
      parts.push(
        answersView(answers, {
          rendered: this.#settings.markdown,
          diff: this.#settings.diff,
          grades: places,
          more: (answer, turn, from) => this.#loadTurn(answer, turn, from),
        }),
      );
    }
    this.#grades.show(
      reading,
      places.filter(({ parentNode }) => parentNode !== null),
    );
    const read = new Set(reading.columns);
    const others = columns.filter((_, index) => !read.has(index));
    // Of a row that is no record everything is shown.
    const open = problem !== undefined;
    const rest = fieldsView(record, columns, this.#events.loadText, (index) => open || !read.has(index));
    if (rest.length > 0) {
      const names = others.map(({ name }) => columnLabel(name)).join(', ');
      const summary = element('summary', {}, 'Other fields ', element('bdi', { class: 'names' }, names));
      parts.push(element('details', { class: 'others', open }, summary, ...rest));
    }
    return parts;
  }

  #loadTurn(part: ReadingTextRequest['part'], turn: number, from: number): Promise<Outcome<string, Problem>> {
    const { row = 0, record = 0 } = this.#shown?.reading ?? {};
    return this.#events.loadTurn({ row, record, part, turn, from });
  }

  #drawRecords(reading: RowReading | undefined): void {
    const turns = reading && reading.prompt.count > 0 ? counted(reading.prompt.count, 'turn') : '';
    if (!reading || reading.records < 2) {
      this.#records.replaceChildren(turns);
      return;
    }
    const { record, records } = reading;
    const step = (by: number, label: string, name: 'previous' | 'next') => {
      const made = button(label, () => this.#events.onRecord(record + by), { class: 'quiet' }, icon(name));
      made.disabled = record + by < 0 || record + by >= records;
      return made;
    };
    this.#records.replaceChildren(
      step(-1, 'Previous record of this row', 'previous'),
      `record ${record + 1} of ${records}`,
      step(1, 'Next record of this row', 'next'),
    );
  }

  #drawModes(reading: RowReading | undefined): void {
    const able = READING_MODES.filter((mode) => reading && (mode !== 'inline' || reading.answers.length === 2));
    const current = able.includes(this.#settings.mode) ? this.#settings.mode : 'side';
    this.#modes.hidden = able.length < 2;
    this.#modes.replaceChildren(
      ...able.map((mode) => {
        const title = mode === 'side' && reading && reading.answers.length < 2 ? 'Reading' : MODE_TITLES[mode];
        return button(title, () => this.#change({ mode }), { role: 'radio', 'aria-checked': String(mode === current) });
      }),
    );
  }

  #drawFoot(reading: RowReading | undefined): void {
    this.#foot.hidden = !reading;
    if (!reading) return;
    const toggle = (title: string, on: boolean, change: () => void) =>
      button(title, change, { class: 'toggle', 'aria-pressed': String(on) });
    const { diff, markdown } = this.#settings;
    const comparable = reading.answers.length > 1 && this.#settings.mode === 'side';
    this.#foot.replaceChildren(
      toggle('Markdown', markdown, () => this.#change({ markdown: !markdown })),
      ...(comparable ? [toggle('Word diff (W)', diff, () => this.toggleDiff())] : []),
    );
  }
}

/** The label, and how much longer the first answer is than the second. */
function factsStrip({ facts, answers }: RowReading): HTMLElement {
  const shown = facts.map(({ name, value, share }) => fact(name, value, share));
  const [first, second] = answers;
  if (first && second) {
    const more = first.chars - second.chars;
    const by = `${more > 0 ? '+' : more < 0 ? '−' : ''}${count(Math.abs(more))} ${Math.abs(more) === 1 ? 'character' : 'characters'}`;
    shown.push(fact(`${first.title} longer by`, by));
  }
  return element('dl', { class: 'facts-strip' }, ...shown);
}

function fact(name: string, value: string, share?: number): HTMLElement {
  const shown = element('dd', {}, value);
  if (share !== undefined) {
    const meter = element('span', { class: 'meter', 'aria-hidden': 'true' });
    meter.style.setProperty('--share', String(share));
    shown.append(meter);
  }
  return element('div', {}, element('dt', {}, name), shown);
}

/** The strip that shows the current row: every field whole, conversations turn by turn, long texts piece by piece. */

import type { Column } from '../../src/core/datasets/dataset.ts';
import type {
  FieldValue,
  Outcome,
  Problem,
  RowRecord,
  TextRequest,
  TextStart,
  Turn,
} from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';
import { columnLabel, count, counted, isNarrow } from './text.ts';

export interface DetailEvents {
  readonly onClose: () => void;
  /** To the row so many further on. */
  readonly onMove: (rows: number) => void;
  readonly loadText: (request: TextRequest) => Promise<Outcome<string, Problem>>;
}

/** Where a text lies, for loading more of it. */
type TextPlace = Omit<TextRequest, 'from'>;

export class Detail {
  readonly element: HTMLElement;
  readonly #events: DetailEvents;
  readonly #title = element('h2', { 'aria-live': 'polite' });
  readonly #fields = element('div', { class: 'fields', tabindex: 0, role: 'group', 'aria-label': 'Fields of the row' });

  constructor(events: DetailEvents) {
    this.#events = events;
    this.element = element(
      'section',
      { class: 'detail', 'aria-label': 'Row', hidden: true },
      element(
        'header',
        {},
        this.#title,
        element('span', { class: 'spring' }),
        button('Previous row', () => events.onMove(-1), { class: 'quiet' }, icon('up')),
        button('Next row', () => events.onMove(1), { class: 'quiet' }, icon('down')),
        button('Close', events.onClose, { class: 'quiet' }, icon('close')),
      ),
      this.#fields,
    );
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens the strip on a row whose fields are still being read: what it showed stays until they are there. */
  open(row: number): void {
    this.element.hidden = false;
    this.#title.textContent = `Row ${count(row)}`;
    this.#fields.setAttribute('aria-busy', 'true');
  }

  close(): void {
    this.element.hidden = true;
    this.#fields.replaceChildren();
  }

  show(record: RowRecord, columns: readonly Column[]): void {
    const fields = record.fields.map((field, index) => {
      const column = columns[index] ?? { name: '', type: '' };
      return this.#field(field, column, { row: record.row, column: record.firstColumn + index });
    });
    this.#fields.replaceChildren(...fields);
    this.#fields.removeAttribute('aria-busy');
    this.#fields.scrollTop = 0;
  }

  showProblem(problem: Problem): void {
    this.#fields.replaceChildren(element('p', { class: 'problem', role: 'alert' }, problem.message));
    this.#fields.removeAttribute('aria-busy');
  }

  #field(field: FieldValue, { name, type }: Column, place: TextPlace): HTMLElement {
    const short = isNarrow(type) && field.kind !== 'conversation';
    return element(
      'section',
      { class: short ? 'field short' : 'field' },
      element(
        'h3',
        {},
        element('bdi', { class: name === '' ? 'name absent' : 'name' }, columnLabel(name)),
        element('bdi', { class: 'type' }, type),
        short ? undefined : element('span', { class: 'size' }, sizeOf(field)),
      ),
      ...this.#value(field, place),
    );
  }

  #value(field: FieldValue, place: TextPlace): Node[] {
    if (field.kind === 'null') return [element('p', { class: 'absent' }, 'null')];
    if (field.kind === 'text') {
      return field.content.chars === 0
        ? [element('p', { class: 'absent' }, 'empty')]
        : this.#text(field.content, place);
    }
    const turns = field.turns.map((turn, index) => this.#turn(turn, { ...place, turn: index }));
    const left = field.count - field.turns.length;
    const list = element('ol', { class: 'conversation' }, ...turns);
    return left > 0 ? [list, element('p', { class: 'absent' }, `${counted(left, 'more turn')} not shown`)] : [list];
  }

  #turn({ role, content }: Turn, place: TextPlace): HTMLElement {
    const said = content.chars === 0 ? [element('p', { class: 'absent' }, 'empty')] : this.#text(content, place);
    return element(
      'li',
      { class: role === 'system' ? 'turn system' : 'turn' },
      element('bdi', { class: 'role' }, role),
      element('div', {}, ...said),
    );
  }

  #text(content: TextStart, place: TextPlace): Node[] {
    const text = element('p', { class: 'text', dir: 'auto' }, content.text);
    if (content.text.length >= content.chars) return [text];
    let shown = content.text.length;
    const label = () => `Load more (${count(shown)} of ${count(content.chars)} characters shown)`;
    const more = button(label(), () => void load(), { class: 'more' });
    const load = async () => {
      more.disabled = true;
      const piece = await this.#events.loadText({ ...place, from: shown });
      more.disabled = false;
      if (!piece.ok) {
        if (!piece.fault.cancelled) more.textContent = `${piece.fault.message} Load more`;
        return;
      }
      shown += piece.value.length;
      text.append(piece.value);
      more.textContent = label();
      if (shown >= content.chars || piece.value === '') more.remove();
    };
    return [text, more];
  }
}

function sizeOf(field: FieldValue): string {
  if (field.kind === 'null') return '';
  return field.kind === 'text' ? counted(field.content.chars, 'character') : counted(field.count, 'turn');
}

/** What the model that grades says of the response in a cell of the grid, while the mouse rests on it. */

import type { RowGrades } from '../../src/protocol/dataset-grades.ts';
import { button, element } from './elements.ts';
import { cardOf, problem, textOf } from './reading/grade-card.ts';
import type { GradesHost } from './reading/grades.ts';

/** As long as the hover of the editor takes. */
const REST_MS = 300;
/** On the way from the cell to its card. */
const LEAVE_MS = 200;
const GAP = 2;

interface Pointed {
  readonly cell: HTMLElement;
  readonly row: number;
  readonly column: number;
}

export class GridGrades {
  readonly element = element('div', { class: 'cell-grades', role: 'tooltip', hidden: true });
  readonly #host: GradesHost;
  readonly #grid: HTMLElement;
  #pointed: Pointed | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the row that was pointed at last: its other cells need no second question. */
  #told: { readonly row: number; readonly grades: RowGrades | null } | undefined;

  constructor(grid: HTMLElement, host: GradesHost) {
    this.#grid = grid;
    this.#host = host;
    grid.addEventListener('mouseover', ({ target }) => this.#point(pointedAt(target)));
    grid.addEventListener('mouseleave', () => this.#point(undefined));
    for (const event of ['scroll', 'keydown', 'mousedown'] as const) {
      grid.addEventListener(event, () => this.hide(), { passive: true });
    }
    this.element.addEventListener('mouseenter', () => clearTimeout(this.#timer));
    this.element.addEventListener('mouseleave', () => this.#point(undefined));
    this.element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.hide();
    });
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#pointed = undefined;
    this.element.hidden = true;
  }

  /** Something else grades now, there are other grades, or other rows. */
  forget(): void {
    this.#told = undefined;
    this.hide();
  }

  #point(pointed: Pointed | undefined): void {
    if (pointed && pointed.cell === this.#pointed?.cell) {
      clearTimeout(this.#timer);
      if (this.element.hidden) this.#rest();
      return;
    }
    clearTimeout(this.#timer);
    if (this.element.hidden) {
      this.#pointed = pointed;
      if (pointed) this.#rest();
      return;
    }
    this.#timer = setTimeout(() => {
      this.hide();
      this.#pointed = pointed;
      if (pointed) this.#rest();
    }, LEAVE_MS);
  }

  #rest(): void {
    this.#timer = setTimeout(() => void this.#ask(false), REST_MS);
  }

  async #ask(ask: boolean): Promise<void> {
    const pointed = this.#pointed;
    if (!pointed) return;
    const { row } = pointed;
    if (ask || this.#told?.row !== row) {
      const outcome = await this.#host.grades({ row, record: 0, ask });
      if (!outcome.ok) {
        if (!outcome.fault.cancelled && pointed === this.#pointed)
          this.#show(pointed, [problem(outcome.fault.message)]);
        return;
      }
      this.#told = { row, grades: outcome.value };
    }
    if (pointed !== this.#pointed) return;
    const { grades } = this.#told!;
    const answers = grades?.answers.filter(({ columns }) => columns.includes(pointed.column)) ?? [];
    if (grades && answers.length > 0) this.#show(pointed, this.#content(answers, grades.grader));
  }

  #content(answers: RowGrades['answers'], grader: string): HTMLElement[] {
    const offered = answers.some(({ kind }) => kind === 'offer');
    const parts = answers.flatMap((answer) => {
      if (answer.kind === 'offer') return [];
      const title = answers.length > 1 ? [element('div', { class: 'dim' }, answer.title)] : [];
      if (answer.kind === 'problem') return [...title, problem(answer.message)];
      const events = {
        onOther: () => this.#host.chooseGrader(),
        onCopy: () => this.#host.copyText(textOf(answer.card)),
      };
      return [...title, cardOf(answer.card, events)];
    });
    return offered ? [...parts, button(`Grade with ${grader}`, () => void this.#ask(true), { class: 'link' })] : parts;
  }

  /** Below the cell; above it where there is more room. */
  #show({ cell }: Pointed, content: readonly HTMLElement[]): void {
    this.element.replaceChildren(...content);
    this.element.hidden = false;
    const frame = this.#grid.getBoundingClientRect();
    const { left, top, bottom } = cell.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.element;
    const isBelow = frame.bottom - bottom >= Math.min(offsetHeight, top - frame.top);
    const y = isBelow ? bottom + GAP : Math.max(frame.top, top - GAP - offsetHeight);
    const x = Math.max(frame.left, Math.min(left, frame.right - offsetWidth));
    this.element.style.left = `${x - frame.left}px`;
    this.element.style.top = `${y - frame.top}px`;
    this.element.style.maxHeight = `${isBelow ? frame.bottom - bottom - GAP : top - frame.top - GAP}px`;
  }
}

function pointedAt(target: EventTarget | null): Pointed | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[role=gridcell]') : null;
  const row = cell?.closest<HTMLElement>('[data-row]')?.dataset.row;
  const column = Number(cell?.getAttribute('aria-colindex')) - 2;
  return cell && row !== undefined && column >= 0 ? { cell, row: Number(row), column } : undefined;
}

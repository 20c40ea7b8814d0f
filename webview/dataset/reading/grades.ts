/** What the model that grades says of the answers that are read: a line in each answer's head, and a card behind it. */

import type { AnswerGrade, RowGrades, RowGradesRequest } from '../../../src/protocol/dataset-grades.ts';
import type { Outcome, Problem } from '../../../src/protocol/dataset-viewer.ts';
import { button, element, type IconName, icon } from '../elements.ts';
import { type Card, cardOf, problem, textOf } from './grade-card.ts';

export interface GradesHost {
  readonly grades: (request: RowGradesRequest) => Promise<Outcome<RowGrades | null, Problem>>;
  readonly chooseGrader: () => void;
  readonly copyText: (text: string) => void;
}

type Row = Pick<RowGradesRequest, 'row' | 'record'>;

const REST_MS = 150;
const ICONS = { better: 'check', worse: 'down', tie: 'info' } as const satisfies Record<string, IconName>;

let cards = 0;

export class AnswerGrades {
  readonly #host: GradesHost;
  #row: Row | undefined;
  #places: readonly HTMLElement[] = [];
  #told: { readonly row: Row; readonly grades: RowGrades | null } | undefined;
  /** While the person waits for grades that they asked for, news of others does not take their place. */
  #asking = false;

  constructor(host: GradesHost) {
    this.#host = host;
  }

  /** Where the grades of this row's answers are shown, in their order. What is known of the row is there at once. */
  show(row: Row, places: readonly HTMLElement[]): void {
    this.#row = row;
    this.#places = places;
    if (places.length === 0) return;
    if (this.#told && isSame(this.#told.row, row)) this.#draw(this.#told.grades);
    else void this.#ask(false);
  }

  /** The answers are not shown: what is known of them is kept. */
  leave(): void {
    this.#places = [];
  }

  hide(): void {
    this.#row = undefined;
    this.#places = [];
    this.#told = undefined;
  }

  /** Something else grades now, or there are other grades. */
  changed(): void {
    if (this.#asking) return;
    this.#told = undefined;
    if (this.#row && this.#places.length > 0) void this.#ask(false);
  }

  async #ask(ask: boolean): Promise<void> {
    const row = this.#row;
    if (!row) return;
    this.#asking = ask;
    if (ask)
      for (const place of this.#places) place.replaceChildren(element('span', { class: 'dim' }, 'Grading\u2026'));
    const outcome = await this.#host.grades({ ...row, ask });
    if (ask) this.#asking = false;
    if (!this.#row || !isSame(this.#row, row)) return;
    if (outcome.ok) {
      this.#told = { row, grades: outcome.value };
      this.#draw(outcome.value);
    } else if (!outcome.fault.cancelled) {
      for (const place of this.#places) place.replaceChildren(problem(outcome.fault.message));
    }
  }

  #draw(grades: RowGrades | null): void {
    for (const [at, place] of this.#places.entries()) {
      const answer = grades?.answers[at];
      place.replaceChildren(...(grades && answer ? [this.#answer(answer, grades.grader)] : []));
    }
  }

  #answer(answer: AnswerGrade, grader: string): HTMLElement {
    if (answer.kind === 'problem') return problem(answer.message);
    if (answer.kind === 'offer') return button(`Grade with ${grader}`, () => void this.#ask(true), { class: 'link' });
    return this.#graded(answer.line, answer.card);
  }

  /** The card comes when the mouse rests on the line or the line has the focus, and stays while the mouse is in it. */
  #graded(line: string, said: Card): HTMLElement {
    const card = cardOf(said, {
      onOther: () => this.#host.chooseGrader(),
      onCopy: () => this.#host.copyText(textOf(said)),
    });
    card.hidden = true;
    card.id = `grade-card-${cards++}`;
    const shown = element('span', { class: 'grade' });
    let resting: ReturnType<typeof setTimeout> | undefined;
    const open = (isOpen: boolean) => {
      clearTimeout(resting);
      card.hidden = !isOpen;
      head.setAttribute('aria-expanded', String(isOpen));
    };
    const head = button(
      line,
      () => open(card.hidden === true),
      { class: 'grade-line', 'aria-expanded': 'false', 'aria-controls': card.id },
      said.verdict ? icon(ICONS[said.verdict]) : undefined,
      line,
    );
    head.removeAttribute('title');
    shown.append(head, card);
    shown.addEventListener('mouseenter', () => {
      resting = setTimeout(() => open(true), REST_MS);
    });
    shown.addEventListener('mouseleave', () => open(shown.contains(document.activeElement)));
    head.addEventListener('focus', () => {
      if (head.matches(':focus-visible')) open(true);
    });
    shown.addEventListener('focusout', ({ relatedTarget }) => {
      if (!shown.contains(relatedTarget as Node | null) && !shown.matches(':hover')) open(false);
    });
    shown.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || card.hidden) return;
      event.stopPropagation();
      open(false);
      head.focus();
    });
    return shown;
  }
}

const isSame = (one: Row, other: Row): boolean => one.row === other.row && one.record === other.record;

/** The strip above the table that leads through all rows of a finding, one after the other. */

import {
  type CheckFinding,
  type CheckOutcome,
  FINDING_PAGE_ROWS,
  type FindingRows,
  type FindingRowsRequest,
} from '../../src/protocol/dataset-checks.ts';
import type { Outcome, Problem } from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';
import { count } from './text.ts';

export interface FindingRowsEvents {
  readonly load: (request: FindingRowsRequest, signal: AbortSignal) => Promise<Outcome<FindingRows, Problem>>;
  /** @param focus with the keyboard there too: not while one steps with the strip's buttons */
  readonly onRow: (row: number, focus: boolean) => void;
  readonly onBack: () => void;
}

interface Followed {
  readonly run: number;
  readonly finding: CheckFinding;
  /** Page of row numbers -> the rows. */
  readonly pages: Map<number, readonly number[]>;
  total: number;
  at: number;
}

export class FindingRowsStrip {
  readonly element: HTMLElement;
  readonly #events: FindingRowsEvents;
  readonly #title = element('bdi', { class: 'title' });
  readonly #where = element('span', { class: 'dim', role: 'status' });
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #followed: Followed | undefined;
  #asking = new AbortController();

  constructor(events: FindingRowsEvents) {
    this.#events = events;
    this.#previous = button('Previous row of the finding', () => this.#step(-1), { class: 'quiet' }, icon('up'));
    this.#next = button('Next row of the finding', () => this.#step(1), { class: 'quiet' }, icon('down'));
    this.element = element(
      'div',
      { class: 'finding-rows', role: 'group', 'aria-label': 'Rows of a finding', hidden: true },
      this.#title,
      this.#where,
      this.#previous,
      this.#next,
      element('span', { class: 'spring' }),
      button('Back to Checks', events.onBack),
      button('Stop following the finding', () => this.close(), { class: 'quiet' }, icon('close')),
    );
  }

  /** @param nth which row of the finding to begin with, counted from 0 */
  follow({ run }: CheckOutcome, finding: CheckFinding, nth: number): void {
    this.#followed = { run, finding, pages: new Map(), total: finding.rows.length, at: nth };
    this.#title.textContent = finding.title;
    this.element.hidden = false;
    void this.#show(true);
  }

  close(): void {
    this.#asking.abort();
    this.#followed = undefined;
    this.element.hidden = true;
  }

  /** Only above the rows, and only while a finding is followed. */
  setVisible(visible: boolean): void {
    this.element.hidden = !visible || this.#followed === undefined;
  }

  #step(rows: number): void {
    const followed = this.#followed;
    if (!followed) return;
    followed.at = Math.max(0, Math.min(followed.at + rows, followed.total - 1));
    void this.#show(false);
  }

  async #show(focus: boolean): Promise<void> {
    const followed = this.#followed;
    if (!followed) return;
    const number = Math.floor(followed.at / FINDING_PAGE_ROWS);
    if (!followed.pages.has(number)) {
      this.#asking.abort();
      const asking = new AbortController();
      this.#asking = asking;
      const from = number * FINDING_PAGE_ROWS;
      const { run, finding } = followed;
      const asked = { run, finding: finding.id, from, count: FINDING_PAGE_ROWS };
      const answer = await this.#events.load(asked, asking.signal);
      if (asking.signal.aborted) return;
      if (!answer.ok) {
        this.#where.textContent = answer.fault.message;
        return;
      }
      followed.total = answer.value.total;
      followed.pages.set(number, answer.value.rows);
    }
    const row = followed.pages.get(number)?.[followed.at % FINDING_PAGE_ROWS];
    this.#where.textContent = `${count(followed.at + 1)} of ${count(followed.total)}`;
    // A disabled button would lose the focus, and with it the place of who steps by keyboard.
    this.#previous.setAttribute('aria-disabled', String(followed.at === 0));
    this.#next.setAttribute('aria-disabled', String(followed.at >= followed.total - 1));
    if (row !== undefined) this.#events.onRow(row, focus);
  }
}

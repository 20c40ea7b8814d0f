/** The rows that were got wrong by most; each opens the data where it stands. */

import type { EvaluationReport, WorstRow } from '../../src/core/evaluations/report.ts';
import { button, element } from '../dataset/elements.ts';
import { count, number } from '../run/text.ts';

const FIRST = 20;

const WRONG_BY: Readonly<Record<EvaluationReport['grader']['method'], string>> = {
  'bradley-terry': 'wrong by (logits)',
  pointwise: 'wrong by (points)',
  pairwise: 'wrong by (probability)',
};

export function worstRowsView(
  { worst, grader, evaluation }: EvaluationReport,
  onRow: (row: number) => void,
): HTMLElement {
  const made = element('section', { class: 'worst', 'aria-label': 'Worst rows' }, element('h2', {}, 'Worst rows'));
  if (worst.length === 0) {
    made.append(element('p', { class: 'dim' }, `None of the ${count(evaluation.n)} rows was got wrong.`));
    return made;
  }
  const body = element('tbody', {}, ...worst.slice(0, FIRST).map((row) => rowOf(row, onRow)));
  const titles = ['row', 'label', 'answer', WRONG_BY[grader.method], 'prompt', 'responses'];
  made.append(
    element(
      'table',
      { class: 'plain worst-rows' },
      element('caption', { class: 'visually-hidden' }, 'Worst rows'),
      element('thead', {}, element('tr', {}, ...titles.map((text) => element('th', { scope: 'col' }, text)))),
      body,
    ),
  );
  const more = worst.slice(FIRST);
  if (more.length > 0) {
    const show = button(`Show ${count(more.length)} more`, () => {
      body.append(...more.map((row) => rowOf(row, onRow)));
      show.remove();
    });
    made.append(show);
  }
  return made;
}

function rowOf(worst: WorstRow, onRow: (row: number) => void): HTMLElement {
  const { row, label, answer, wrong_by, prompt, responses } = worst;
  return element(
    'tr',
    { 'data-row': row },
    element(
      'th',
      { scope: 'row' },
      button(`row ${count(row)}`, () => onRow(row), { class: 'link', title: 'Open the data at this row' }),
    ),
    element('td', { class: 'word' }, label),
    element('td', { class: 'word' }, answer),
    element('td', { class: 'figure' }, number(wrong_by)),
    element('td', { class: 'text' }, element('div', { class: 'start', dir: 'auto' }, prompt)),
    element(
      'td',
      { class: 'text' },
      ...responses.map(({ title, text, score }) =>
        element(
          'div',
          { class: 'start', dir: 'auto' },
          element('span', { class: 'response-title' }, `${title}${score === null ? '' : ` ${number(score)}`}`),
          ' ',
          text,
        ),
      ),
    ),
  );
}

/** This evaluation beside another of the same records: differences with intervals, who is right where, and the rows. */

import type { Disagreement, PairedDifference } from '../../src/core/evaluations/comparison.ts';
import { conclusionText } from '../../src/core/evaluations/describe-comparison.ts';
import type { ShownComparison } from '../../src/protocol/evaluation-page.ts';
import { button, element } from '../dataset/elements.ts';
import { count, number, percent, signed } from '../run/text.ts';
import { MEASURE_TITLES } from '../ui/measures.ts';

const ROWS_SHOWN = 30;

export interface ComparisonEvents {
  readonly onRow: (row: number) => void;
  readonly onClose: () => void;
}

export function comparisonView(
  { a, b, comparison }: ShownComparison,
  { onRow, onClose }: ComparisonEvents,
): HTMLElement {
  const { n, gradedByOne, differences, onlyA, onlyB } = comparison;
  const left = gradedByOne.a + gradedByOne.b;
  return element(
    'section',
    { class: 'comparison', 'aria-label': 'Comparison' },
    element(
      'div',
      { class: 'comparison-head' },
      element('h2', {}, 'Comparison'),
      button('Close Comparison', onClose, { class: 'link' }),
    ),
    element('p', {}, element('b', {}, conclusionText(comparison, `A (${a})`, `B (${b})`))),
    element(
      'p',
      { class: 'dim' },
      'A ',
      element('bdi', {}, a),
      ' (this evaluation), B ',
      element('bdi', {}, b),
      `, on the ${count(n)} records that both graded`,
      left === 0 ? '' : `; ${count(left)} that one alone graded are left out`,
      '.',
    ),
    element('div', { class: 'overview' }, differenceTable(differences), sharesOf(comparison)),
    disagreementView('Only A is right', onlyA, onRow),
    disagreementView('Only B is right', onlyB, onRow),
  );
}

function differenceTable(differences: readonly PairedDifference[]): HTMLElement {
  const titles = ['measure', 'A', 'B', 'B minus A', '95 % interval'];
  return element(
    'table',
    { class: 'plain differences' },
    element('caption', { class: 'visually-hidden' }, 'Differences'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...titles.map((text, at) => element('th', { scope: 'col', class: at > 0 ? 'figure' : undefined }, text)),
      ),
    ),
    element('tbody', {}, ...differences.map(differenceRow)),
  );
}

function differenceRow({ name, a, b, difference, interval: [low, high], better }: PairedDifference): HTMLElement {
  const sure = low > 0 || high < 0;
  const isBetter = difference > 0 === (better === 'higher');
  return element(
    'tr',
    { 'data-measure': name },
    element('th', { scope: 'row' }, MEASURE_TITLES[name] ?? name),
    element('td', { class: 'figure' }, number(a)),
    element('td', { class: 'figure' }, number(b)),
    element('td', { class: `figure mark ${sure ? (isBetter ? 'better' : 'worse') : ''}` }, signed(difference)),
    element('td', { class: 'figure' }, `${signed(low)} to ${signed(high)}`),
  );
}

/** Who is right where, as a bar of all records and its legend. */
function sharesOf({ n, bothRight, bothWrong, onlyA, onlyB, undecided }: ShownComparison['comparison']): HTMLElement {
  const parts = [
    ['both', 'both right', bothRight],
    ['only-a', 'only A right', onlyA.records],
    ['only-b', 'only B right', onlyB.records],
    ['undecided', 'equal scores', undecided],
    ['neither', 'both wrong', bothWrong],
  ] as const;
  const shown = parts.filter(([, , records]) => records > 0);
  const bar = element('div', { class: 'shares-bar', 'aria-hidden': 'true' });
  for (const [kind, , records] of shown) {
    const part = element('span', { class: kind });
    part.style.width = `${(records / n) * 100}%`;
    bar.append(part);
  }
  return element(
    'div',
    { class: 'shares' },
    bar,
    element(
      'ul',
      {},
      ...shown.map(([kind, title, records]) =>
        element(
          'li',
          {},
          element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }),
          `${title} ${count(records)} (${percent(records / n)})`,
        ),
      ),
    ),
  );
}

function disagreementView(
  title: string,
  { records, rows }: Disagreement,
  onRow: (row: number) => void,
): HTMLElement | undefined {
  if (records === 0) return undefined;
  const shown = rows.slice(0, ROWS_SHOWN);
  return element(
    'p',
    { class: 'disagreement' },
    element('span', { class: 'dim' }, `${title}: `),
    ...shown.flatMap((row) => [
      button(`row ${count(row)}`, () => onRow(row), { class: 'link', title: 'Open the data at this row' }),
      ' ',
    ]),
    records > shown.length ? element('span', { class: 'dim' }, `and ${count(records - shown.length)} more`) : undefined,
  );
}

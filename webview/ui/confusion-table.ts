/** How often each answer was given to each label. */

import { element } from '../dataset/elements.ts';
import { count, percent } from '../run/text.ts';

export interface ConfusionCounts {
  readonly golds: readonly string[];
  readonly verdicts: readonly string[];
  /** `cells[gold][verdict]`. */
  readonly cells: readonly (readonly number[])[];
}

/** @param said what is counted, and what the columns are */
export function confusionTable({ golds, verdicts, cells }: ConfusionCounts, said: string): HTMLElement {
  const head = element('tr', {}, ...['gold', ...verdicts].map((text) => element('th', { scope: 'col' }, text)));
  const rows = golds.map((gold, row) => {
    const counts = cells[row]!;
    const total = counts.reduce((sum, each) => sum + each, 0);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, `${gold} `, element('span', { class: 'dim' }, count(total))),
      ...counts.map((each, column) => {
        const share = total === 0 ? 0 : each / total;
        const cell = element(
          'td',
          { class: verdicts[column] === gold ? 'agrees' : '' },
          element('b', {}, count(each)),
          element('span', {}, percent(share)),
        );
        cell.style.setProperty('--share', `${Math.round(share * 70)}%`);
        return cell;
      }),
    );
  });
  return element(
    'table',
    { class: 'confusion' },
    element('caption', {}, element('b', {}, 'Confusion'), element('span', { class: 'dim' }, said)),
    element('thead', {}, head),
    element('tbody', {}, ...rows),
  );
}

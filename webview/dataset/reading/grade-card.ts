/** A whole grade on a card: what it says, where it comes from, and what can be done with it. */

import type { AnswerGrade } from '../../../src/protocol/dataset-grades.ts';
import { button, element, icon } from '../elements.ts';

export type Card = Extract<AnswerGrade, { kind: 'grade' }>['card'];

export const problem = (message: string): HTMLElement =>
  element('span', { class: 'grade-problem', title: message }, icon('warning'), `No grade: ${message}`);

export function cardOf(
  { headline, facts, reason, notes }: Card,
  { onOther, onCopy }: { readonly onOther: () => void; readonly onCopy: () => void },
): HTMLElement {
  const rows = facts.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, element('bdi', {}, value))),
  );
  return element(
    'div',
    { class: 'grade-card', role: 'group', 'aria-label': 'Grade' },
    element('b', {}, headline),
    element('dl', {}, ...rows),
    reason === undefined ? undefined : element('p', { dir: 'auto' }, reason),
    ...notes.map((note) => element('p', { class: 'note' }, icon('info'), element('span', {}, note))),
    element(
      'div',
      { class: 'grade-actions' },
      button('Grade with Another\u2026', onOther, { class: 'link' }),
      button('Copy', onCopy, { class: 'link' }),
    ),
  );
}

export const textOf = ({ headline, facts, reason, notes }: Card): string =>
  [headline, ...facts.map(([name, value]) => `${name}: ${value}`), ...(reason ? [reason] : []), ...notes].join('\n');

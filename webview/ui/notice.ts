/** A line above a page that says what is wrong, with what can be done about it. */

import { element, icon } from '../dataset/elements.ts';

export function notice(kind: 'error' | 'warning', text: HTMLElement, ...actions: HTMLElement[]): HTMLElement {
  return element(
    'div',
    { class: `notice ${kind}`, role: 'status' },
    icon(kind),
    text,
    element('span', { class: 'spring' }),
    ...actions,
  );
}

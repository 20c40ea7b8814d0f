/** The run's parameters, beside those of the runs it is compared to. */

import type { RunSummary } from '../../src/protocol/run-panel.ts';
import { element } from '../dataset/elements.ts';
import { counted } from '../dataset/text.ts';

export class ParametersView {
  readonly element = element('section', { class: 'parameters' });
  #equal = true;
  #shown = '';

  show(own: RunSummary, others: readonly RunSummary[]): void {
    const runs = [own, ...others];
    const key = JSON.stringify([this.#equal, runs.map(({ name, parameters }) => [name, parameters])]);
    if (key === this.#shown) return;
    this.#shown = key;
    const values = runs.map(({ parameters }) => new Map(parameters));
    const names = [...new Set(values.flatMap((each) => [...each.keys()]))];
    const differing = names.filter((name) => new Set(values.map((each) => each.get(name))).size > 1);
    const compared = others.length > 0;
    const listed =
      compared && !this.#equal ? differing : [...differing, ...names.filter((name) => !differing.includes(name))];
    const toggle = element('input', { type: 'checkbox', checked: this.#equal });
    toggle.addEventListener('change', () => {
      this.#equal = toggle.checked;
      this.show(own, others);
    });
    const head = compared
      ? element(
          'p',
          { class: 'parameters-head' },
          `${counted(differing.length, 'parameter')} ${differing.length === 1 ? 'differs' : 'differ'}, ${names.length - differing.length} equal`,
          element('label', {}, toggle, 'Show equal'),
        )
      : element('p', { class: 'parameters-head dim' }, 'Compare with another run to see what differs.');
    const rows = listed.map((name) => {
      const differs = differing.includes(name);
      return element(
        'tr',
        differs ? { class: 'differs' } : {},
        element(
          'th',
          { scope: 'row' },
          element('code', {}, name),
          differs ? element('span', { class: 'visually-hidden' }, ', differs') : undefined,
        ),
        ...values.map((each) => element('td', {}, element('code', {}, each.get(name) ?? ''))),
      );
    });
    this.element.replaceChildren(
      head,
      element(
        'table',
        { class: 'plain' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['Parameter', ...runs.map(({ name }) => name)].map((text) => element('th', { scope: 'col' }, text)),
          ),
        ),
        element('tbody', {}, ...rows),
      ),
    );
  }
}

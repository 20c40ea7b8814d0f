/** Whether the grader is right as often as its probabilities say. */

import type { Calibration } from '../../src/core/evaluations/report.ts';
import { element } from '../dataset/elements.ts';
import { count, number } from '../run/text.ts';
import { intervalBar } from './interval-bar.ts';

export function calibrationView({ bins, error, n }: Calibration): HTMLElement {
  const rows = bins.map(({ from, to, n: rowsOfBin, confidence, right, interval }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, `${from.toFixed(1)} to ${to.toFixed(1)}`),
      element('td', { class: 'figure' }, count(rowsOfBin)),
      element('td', { class: 'figure' }, number(confidence)),
      element('td', { class: 'figure' }, number(right)),
      element('td', { class: 'bar-cell' }, intervalBar({ value: right, interval, level: confidence }, [0, 1])),
    ),
  );
  return element(
    'div',
    { class: 'calibration' },
    element(
      'table',
      { class: 'plain' },
      element(
        'caption',
        {},
        'Calibration ',
        element('span', { class: 'dim' }, `expected calibration error ${number(error)}, n ${count(n)}`),
      ),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['probability', 'n', 'mean', 'right', ''].map((text, at) =>
            element('th', { scope: 'col', class: at > 0 ? 'figure' : undefined }, text),
          ),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
    element(
      'p',
      { class: 'dim' },
      'Bar: share of answers that are right, with interval. Dotted: the probability given to them.',
    ),
  );
}

/** Rates of a set of samples, each with its n and what it has to be compared with. */

import type { SampleRates, Share } from '../../../src/protocol/run-samples.ts';
import { element } from '../../dataset/elements.ts';
import { confusionTable } from '../../ui/confusion-table.ts';
import { count, percent } from '../text.ts';

const WEAKEST = 8;

export function ratesView(rates: SampleRates): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (rates.confusion)
    parts.push(confusionTable(rates.confusion, `n ${count(rates.right.n)} outputs; columns: parsed verdict`));
  const { majority } = rates;
  const against =
    majority && majority.n > 0 ? `always ${majority.label}: ${(majority.hits / majority.n).toFixed(3)}` : '';
  parts.push(
    ...rate('Verdict accuracy', rates.right, (share) => share.toFixed(3), 'outputs with the gold label', against),
    ...rate(
      'Swap agreement',
      rates.swapAgreement,
      (share) => share.toFixed(3),
      'rows answered alike in both orders',
      '',
    ),
    ...rate('No verdict parsed', rates.unparsed, percent, 'outputs', ''),
    ...rate('Dead groups', rates.dead, percent, 'rows whose rewards are all the same', ''),
  );
  if (rates.slices.length > 1) parts.push(slices(rates.slices));
  return parts;
}

function rate(
  title: string,
  { hits, n }: Share,
  format: (share: number) => string,
  what: string,
  against: string,
): HTMLElement[] {
  if (n === 0) return [];
  const fill = element('span', { class: 'fill' });
  fill.style.width = `${(hits / n) * 100}%`;
  return [
    element(
      'div',
      { class: 'rate' },
      element('div', { class: 'measure-head' }, element('b', {}, title), element('b', {}, format(hits / n))),
      element(
        'div',
        { class: 'dim' },
        [`${count(hits)} of ${count(n)} ${what}`, against].filter((part) => part !== '').join('; '),
      ),
      element('span', { class: 'measure-bar', 'aria-hidden': 'true' }, fill),
    ),
  ];
}

function slices(weakest: SampleRates['slices']): HTMLElement {
  const rows = weakest
    .slice(0, WEAKEST)
    .map(({ value, right: { hits, n } }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, value),
        element('td', { class: 'figure' }, count(n)),
        element('td', { class: 'figure' }, n === 0 ? '' : (hits / n).toFixed(3)),
      ),
    );
  const titles = ['Weakest slices', 'n', 'accuracy'];
  return element(
    'table',
    { class: 'plain' },
    element('thead', {}, element('tr', {}, ...titles.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...rows),
  );
}

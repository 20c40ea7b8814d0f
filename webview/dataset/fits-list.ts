/** What the rows are fit for: every method with the reason, and the shape that came next. */

import type { DatasetAdvice, MethodFit } from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';

export function fitsList(advice: DatasetAdvice, onPrepare: (method: string) => void): HTMLElement {
  const best = advice.methods.find(({ fits }) => fits);
  return element(
    'aside',
    { class: 'fits-pane', 'aria-labelledby': 'fits-title' },
    element(
      'header',
      {},
      element('h2', { id: 'fits-title' }, 'Fits'),
      element('span', { class: 'spring' }),
      element('span', { class: 'dim' }, advice.evidence),
    ),
    element('ul', {}, ...advice.methods.map((method) => methodItem(method, method === best, onPrepare))),
    element(
      'footer',
      { class: 'dim' },
      advice.runnerUp === null ? 'No other shape fits.' : `Runner-up shape: ${advice.runnerUp}`,
    ),
  );
}

const FITS = ['check', 'Fits'] as const;
const CONVERTIBLE = ['convert', 'Can be made by converting'] as const;
const NOT = ['close', 'Does not fit'] as const;

function methodItem(method: MethodFit, best: boolean, onPrepare: (method: string) => void): HTMLElement {
  const { id, title, fits, reason, convertible } = method;
  const [name, meaning] = fits ? FITS : convertible ? CONVERTIBLE : NOT;
  const mark = icon(name);
  mark.setAttribute('role', 'img');
  mark.setAttribute('aria-label', meaning);
  mark.removeAttribute('aria-hidden');
  return element(
    'li',
    { class: fits || convertible ? 'fit' : 'fit not' },
    mark,
    element(
      'div',
      {},
      element(
        'p',
        {},
        element('strong', {}, title),
        best ? ' ' : undefined,
        best ? element('span', { class: 'dim' }, 'best fit') : undefined,
      ),
      element('p', { class: 'dim' }, element('bdi', {}, sentence(reason))),
      convertible ? prepareLink(title, () => onPrepare(id)) : undefined,
    ),
  );
}

function prepareLink(title: string, onClick: () => void): HTMLButtonElement {
  return button('Prepare…', onClick, { class: 'link', 'aria-label': `Prepare… ${title}` });
}

/** Reasons stand in a table on the command line; here they stand alone. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

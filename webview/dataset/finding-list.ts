/** The findings of the checks, the gravest first: what, how many, the first rows, and what can be done. */

import type { CheckFinding, CheckOutcome } from '../../src/protocol/dataset-checks.ts';
import { button, element, icon } from './elements.ts';
import { count, counted } from './text.ts';

export interface FindingEvents {
  /** To the first row of a finding, or to another of its first rows. @param nth which, counted from 0 */
  readonly onRows: (outcome: CheckOutcome, finding: CheckFinding, nth: number) => void;
  readonly onFix: (finding: CheckFinding) => void;
}

const LINKED_ROWS = 2;

const SEVERITY_NAMES: Readonly<Record<CheckFinding['severity'], string>> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Information',
};

export function findingList(outcome: CheckOutcome, showPassed: boolean, events: FindingEvents): HTMLElement {
  const found = outcome.findings.map((finding) => findingItem(outcome, finding, events));
  const passed = showPassed ? outcome.passed.map(passedItem) : [];
  if (found.length + passed.length === 0) return element('p', { class: 'nothing dim' }, 'Nothing was found.');
  return element('ul', { class: 'findings', 'aria-label': 'Findings' }, ...found, ...passed);
}

function findingItem(outcome: CheckOutcome, finding: CheckFinding, events: FindingEvents): HTMLElement {
  const { title, severity, message, hint, rows, fix } = finding;
  const mark = icon(severity === 'info' ? 'info' : severity === 'warning' ? 'warning' : 'error');
  mark.setAttribute('role', 'img');
  mark.setAttribute('aria-label', SEVERITY_NAMES[severity]);
  mark.removeAttribute('aria-hidden');
  return element(
    'li',
    { class: `finding ${severity}` },
    mark,
    element(
      'div',
      { class: 'what' },
      element('span', { class: 'title' }, title),
      element('p', { class: 'dim' }, element('bdi', {}, hint === undefined ? message : `${message} ${hint}`)),
    ),
    element(
      'div',
      { class: 'many' },
      element('span', {}, count(finding.count)),
      element('span', { class: 'dim' }, `${rows.length > 0 ? 'rows, ' : ''}${shareText(finding.share)}`),
    ),
    element(
      'div',
      { class: 'first-rows' },
      ...rows
        .slice(0, LINKED_ROWS)
        .map((row, nth) => button(`row ${count(row)}`, () => events.onRows(outcome, finding, nth), { class: 'link' })),
    ),
    element(
      'div',
      { class: 'actions' },
      rows.length > 0 ? showRows(title, () => events.onRows(outcome, finding, 0)) : undefined,
      fix ? fixButton(title, fix, () => events.onFix(finding)) : undefined,
    ),
  );
}

function showRows(title: string, onClick: () => void): HTMLButtonElement {
  return button('Show Rows', onClick, { 'aria-label': `Show Rows: ${title}` });
}

function fixButton(title: string, fix: NonNullable<CheckFinding['fix']>, onClick: () => void): HTMLButtonElement {
  const made = button('Fix into New File', onClick, { 'aria-label': `Fix into New File: ${title}` });
  made.title = `${fix.description} ${counted(fix.count, 'row')}; this file stays as it is.`;
  return made;
}

function passedItem({ title }: { readonly title: string }): HTMLElement {
  const mark = icon('check');
  return element('li', { class: 'finding passed' }, mark, element('span', { class: 'dim' }, `${title}: none`));
}

const shareText = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

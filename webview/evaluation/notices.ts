/** What a reader has to know before the numbers: overlap with the training data, rows that are in no measure, changed data. */

import { overlapLines, problemText } from '../../src/core/evaluations/describe-report.ts';
import type { EvaluationReport } from '../../src/core/evaluations/report.ts';
import type { Outcome, Problem } from '../../src/protocol/dataset-viewer.ts';
import type { DataState } from '../../src/protocol/evaluation-page.ts';
import { button, element } from '../dataset/elements.ts';
import { count } from '../run/text.ts';
import { notice } from '../ui/notice.ts';

export function noticesOf(report: EvaluationReport): HTMLElement[] {
  const { rows, problems, overlap } = report;
  const notices = overlapLines(report).map((line) => warning(sentence(line)));
  const left = rows.unusable + rows.failed;
  if (left > 0) {
    const failed = rows.failed > 0 ? ` ${count(rows.failed)} of them got no grade.` : '';
    notices.push(
      warning(
        element(
          'details',
          { class: 'problems' },
          element('summary', {}, `${count(left)} of ${count(left + rows.graded)} are in no measure.${failed}`),
          ...problems.map((problem) => element('p', {}, problemText(problem, rows))),
        ),
      ),
    );
  }
  if (overlap && overlap.rows === 0 && overlap.files.every(({ state }) => state === 'same')) {
    notices.push(
      element('p', { class: 'dim' }, `None of the ${count(overlap.prompts)} prompts is in the training data.`),
    );
  }
  return notices;
}

/** Undefined where the data are those that were measured on. */
export function dataNotice(
  state: Outcome<DataState, Problem>,
  { created_at, data }: EvaluationReport,
  onAgain: () => void,
): HTMLElement | undefined {
  if (!state.ok) return state.fault.cancelled ? undefined : warning(state.fault.message);
  if (state.value === 'same' || state.value === 'unknown') return undefined;
  const when = new Date(created_at).toLocaleString('en-GB');
  if (state.value === 'gone') return warning(`The data are not there any more: ${data.path}.`);
  return warning(
    `The data have changed since ${when}: the numbers are of the rows as they were.`,
    button('Evaluate Again', onAgain),
  );
}

export function warning(said: string | HTMLElement, ...actions: HTMLElement[]): HTMLElement {
  return notice('warning', typeof said === 'string' ? element('span', {}, said) : said, ...actions);
}

/** "warning: 3 of 4 prompts ..." of a terminal as a sentence of a page. */
function sentence(line: string): string {
  const text = line.replace(/^warning: /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');
}

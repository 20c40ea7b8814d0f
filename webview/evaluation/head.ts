/** The head of the page: which model on which data, on which scale, and what can be done with it. */

import { derivedText, gradedText } from '../../src/core/evaluations/describe-report.ts';
import type { EvaluationReport } from '../../src/core/evaluations/report.ts';
import { METHODS } from '../../src/core/methods/method.ts';
import type { ExportFormat } from '../../src/protocol/evaluation-page.ts';
import { button, element } from '../dataset/elements.ts';
import { clock, duration } from '../run/text.ts';

export interface HeadEvents {
  readonly onAgain: () => void;
  readonly onCompare: () => void;
  readonly onData: () => void;
  readonly onRun: () => void;
  readonly onExport: (format: ExportFormat) => void;
}

const SCALES: Readonly<Record<EvaluationReport['grader']['scale'], string>> = {
  'logit-within-prompt': 'logits, comparable within one prompt',
  'score-0-4': 'score 0 to 4',
  'preference-a-b-tie': 'A, B or tie; positive favours A',
};

/** As the side bar names engines. */
const KINDS: Readonly<Record<string, string>> = {
  embedded: 'embedded',
  'local-model': 'served by PyTorch',
  'reward-endpoint': 'reward endpoint',
  'judge-endpoint': 'judge endpoint',
};

export function headOf(report: EvaluationReport, events: HeadEvents): HTMLElement {
  const { grader, data, rows, run } = report;
  const name = data.path.split(/[\\/]/).at(-1) ?? data.path;
  const facts: [string, string, string?][] = [
    ['', METHODS[grader.method].title],
    ['scale', SCALES[grader.scale]],
    ['model', `${KINDS[grader.kind] ?? grader.kind}${trainedText(grader.trained_at)}`, grader.model],
    ['data', `${name}, ${gradedText(rows)}`, data.path],
    ['read as', data.shape.title],
    ['', derivedText(report)],
    ['seed', String(report.seed)],
    ['measured', `${clock(report.created_at)}, took ${duration(report.took_seconds)}`],
  ];
  return element(
    'header',
    { class: 'run-header' },
    element(
      'div',
      { class: 'title-row' },
      element('h1', {}, element('bdi', {}, grader.name), ' on ', element('bdi', {}, name)),
      element('span', { class: 'spring' }),
      element(
        'span',
        { class: 'actions' },
        button('Evaluate Again', events.onAgain),
        button('Compare with\u2026', events.onCompare),
        button('Open Data', events.onData),
        run ? button('Open Run', events.onRun) : undefined,
        button('JSON', () => events.onExport('json'), { 'aria-label': 'Export as JSON', title: 'Export as JSON' }),
        button('CSV', () => events.onExport('csv'), { 'aria-label': 'Export as CSV', title: 'Export as CSV' }),
      ),
    ),
    element(
      'p',
      { class: 'facts' },
      ...facts
        .filter(([, value]) => value !== '')
        .map(([label, value, title]) =>
          element(
            'span',
            { class: 'fact', title },
            label === '' ? undefined : element('span', { class: 'dim' }, `${label} `),
            value,
          ),
        ),
    ),
  );
}

/** Of an endpoint nobody tells when it was trained. */
const trainedText = (trainedAt: string): string => (trainedAt === '' ? '' : `, trained ${clock(trainedAt)}`);

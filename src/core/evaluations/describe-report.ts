/** A report as text for a terminal: the same numbers as the page shows. */

import { baselineTitle, describeEvaluation, formatNumber, measureTitle } from '../methods/describe-evaluation.ts';
import { findMethod, METHODS } from '../methods/method.ts';
import type { EvaluationReport, ReportProblem, Slicing, WorstRow } from './report.ts';

const WORST_SHOWN = 10;
const LONGEST = 100;

/** What every number stands on, before the numbers. */
export function describeReport(report: EvaluationReport): string[] {
  const { grader, data, evaluation, rows, slicings, confusion, calibration, worst } = report;
  return [
    `${METHODS[grader.method].title} model ${grader.name} on ${data.path}: ${gradedText(rows)}`,
    `scale ${grader.scale}, read as ${data.shape.title}, seed ${report.seed}`,
    ...(derivedText(report) === '' ? [] : [derivedText(report)]),
    ...describeEvaluation(evaluation),
    ...overlapLines(report),
    ...report.problems.map((problem) => `warning: ${problemText(problem, rows)}`),
    ...slicings.flatMap((slicing) => ['', ...slicingLines(slicing)]),
    ...(confusion ? ['', ...confusionLines(confusion)] : []),
    ...(calibration ? ['', `expected calibration error ${formatNumber(calibration.error)} (n ${calibration.n})`] : []),
    ...(worst.length === 0 ? [] : ['', 'worst rows', ...worst.slice(0, WORST_SHOWN).map(worstLine)]),
  ];
}

/** "83 of 84 rows graded", or "2,616 records of 500 rows graded" where a row holds several. */
export function gradedText(rows: EvaluationReport['rows']): string {
  const [graded, total] = [rows.graded, rows.total].map((value) => value.toLocaleString('en'));
  return hasSeveral(rows) ? `${graded} records of ${total} rows graded` : `${graded} of ${total} rows graded`;
}

/** Where the records were made of others, of which. */
export function derivedText({ data }: EvaluationReport): string {
  if (data.derived_from === null) return '';
  const method = findMethod(data.derived_from)?.title ?? data.derived_from;
  return `its rows are made for ${method}, and were converted`;
}

const hasSeveral = ({ records, total }: EvaluationReport['rows']): boolean => records > total;

/** "3 rows could not be used (label-out-of-range): first in row 17, "score": ...". */
export function problemText({ kind, reason, rows, first }: ReportProblem, of: EvaluationReport['rows']): string {
  const unit = `${hasSeveral(of) ? 'record' : 'row'}${rows === 1 ? '' : 's'}`;
  const what = {
    malformed: rows === 1 ? 'line could not be read' : 'lines could not be read',
    unusable: `${unit} could not be used (${reason})`,
    failed: `${unit} got no grade (${reason})`,
  }[kind];
  const place = first.line !== null ? `line ${first.line}` : first.row !== null ? `row ${first.row}` : '';
  return `${rows} ${what}; first${place === '' ? '' : ` in ${place}`}: ${first.message}`;
}

/** What an overlap with the training data means, in one sentence each; nothing where there is none. */
export function overlapLines({ overlap, rows }: EvaluationReport): string[] {
  if (!overlap) return ['warning: it is not known what the model was trained on'];
  const { files, shared_prompts: shared, prompts } = overlap;
  const unread = files.filter(({ state }) => state === 'unreadable');
  const changed = files.filter(({ state }) => state === 'changed');
  return [
    ...(shared > 0
      ? [
          `warning: ${shared} of ${prompts} prompts, in ${overlap.rows} of ${rows.graded} rows, are also in the training data: the measures read high`,
        ]
      : []),
    ...unread.map(({ path, message }) => `warning: not compared with the training data ${path}: ${message}`),
    ...changed.map(({ path }) => `warning: the training data ${path} have changed since the training`),
  ];
}

function slicingLines({ by, kind, slices, without }: Slicing): string[] {
  const [first] = slices;
  const name = first?.evaluation.measures[0]?.name;
  const head = `by ${kind === 'column' ? `column ${by}` : by}${name ? `: ${measureTitle(name)}` : ''}`;
  const lines = slices.map(({ value, evaluation, differs }) => {
    const [measure] = evaluation.measures;
    if (!measure) return `  ${value}`;
    const baseline = evaluation.baselines.find((each) => each.measure.name === measure.name);
    const beside = baseline ? `, ${baselineTitle(baseline)} ${formatNumber(baseline.measure.value)}` : '';
    const [low, high] = measure.interval;
    const mark = differs === null ? '' : ` ${differs.toUpperCase()}`;
    return `  ${value}: ${formatNumber(measure.value)} (${formatNumber(low)} to ${formatNumber(high)}, n ${measure.n}${beside})${mark}`;
  });
  return [head, ...lines, ...(without > 0 ? [`  ${without} rows have none`] : [])];
}

function confusionLines({ labels, cells }: NonNullable<EvaluationReport['confusion']>): string[] {
  const widest = Math.max(
    ...cells.flat().map((count) => String(count).length),
    ...labels.map(({ length }) => length),
    5,
  );
  const line = (head: string, parts: readonly (string | number)[]) =>
    `  ${[head, ...parts.map(String)].map((part) => part.padStart(widest)).join('  ')}`;
  return [
    'answers (columns) to each label (rows)',
    line('', labels),
    ...cells.map((row, label) => line(labels[label] ?? '', row)),
  ];
}

function worstLine({ row, label, answer, wrong_by, prompt }: WorstRow): string {
  const text = prompt.length > LONGEST ? `${prompt.slice(0, LONGEST)}\u2026` : prompt;
  return `  row ${row}: label ${label}, answer ${answer}, wrong by ${formatNumber(wrong_by)}: ${text}`;
}

/** The numbers of a report as CSV, one a line: for spreadsheets and data frames. */

import type { Evaluation, Measure } from '../methods/evaluation.ts';
import type { EvaluationReport } from './report.ts';

const HEAD = ['part', 'by', 'slice', 'name', 'value', 'low', 'high', 'n', 'differs'];

export function reportCsv(report: EvaluationReport): string {
  const lines = [
    ...evaluationLines(report.evaluation, '', '', ''),
    ...report.slicings.flatMap(({ by, slices }) =>
      slices.flatMap(({ value, evaluation, differs }) => evaluationLines(evaluation, by, value, differs ?? '')),
    ),
    ...(report.confusion?.cells ?? []).flatMap((cells, label) =>
      cells.map((count, answer) => [
        'confusion',
        report.confusion?.labels[label],
        '',
        report.confusion?.labels[answer],
        count,
      ]),
    ),
    ...report.histograms.flatMap(({ title, edges, series }) =>
      series.flatMap(({ name, counts }) =>
        counts.map((count, bin) => ['histogram', title, name, 'count', count, edges[bin], edges[bin + 1]]),
      ),
    ),
    ...(report.calibration?.bins ?? []).map(({ from, to, n, confidence, right, interval }) => [
      'calibration',
      `${from} to ${to}`,
      '',
      confidence,
      right,
      ...interval,
      n,
    ]),
    ...report.worst.map(({ row, label, answer, wrong_by }) => [
      'worst',
      `row ${row}`,
      `label ${label}`,
      answer,
      wrong_by,
    ]),
  ];
  return `${[HEAD, ...lines].map((cells) => HEAD.map((_, at) => cellText(cells[at])).join(',')).join('\n')}\n`;
}

function evaluationLines({ measures, baselines }: Evaluation, by: string, slice: string, differs: string) {
  const line = (part: string, name: string, { value, interval, n }: Measure) => [
    part,
    by,
    slice,
    name,
    value,
    ...interval,
    n,
  ];
  return [
    ...measures.map((measure, at) => [...line('measure', measure.name, measure), at === 0 ? differs : '']),
    ...baselines.map(({ baseline, measure }) => line('baseline', `${baseline} ${measure.name}`, measure)),
  ];
}

/** A cell that a spreadsheet would take for a formula is made text: names of slices come from data. */
function cellText(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

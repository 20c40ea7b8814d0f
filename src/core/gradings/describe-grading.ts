/** A finished grading as text: the same numbers wherever it is told. */

import { problemText } from '../evaluations/describe-report.ts';
import { isRemoteKind } from '../graders/grader.ts';
import { KIND_TITLES, SCALE_TITLES } from '../graders/registry/describe-entry.ts';
import { describeEvaluation, formatNumber } from '../methods/describe-evaluation.ts';
import type { GradedKind } from './graded-rows.ts';
import type { GradingSpec, GradingSummary } from './grading-store.ts';

const number = (value: number): string => value.toLocaleString('en');

/** "2,308 rows graded", "2,300 of 2,308 rows graded, 8 failed". */
export function gradedRowsText({ rows }: Pick<GradingSummary, 'rows'>): string {
  const { total, graded, failed, unusable } = rows;
  const parts = [
    graded === total ? `${number(total)} rows graded` : `${number(graded)} of ${number(total)} rows graded`,
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
    ...(unusable > 0 ? [`${number(unusable)} could not be used`] : []),
  ];
  return parts.join(', ');
}

/** What verdicts the rows got, by the names of the responses. */
export function verdictTexts(kind: GradedKind, { verdicts }: Pick<GradingSummary, 'verdicts'>): string[] {
  if (!verdicts) return [];
  const names =
    kind === 'preference-pair' ? { A: 'chosen', B: 'rejected', tie: 'tie' } : { A: 'A', B: 'B', tie: 'tie' };
  const all = verdicts.A + verdicts.B + verdicts.tie;
  const share = (count: number) => (all === 0 ? '' : ` (${((100 * count) / all).toFixed(1)} %)`);
  return (['A', 'B', 'tie'] as const).map(
    (verdict) => `${names[verdict]} ${number(verdicts[verdict])}${share(verdicts[verdict])}`,
  );
}

/** The share of responses that pass, with its interval; undefined where no mark was set. */
export function passText({ pass }: Pick<GradingSummary, 'pass'>): string | undefined {
  if (!pass) return undefined;
  const mark =
    pass.by === 'score' ? `a score of at least ${pass.at}` : `at least the percentile ${pass.at} of the training data`;
  if (pass.share === null) return `pass rate (${mark}): no response has that number`;
  const [low, high] = pass.interval as [number, number];
  return `pass rate (${mark}) ${formatNumber(pass.share)} (95 % interval ${formatNumber(low)} to ${formatNumber(high)}, n ${pass.n})`;
}

/** Lines for a terminal or a document. */
export function describeGrading(spec: GradingSpec, summary: GradingSummary): string[] {
  const { grader, title, kind, seed } = spec;
  const pass = passText(summary);
  const verdicts = verdictTexts(kind, summary);
  return [
    `${grader.name} (${isRemoteKind(grader.kind) ? grader.model : KIND_TITLES[grader.kind]}): ${gradedRowsText(summary)}`,
    `scale: ${SCALE_TITLES[grader.scale]}; rows read as ${title}; seed ${seed}`,
    ...summary.problems.map(
      (problem) =>
        `warning: ${problemText(problem, { ...summary.rows, records: summary.items, graded: summary.items })}`,
    ),
    '',
    ...seriesLines(summary),
    ...(verdicts.length === 0 ? [] : [`verdicts: ${verdicts.join(', ')}`]),
    ...(pass === undefined ? [] : [pass]),
    ...(summary.agreement ? ['', 'against the labels of the rows', ...describeEvaluation(summary.agreement)] : []),
  ];
}

const HEAD = ['', 'n', 'mean', '5 %', '25 %', 'median', '75 %', '95 %'];

function seriesLines({ series }: GradingSummary): string[] {
  const figure = (value: number | null | undefined) => (value == null ? '-' : formatNumber(value));
  const rows = series.map(({ name, n, mean, quantiles }) => [name, number(n), figure(mean), ...quantiles.map(figure)]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

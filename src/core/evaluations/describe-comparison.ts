/** A comparison of two evaluations as text for a terminal: the same numbers as the page shows. */

import { formatNumber, measureTitle } from '../methods/describe-evaluation.ts';
import type { Disagreement, EvaluationComparison, PairedDifference } from './comparison.ts';
import type { EvaluationReport } from './report.ts';

const ROWS_PRINTED = 20;

export function describeComparison(
  comparison: EvaluationComparison,
  { grader: a, data }: EvaluationReport,
  { grader: b }: EvaluationReport,
): string[] {
  const { n, gradedByOne, differences, bothRight, bothWrong, onlyA, onlyB, undecided } = comparison;
  return [
    `A ${a.name}, B ${b.name} on ${data.path}: ${n.toLocaleString('en')} records that both graded`,
    ...(gradedByOne.a + gradedByOne.b === 0
      ? []
      : [`warning: ${gradedByOne.a} records were graded by A alone, ${gradedByOne.b} by B alone, and are left out`]),
    ...differences.map(differenceLine),
    conclusionText(comparison, a.name, b.name),
    '',
    `both right ${bothRight}, only A right ${onlyA.records}, only B right ${onlyB.records}, both wrong ${bothWrong}${undecided === 0 ? '' : `, equal scores ${undecided}`}`,
    rowsLine('only A right', onlyA),
    rowsLine('only B right', onlyB),
  ].filter((line, at, all) => line !== '' || all[at - 1] !== '');
}

function differenceLine({ name, a, b, difference, interval: [low, high], better }: PairedDifference): string {
  const signed = `${difference > 0 ? '+' : ''}${formatNumber(difference)}`;
  return `${measureTitle(name)}: A ${formatNumber(a)}, B ${formatNumber(b)}, B minus A ${signed} (95 % interval ${formatNumber(low)} to ${formatNumber(high)}, ${better} is better)`;
}

/** What the test says, in one sentence that does not say more. */
export function conclusionText({ onlyA, onlyB, p }: EvaluationComparison, a: string, b: string): string {
  const test = `McNemar's test, mid-P ${p < 0.001 ? 'below 0.001' : formatNumber(p)}, on the ${onlyA.records + onlyB.records} records that one alone has right`;
  if (onlyA.records + onlyB.records === 0) return 'No record is right by one and wrong by the other.';
  if (p >= 0.05) return `Neither is shown to be better: ${test}.`;
  return `${onlyB.records > onlyA.records ? b : a} is right more often: ${test}.`;
}

function rowsLine(title: string, { records, rows }: Disagreement): string {
  if (records === 0) return `${title}: no row`;
  const shown = rows.slice(0, ROWS_PRINTED);
  return `${title}: rows ${shown.join(', ')}${records > shown.length ? ', and more' : ''}`;
}

/** Two evaluations of the same file, record by record: which of two graders is better, and on which rows. */

import { StudioError } from '../errors.ts';
import type { MeasureName } from '../methods/evaluation.ts';
import { meanInterval } from '../methods/intervals.ts';
import { mcnemarMidP, pairedShareInterval } from '../methods/paired.ts';
import type { Disagreement, EvaluationComparison, PairedDifference } from './comparison.ts';
import { creditsOf, errorsOf, MOST_OUTCOMES, rowsOf } from './outcomes.ts';
import type { EvaluationReport, Outcomes } from './report.ts';

const ROWS_NAMED = 100;

/**
 * @throws StudioError 'usage' where the two are not of the same records, 'not-available' where a report does not hold them
 */
export function compareEvaluations(a: EvaluationReport, b: EvaluationReport): EvaluationComparison {
  requireSameRecords(a, b);
  const [ofA, ofB] = [outcomesOf(a), outcomesOf(b)];
  if (ofA.right.length !== ofB.right.length) throw incomparable('they read the file into different records');
  const [creditsA, creditsB] = [creditsOf(ofA), creditsOf(ofB)];
  const rows = rowsOf(ofA);
  const both: number[] = [];
  const gradedByOne = { a: 0, b: 0 };
  for (const [at, credit] of creditsA.entries()) {
    const other = creditsB[at];
    if (credit !== undefined && other !== undefined) both.push(at);
    else if (credit !== undefined) gradedByOne.a++;
    else if (other !== undefined) gradedByOne.b++;
  }
  if (both.length === 0) throw incomparable('no record was graded by both');
  const onlyA = both.filter((at) => creditsA[at] === 1 && creditsB[at] === 0);
  const onlyB = both.filter((at) => creditsA[at] === 0 && creditsB[at] === 1);
  const bothRight = both.filter((at) => creditsA[at] === 1 && creditsB[at] === 1).length;
  const bothWrong = both.filter((at) => creditsA[at] === 0 && creditsB[at] === 0).length;
  const named = (places: readonly number[]): Disagreement => ({
    records: places.length,
    rows: [...new Set(places.slice(0, ROWS_NAMED).map((at) => rows[at]!))],
  });
  return {
    n: both.length,
    gradedByOne,
    differences: [
      shareDifference(a.grader.method === 'bradley-terry' ? 'pair-accuracy' : 'exact-accuracy', both, [
        creditsA,
        creditsB,
      ] as [number[], number[]]),
      ...errorDifference(ofA, ofB, both),
    ],
    bothRight,
    bothWrong,
    onlyA: named(onlyA),
    onlyB: named(onlyB),
    undecided: both.length - bothRight - bothWrong - onlyA.length - onlyB.length,
    p: mcnemarMidP(onlyA.length, onlyB.length),
  };
}

function shareDifference(
  name: MeasureName,
  places: readonly number[],
  [a, b]: readonly [readonly number[], readonly number[]],
): PairedDifference {
  const [meanA, meanB] = [meanOf(places.map((at) => a[at]!)), meanOf(places.map((at) => b[at]!))];
  const interval = pairedShareInterval(places.map((at) => b[at]! - a[at]!));
  return { name, a: meanA, b: meanB, difference: meanB - meanA, interval, better: 'higher' };
}

function errorDifference(ofA: Outcomes, ofB: Outcomes, places: readonly number[]): PairedDifference[] {
  const [a, b] = [errorsOf(ofA), errorsOf(ofB)];
  if (!a || !b) return [];
  const [sizesA, sizesB] = [places.map((at) => Math.abs(a[at]!)), places.map((at) => Math.abs(b[at]!))];
  const differences = sizesB.map((size, at) => size - sizesA[at]!);
  const difference = meanOf(differences);
  const squares = differences.reduce((total, each) => total + (each - difference) ** 2, 0);
  return [
    {
      name: 'mean-absolute-error',
      a: meanOf(sizesA),
      b: meanOf(sizesB),
      difference,
      interval: meanInterval(difference, squares, differences.length),
      better: 'lower',
    },
  ];
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether the two are of the same records, whatever came of them. */
export const isOfSameRecords = (a: EvaluationReport, b: EvaluationReport): boolean => differingIn(a, b) === undefined;

function requireSameRecords(a: EvaluationReport, b: EvaluationReport): void {
  const differs = differingIn(a, b);
  if (differs) throw incomparable(differs);
}

function differingIn(a: EvaluationReport, b: EvaluationReport): string | undefined {
  if (a.data.fingerprint !== b.data.fingerprint) return 'they are of different data, or the data changed between them';
  if (a.grader.method !== b.grader.method)
    return 'one grades as Bradley-Terry, pointwise or pairwise, the other otherwise';
  if (a.data.shape.id !== b.data.shape.id || JSON.stringify(a.data.map) !== JSON.stringify(b.data.map)) {
    return 'they read the columns of the file differently';
  }
  if (a.seed !== b.seed) return `their seeds differ (${a.seed} and ${b.seed})`;
  return undefined;
}

const incomparable = (why: string): StudioError =>
  new StudioError('usage', `The two evaluations cannot be compared: ${why}.`, {
    hint: 'Evaluate both graders on the same file with the same seed and columns.',
  });

function outcomesOf({ outcomes, grader, rows }: EvaluationReport): Outcomes {
  if (outcomes) return outcomes;
  throw new StudioError(
    'not-available',
    rows.records > MOST_OUTCOMES
      ? `The evaluation of ${grader.name} is of more than ${MOST_OUTCOMES.toLocaleString('en')} records: what came of each is not kept.`
      : `The evaluation of ${grader.name} does not say what came of each row: an older version made it.`,
    {
      hint: rows.records > MOST_OUTCOMES ? 'Compare on a part of the file.' : 'Evaluate it again on the same file.',
    },
  );
}

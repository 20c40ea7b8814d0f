import { describe, expect, it } from 'vitest';
import type { GradedItem, RowGrades, UngradedItem } from '../../../src/core/gradings/grade-row.ts';
import { type ColumnFacts, gradeColumns } from '../../../src/core/gradings/grading-columns.ts';
import { gradesInRow, measuresOfGrading } from '../../../src/core/gradings/written-grades.ts';

const FACTS: ColumnFacts = {
  kind: 'preference-pair',
  scale: 'logit-within-prompt',
  several: false,
  reasons: false,
  percentiles: true,
  probabilities: true,
};
const pair = (margin: number): GradedItem => ({
  scores: [1, 1 - margin],
  comparison: { margin, verdict: margin > 0 ? 'A' : 'B', probability: 0.5, probabilities: null },
});
const UNGRADED: UngradedItem = { problem: 'failed', code: 'not-available', message: 'It cannot answer now.' };

/** Written as a grading writes a row, and read back. */
function readBack(facts: Partial<ColumnFacts>, items: readonly (GradedItem | UngradedItem)[], taken: string[] = []) {
  const all = { ...FACTS, ...facts };
  const { columns, cells } = gradeColumns(all, taken);
  const names = columns.map(({ name }) => name);
  const values = cells({ items } as unknown as RowGrades);
  const row = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name, at) => [name, values[at]]))));
  const grader = { scale: all.scale } as Parameters<typeof measuresOfGrading>[0]['grader'];
  return {
    grades: gradesInRow(row, all, names),
    measures: measuresOfGrading({ kind: all.kind, grader }, names).map(({ id }) => id),
  };
}

describe('grades that were written into rows', () => {
  it('of a pair: each response has its score, and the margin from its side', () => {
    const { grades, measures } = readBack({}, [pair(0.4)]);
    expect(measures).toEqual(['margin']);
    expect(grades).toMatchObject([
      { response: 'chosen', grade: { score: 1, comparison: { margin: 0.4 } } },
      { response: 'rejected', grade: { score: 0.6, comparison: { margin: -0.4 } } },
    ]);
  });

  it('beside grades of an earlier grading, those of this one', () => {
    const { grades } = readBack({}, [pair(0.4)], ['grade_margin']);
    expect(grades[0]?.grade).toMatchObject({ comparison: { margin: 0.4 } });
  });

  it('of one response: the score by its scale, the percentile where there is one', () => {
    const response = { kind: 'response', percentiles: false } as const;
    expect(readBack(response, [{ scores: [2] }]).measures).toEqual([]);
    const scored = readBack({ ...response, scale: 'score-0-4', percentiles: true }, [{ scores: [2], percentile: 9 }]);
    expect(scored.measures).toEqual(['score', 'percentile']);
    expect(scored.grades).toEqual([
      { response: 'response', isOneOfSeveral: false, grade: { score: 2, percentile: 9 } },
    ]);
  });

  it('a verdict is said once, of the first response', () => {
    const verdict: GradedItem = { ...pair(-0.1), scores: [null, null] };
    const { grades, measures } = readBack({ scale: 'preference-a-b-tie' }, [verdict]);
    expect(measures).toEqual(['probability']);
    expect(grades).toMatchObject([{ response: 'chosen', grade: { comparison: { probability: 0.5 } } }]);
  });

  it('a row without a grade has none, and is no 0', () => {
    expect(readBack({}, [UNGRADED]).grades).toEqual([{ response: 'chosen', isOneOfSeveral: false, grade: undefined }]);
  });

  it('of a row of several records each, with the error of its own', () => {
    const { grades } = readBack({ several: true }, [pair(0.4), UNGRADED]);
    expect(grades.map(({ response, isOneOfSeveral, grade }) => [response, isOneOfSeveral, grade?.score])).toEqual([
      ['chosen', true, 1],
      ['rejected', true, 0.6],
      ['chosen', true, undefined],
    ]);
  });
});

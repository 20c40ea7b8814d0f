/** What a person has to say before rows can be used, because their labels or scores could mean two things. */

import type { MethodId } from '../methods/method.ts';
import type { Column } from './dataset.ts';
import type { ColumnMap } from './formats/binding.ts';
import { numberOf } from './formats/text.ts';
import type { Candidate, Recognition } from './recognise.ts';
import type { SampledRow } from './sample.ts';

export interface LabelQuestion {
  readonly question: string;
  /** The answers, the likelier columns first. */
  readonly readings: readonly LabelReading[];
}

/** One way to read a column. */
export interface LabelReading {
  readonly column: string;
  /** What its values mean: `1 first, 2 second, 0 tie`. */
  readonly meaning: string;
  /** What the sampled rows would be, so that a person can tell: `first better 40, second better 38, tie 6`. */
  readonly evidence: string;
  /** The answer, as `--map` takes it. */
  readonly map: ColumnMap;
}

/** Value -> what it means. */
interface Scale {
  readonly field: string;
  readonly meaning: string;
  readonly values: ReadonlyMap<number, string>;
}

/** A column with more values beside the scale than on it says something else. */
const LEAST_SHARE = 0.5;

const FIRST = 'first better';
const SECOND = 'second better';
const TIE = 'tie';

/** The readings of numeric A/B labels, by the field of the shape that reads them so. */
const COMPARISONS: readonly Scale[] = [
  {
    field: 'label_1_2_0',
    meaning: '1 first, 2 second, 0 tie',
    values: new Map([
      [1, FIRST],
      [2, SECOND],
      [0, TIE],
    ]),
  },
  {
    field: 'label_0_1_2',
    meaning: '0 first, 1 second, 2 tie',
    values: new Map([
      [0, FIRST],
      [1, SECOND],
      [2, TIE],
    ]),
  },
];

const ONE_TO_FIVE: Scale = {
  field: 'score_1_to_5',
  meaning: 'scores from 1 (worst) to 5 (best), written as 0 to 4',
  values: new Map([1, 2, 3, 4, 5].map((score) => [score, String(score)])),
};

/** For the methods whose records can be read in several ways, or only once a person says how: the question. */
export function labelQuestions(
  recognition: Recognition,
  columns: readonly Column[],
  sample: readonly SampledRow[],
): Partial<Record<MethodId, LabelQuestion>> {
  const questions: Partial<Record<MethodId, LabelQuestion>> = {};
  const ambiguous = ambiguousComparison(recognition);
  if (ambiguous) {
    const taken = ambiguous.format.columnOf(COMPARISONS.find(({ field }) => isFieldOf(ambiguous, field))!.field);
    questions.pairwise = {
      question: 'Which column says which response is better, and what do its numbers mean?',
      readings: readingsOf(COMPARISONS, columns, sample, taken),
    };
  }
  const refused = refusedScores(recognition);
  if (refused) {
    const guard = refused.format.shape.guards.find(({ refuse }) => refuse === 'one-to-five')!;
    const taken = refused.format.columnOf(guard.of);
    questions.pointwise = {
      question: 'Scores reach 5, and a model learns 0 to 4: which column holds scores from 1 to 5?',
      readings: readingsOf([ONE_TO_FIVE], columns, sample, taken),
    };
  }
  return questions;
}

/** The best comparison, where another of its family fits too. */
function ambiguousComparison({ candidates }: Recognition): Candidate | undefined {
  const fitting = candidates.filter(({ method, fits }) => method === 'pairwise' && fits);
  const [best] = fitting;
  const family = best?.format.shape.ambiguity?.family;
  if (best === undefined || family === undefined) return undefined;
  return fitting.filter(({ format }) => format.shape.ambiguity?.family === family).length > 1 ? best : undefined;
}

/** Scores that are there but refused, where no other shape of scores fits. */
function refusedScores({ candidates }: Recognition): Candidate | undefined {
  const scores = candidates.filter(({ method }) => method === 'pointwise');
  if (scores.some(({ fits }) => fits)) return undefined;
  return scores.find(
    ({ refused, format }) =>
      refused !== undefined && format.shape.guards.some(({ refuse }) => refuse === 'one-to-five'),
  );
}

const isFieldOf = ({ format }: Candidate, field: string) => Object.hasOwn(format.shape.fields, field);

/** Every column of which most sampled values are on a scale, read by each scale; the one that was recognised comes first. */
function readingsOf(
  scales: readonly Scale[],
  columns: readonly Column[],
  sample: readonly SampledRow[],
  recognised: string,
): LabelReading[] {
  const readings: LabelReading[] = [];
  columns.forEach(({ name }, index) => {
    // A name that stands twice cannot be mapped to one of the two.
    if (columns.findIndex((column) => column.name === name) !== index) return;
    const cells = sample.map((row) => row.cells[index]).filter((cell) => cell !== null && cell !== undefined);
    const values = cells.map(numberOf);
    for (const { field, meaning, values: scale } of scales) {
      const meanings = values.map((value) => (value === undefined ? undefined : scale.get(value)));
      const known = meanings.filter((found) => found !== undefined);
      if (known.length === 0 || known.length < meanings.length * LEAST_SHARE) continue;
      readings.push({ column: name, meaning, evidence: countsOf(meanings, scale), map: { [field]: name } });
    }
  });
  return readings.sort((a, b) => Number(b.column === recognised) - Number(a.column === recognised));
}

/** `first better 40, second better 38, tie 6`, in the order of the scale. */
function countsOf(meanings: readonly (string | undefined)[], scale: ReadonlyMap<number, string>): string {
  const countOf = (meaning: string | undefined) => meanings.filter((found) => found === meaning).length;
  const counts = [...scale.values()].map((meaning) => `${meaning}: ${countOf(meaning)}`);
  const others = countOf(undefined);
  return `of ${meanings.length} sampled: ${counts.join(', ')}${others === 0 ? '' : `, other values: ${others}`}`;
}

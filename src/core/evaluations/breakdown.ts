/** All that is counted of the rows that were graded: the whole, its slices and its distributions. It does not grow with the rows. */

import { completionText } from '../datasets/records.ts';
import type { Evaluation, Measure } from '../methods/evaluation.ts';
import { type EvaluationTally, type Judged, SCORES, tallyOf, VERDICTS } from '../methods/evaluation-tally.ts';
import { CalibrationTally } from './calibration-tally.ts';
import { differs } from './differs.ts';
import type { LabelledRecord, Verdict } from './judge-record.ts';
import { NamedSlices } from './named-slices.ts';
import { type NumericSlice, NumericSlices } from './numeric-slices.ts';
import type { Confusion, Histogram, SliceKind, Slicing } from './report.ts';
import { ScoreHistogram } from './score-histogram.ts';
import { WorstRows } from './worst-rows.ts';

/** A graded row with what it can be told apart by. */
export interface GradedRow {
  readonly row: number;
  readonly record: LabelledRecord;
  readonly verdict: Verdict;
  /** Of the columns by which rows are told apart, in their order. */
  readonly values: readonly (string | null | undefined)[];
  /** Whether the model was trained on this prompt; undefined where that is not known. */
  readonly seen: boolean | undefined;
}

const SEEN = 'prompt also in the training data';
const NEW = 'prompt not in the training data';

export class Breakdown {
  readonly #kind: LabelledRecord['kind'];
  readonly #columns: readonly string[];
  readonly #whole: EvaluationTally;
  readonly #seen: NamedSlices;
  readonly #byColumn: readonly NamedSlices[];
  readonly #byLabel: NamedSlices;
  readonly #byStrength: NumericSlices;
  readonly #byLength: NumericSlices;
  readonly #byDifference: NumericSlices;
  readonly #histograms: Histograms;
  readonly calibration = new CalibrationTally();
  readonly worst = new WorstRows();

  /** @param columns names of those by which rows are told apart */
  constructor(kind: LabelledRecord['kind'], columns: readonly string[]) {
    this.#kind = kind;
    this.#columns = columns;
    this.#whole = tallyOf(kind);
    this.#seen = new NamedSlices(kind, [NEW, SEEN]);
    this.#byColumn = columns.map(() => new NamedSlices(kind));
    this.#byLabel = new NamedSlices(kind, kind === 'scored-response' ? SCORES.map(String) : VERDICTS);
    this.#byStrength = new NumericSlices(kind);
    this.#byLength = new NumericSlices(kind);
    this.#byDifference = new NumericSlices(kind);
    this.#histograms = histogramsOf(kind);
  }

  get n(): number {
    return this.#whole.n;
  }

  add({ row, record, verdict, values, seen }: GradedRow): void {
    const { judged } = verdict;
    this.#whole.add(judged);
    this.#seen.add(seen === undefined ? null : seen ? SEEN : NEW, judged);
    for (const [at, slices] of this.#byColumn.entries()) slices.add(values[at], judged);
    this.#byLabel.add(labelOf(record), judged);
    this.#byStrength.add(strengthOf(record), judged);
    const lengths = lengthsOf(record);
    this.#byLength.add(lengths.length, judged);
    this.#byDifference.add(lengths.difference, judged);
    this.#histograms.add(judged, verdict.scores);
    this.calibration.add(judged);
    this.worst.add(row, record, verdict);
  }

  evaluation(): Evaluation {
    return this.#whole.evaluation();
  }

  confusion(): Confusion | null {
    const { classes } = this.#whole;
    if (!classes) return null;
    const labels = this.#kind === 'scored-response' ? SCORES.map(String) : [...VERDICTS];
    return { labels, cells: classes.cells };
  }

  histograms(): Histogram[] {
    return this.#histograms.parts.map((each) => each.histogram()).filter((each) => each !== null);
  }

  /** Only where there are two slices at least. */
  slicings(): Slicing[] {
    const whole = this.evaluation().measures[0];
    const texts = TEXTS[this.#kind];
    const named = (kind: SliceKind, by: string, slices: NamedSlices, sorted = true) =>
      slicing(kind, by, slices.slices(sorted), slices.without, whole);
    const numeric = (kind: SliceKind, by: string, slices: NumericSlices) => {
      const parts = slices.slices.map((slice) => ({ value: rangeText(slice), tally: slice.tally }));
      return slicing(kind, by, parts, slices.without, whole);
    };
    return [
      named('seen', 'training data', this.#seen, false),
      ...this.#byColumn.map((slices, at) => named('column', this.#columns[at]!, slices)),
      named('label', 'label', this.#byLabel, false),
      numeric('strength', 'label strength', this.#byStrength),
      numeric('length', texts.length, this.#byLength),
      numeric('length-difference', texts.difference, this.#byDifference),
    ].filter(({ slices }) => slices.length > 1);
  }
}

function slicing(
  kind: SliceKind,
  by: string,
  parts: readonly { readonly value: string; readonly tally: EvaluationTally }[],
  without: number,
  whole: Measure | undefined,
): Slicing {
  const slices = parts.map(({ value, tally }) => {
    const all = tally.evaluation();
    // Of rows with one label, always answering it is no baseline.
    const evaluation = kind === 'label' ? { ...all, baselines: [] } : all;
    return { value, evaluation, differs: differs(evaluation.measures[0], whole) };
  });
  return { kind, by, slices, without };
}

const TEXTS = {
  'preference-pair': {
    length: 'characters of the chosen response',
    difference: 'characters of the chosen response less those of the rejected one',
  },
  'scored-response': { length: 'characters of the response', difference: '' },
  'compared-responses': {
    length: 'characters of the longer response',
    difference: 'characters of the better response less those of the other one',
  },
} as const satisfies Record<LabelledRecord['kind'], object>;

function labelOf(record: LabelledRecord): string | null {
  if (record.kind === 'scored-response') return String(record.score);
  return record.kind === 'compared-responses' ? record.preferred : null;
}

function strengthOf(record: LabelledRecord): number | undefined {
  if (record.kind === 'preference-pair') return record.margin;
  return record.kind === 'compared-responses' ? record.strength : undefined;
}

function lengthsOf(record: LabelledRecord): { length: number; difference: number | undefined } {
  switch (record.kind) {
    case 'preference-pair': {
      const length = completionText(record.chosen).length;
      return { length, difference: length - completionText(record.rejected).length };
    }
    case 'scored-response':
      return { length: completionText(record.response).length, difference: undefined };
    case 'compared-responses': {
      const [a, b] = [completionText(record.responseA).length, completionText(record.responseB).length];
      const { preferred } = record;
      return {
        length: Math.max(a, b),
        difference: preferred === 'tie' ? undefined : preferred === 'A' ? a - b : b - a,
      };
    }
  }
}

/** The ends of a slice are rounded to two digits, as its rows were counted. */
function rangeText({ from, to }: NumericSlice): string {
  const text = (value: number) => value.toLocaleString('en').replace('-', '\u2212');
  return from === to ? text(from) : `${text(from)} to ${text(to)}`;
}

interface Histograms {
  readonly parts: readonly ScoreHistogram[];
  add(row: Judged, scores: Verdict['scores']): void;
}

function histogramsOf(kind: LabelledRecord['kind']): Histograms {
  switch (kind) {
    case 'preference-pair': {
      const margins = new ScoreHistogram('Margin, chosen minus rejected', 'logits', ['pairs']);
      const rewards = new ScoreHistogram('Reward of each response', 'logits', ['chosen', 'rejected']);
      return {
        parts: [margins, rewards],
        add(row, scores) {
          if (row.kind !== 'preference-pair') return;
          margins.add(0, row.margin);
          scores.forEach((score, at) => {
            if (score !== null) rewards.add(at, score);
          });
        },
      };
    }
    case 'scored-response': {
      const byLabel = new ScoreHistogram(
        'Score by label',
        'points, 0 to 4',
        SCORES.map((score) => `label ${score}`),
      );
      return {
        parts: [byLabel],
        add(row) {
          if (row.kind === 'scored-response') byLabel.add(row.label, row.score);
        },
      };
    }
    case 'compared-responses': {
      const margins = new ScoreHistogram(
        'Margin, A minus B, by label',
        'on the scale of the grader',
        VERDICTS.map((verdict) => (verdict === 'tie' ? 'tie' : `${verdict} is better`)),
      );
      return {
        parts: [margins],
        add(row) {
          if (row.kind === 'compared-responses') margins.add(VERDICTS.indexOf(row.preferred), row.margin);
        },
      };
    }
  }
}

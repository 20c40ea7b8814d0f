/** Evaluations counted row by row, from what was said of each row and its label. */

import type { Preference } from '../datasets/records.ts';
import { bestConstant, chance, chanceLoss, majorityClass, pickLonger } from './baselines.ts';
import type { Evaluation, Measure } from './evaluation.ts';
import { quadraticWeightedKappa, ranked, surprise } from './metrics.ts';
import { CellTally, MeanTally, ShareTally } from './tallies.ts';

/** Of a preference pair. */
export interface JudgedPair {
  readonly kind: 'preference-pair';
  /** Chosen minus rejected. */
  readonly margin: number;
  /** Of the chosen response being the better one, where it is known. */
  readonly probability: number | null;
  /** 1 where the chosen response is the longer one, one half where both are equally long. */
  readonly longer: number;
}

/** Of a response with a score. */
export interface JudgedScore {
  readonly kind: 'scored-response';
  /** 0 to 4. */
  readonly score: number;
  /** The whole score answered. */
  readonly answer: number;
  readonly label: number;
  /** Of the scores 0 to 4, where they are known. */
  readonly probabilities: readonly number[] | null;
}

/** Of two responses that were compared. */
export interface JudgedVerdict {
  readonly kind: 'compared-responses';
  /** A minus B. */
  readonly margin: number;
  readonly verdict: Preference;
  readonly preferred: Preference;
  /** Of A, B and tie, where they are known. */
  readonly probabilities: Readonly<Record<Preference, number>> | null;
  /** 1 where the better response is the longer one; null of a tie. */
  readonly longer: number | null;
}

export type Judged = JudgedPair | JudgedScore | JudgedVerdict;

export const SCORES: readonly number[] = [0, 1, 2, 3, 4];
export const VERDICTS: readonly Preference[] = ['A', 'B', 'tie'];

/** Counts rows of one kind. */
export interface EvaluationTally<J extends Judged = Judged> {
  readonly n: number;
  /** Labels against answers, where there are classes. */
  readonly classes: CellTally | null;
  add(row: J): void;
  /** @param other of the same kind */
  merge(other: EvaluationTally<J>): void;
  evaluation(): Evaluation;
}

/** A tally for rows of this kind, which takes no others. */
export function tallyOf(kind: Judged['kind']): EvaluationTally {
  switch (kind) {
    case 'preference-pair':
      return new PairTally() as EvaluationTally<never>;
    case 'scored-response':
      return new ScoreTally() as EvaluationTally<never>;
    case 'compared-responses':
      return new VerdictTally() as EvaluationTally<never>;
  }
}

/** Pair accuracy, log-loss, mean margin. */
export class PairTally implements EvaluationTally<JudgedPair> {
  readonly classes = null;
  readonly #right = new ShareTally();
  readonly #loss = new MeanTally();
  readonly #margin = new MeanTally();
  readonly #longer = new ShareTally();

  get n(): number {
    return this.#right.n;
  }

  add({ margin, probability, longer }: JudgedPair): void {
    this.#right.add(ranked(margin, 0));
    this.#margin.add(margin);
    this.#longer.add(longer);
    if (probability !== null) this.#loss.add(surprise(probability));
  }

  merge(other: PairTally): void {
    this.#right.merge(other.#right);
    this.#loss.merge(other.#loss);
    this.#margin.merge(other.#margin);
    this.#longer.merge(other.#longer);
  }

  evaluation(): Evaluation {
    const { n } = this;
    return {
      method: 'bradley-terry',
      n,
      measures: [this.#right.measure('pair-accuracy'), ...lossMeasure(this.#loss), this.#margin.measure('mean-margin')],
      baselines: [
        pickLonger('pair-accuracy', this.#longer),
        chance('pair-accuracy', n, 2),
        ...lossBaseline(this.#loss, 2),
      ],
    };
  }
}

/** Mean absolute error of the score, exact accuracy of the whole score, quadratic kappa, log-loss. */
export class ScoreTally implements EvaluationTally<JudgedScore> {
  readonly classes = new CellTally(SCORES.length);
  readonly #error = new MeanTally();
  readonly #loss = new MeanTally();

  get n(): number {
    return this.#error.n;
  }

  add({ score, answer, label, probabilities }: JudgedScore): void {
    this.classes.add(label, answer);
    this.#error.add(Math.abs(score - label));
    if (probabilities !== null) this.#loss.add(surprise(probabilities[label]!));
  }

  merge(other: ScoreTally): void {
    this.classes.merge(other.classes);
    this.#error.merge(other.#error);
    this.#loss.merge(other.#loss);
  }

  evaluation(): Evaluation {
    const { n, classes } = this;
    const labels = classes.labels.map((rows, label) => [label, rows] as const);
    return {
      method: 'pointwise',
      n,
      measures: [
        this.#error.measure('mean-absolute-error'),
        classes.agreement.measure('exact-accuracy'),
        quadraticWeightedKappa(classes.cells),
        ...lossMeasure(this.#loss),
      ],
      baselines: [
        bestConstant(labels),
        majorityClass(labels),
        chance('exact-accuracy', n, SCORES.length),
        ...lossBaseline(this.#loss, SCORES.length),
      ],
    };
  }
}

/**
 * Exact accuracy of the verdict; decided accuracy, for which a side must be chosen even where the verdict is a tie; log-loss.
 */
export class VerdictTally implements EvaluationTally<JudgedVerdict> {
  readonly classes = new CellTally(VERDICTS.length);
  readonly #decided = new ShareTally();
  readonly #longer = new ShareTally();
  readonly #loss = new MeanTally();
  n = 0;

  add({ margin, verdict, preferred, probabilities, longer }: JudgedVerdict): void {
    this.n++;
    this.classes.add(VERDICTS.indexOf(preferred), VERDICTS.indexOf(verdict));
    if (preferred !== 'tie') this.#decided.add(ranked(preferred === 'A' ? margin : -margin, 0));
    if (longer !== null) this.#longer.add(longer);
    if (probabilities !== null) this.#loss.add(surprise(probabilities[preferred]));
  }

  merge(other: VerdictTally): void {
    this.n += other.n;
    this.classes.merge(other.classes);
    this.#decided.merge(other.#decided);
    this.#longer.merge(other.#longer);
    this.#loss.merge(other.#loss);
  }

  evaluation(): Evaluation {
    const { n, classes } = this;
    const decided = this.#decided.n > 0;
    return {
      method: 'pairwise',
      n,
      measures: [
        classes.agreement.measure('exact-accuracy'),
        ...(decided ? [this.#decided.measure('decided-accuracy')] : []),
        ...lossMeasure(this.#loss),
      ],
      baselines: [
        majorityClass(classes.labels.map((rows, label) => [VERDICTS[label]!, rows] as const)),
        ...(decided
          ? [pickLonger('decided-accuracy', this.#longer), chance('decided-accuracy', this.#decided.n, 2)]
          : []),
        chance('exact-accuracy', n, VERDICTS.length),
        ...lossBaseline(this.#loss, VERDICTS.length),
      ],
    };
  }
}

/** Of those who give no probabilities there is no log-loss. */
const lossMeasure = (loss: MeanTally): Measure[] => (loss.n === 0 ? [] : [loss.measure('log-loss')]);
const lossBaseline = (loss: MeanTally, classes: number) => (loss.n === 0 ? [] : [chanceLoss(loss.n, classes)]);

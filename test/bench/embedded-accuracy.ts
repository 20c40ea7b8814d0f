/**
 * The accuracy of the embedded trainer on real human preferences: five-fold cross-validation grouped by prompt, every
 * row held out once, the default settings for every dataset. The folds and the training share one seed; the default
 * seed gives the figure and its interval, the other seeds its spread; a target is met where every seed meets it.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadRecords } from '../../src/core/datasets/load-records.ts';
import {
  type ComparedResponses,
  completionText,
  type PreferencePair,
  promptKey,
  type RowRecord,
  type ScoredResponse,
} from '../../src/core/datasets/records.ts';
import {
  evaluateEmbedded,
  pairEvaluation,
  scoreEvaluation,
  verdictEvaluation,
} from '../../src/core/engines/embedded/evaluate.ts';
import type { EmbeddedMethod } from '../../src/core/engines/embedded/model.ts';
import { randomIntegers, shuffle } from '../../src/core/engines/embedded/random.ts';
import {
  compareResponses,
  type ResponseComparison,
  type ResponseScore,
  scoreResponse,
} from '../../src/core/engines/embedded/score.ts';
import { trainEmbedded } from '../../src/core/engines/embedded/train.ts';
import { type EmbeddedRow, rowsOfMethod } from '../../src/core/engines/embedded/training-rows.ts';
import type { Evaluation, MeasureName } from '../../src/core/methods/evaluation.ts';
import { METHODS } from '../../src/core/methods/method.ts';

const FOLDS = 5;
const DEFAULT_SEED = 42;
const OTHER_SEEDS = [1, 2, 3, 4];

/** One figure of the bench as text for a table. */
export interface BenchRow {
  readonly what: string;
  readonly value: string;
  readonly target: string;
  /** Undefined where there is no target, or where it was skipped. */
  readonly met: boolean | undefined;
}

interface RealData {
  readonly title: string;
  readonly file: string;
  readonly method: EmbeddedMethod;
  /** The method its file is read for, where its comparisons are trained on as pairs. */
  readonly readAs?: EmbeddedMethod;
  /** What must hold of the pooled evaluation. */
  targets(
    evaluation: Evaluation,
  ): readonly { readonly what: MeasureName; readonly target: string; readonly met: boolean }[];
}

const DATA: readonly RealData[] = [
  {
    title: 'hh-rlhf harmless test',
    file: 'hh-rlhf-harmless-base-test.jsonl.gz',
    method: 'bradley-terry',
    targets: (evaluation) => [
      { what: 'pair-accuracy', target: '>= 0.63', met: measured(evaluation, 'pair-accuracy') >= 0.63 },
    ],
  },
  {
    title: 'PandaLM, majority vote',
    file: 'pandalm-testset-v1.jsonl.gz',
    method: 'pairwise',
    targets: (evaluation) => {
      const longer = baseline(evaluation, 'pick-longer', 'decided-accuracy') - 0.02;
      const majority = baseline(evaluation, 'majority-class', 'exact-accuracy');
      const decided = measured(evaluation, 'decided-accuracy');
      return [
        {
          what: 'exact-accuracy',
          target: `> ${majority.toFixed(3)}`,
          met: measured(evaluation, 'exact-accuracy') > majority,
        },
        { what: 'decided-accuracy', target: `>= ${longer.toFixed(3)}`, met: decided >= longer },
      ];
    },
  },
  {
    title: 'Prometheus, 0-4',
    file: 'prometheus-vicuna-mtbench-scored.jsonl.gz',
    method: 'pointwise',
    targets: (evaluation) => {
      const constant = baseline(evaluation, 'best-constant', 'mean-absolute-error');
      const error = measured(evaluation, 'mean-absolute-error');
      return [{ what: 'mean-absolute-error', target: `< ${constant.toFixed(3)}`, met: error < constant }];
    },
  },
  {
    title: 'fine-grained-rlhf QA, no ties',
    file: 'fine-grained-rlhf-qa-dev.jsonl.gz',
    method: 'bradley-terry',
    readAs: 'pairwise',
    targets: () => [],
  },
];

/** `root` is the folder of the project; the data lies in `../shared/data` beside it. Without it there is one row that says so. */
export async function embeddedAccuracyBench(root: string = process.cwd()): Promise<BenchRow[]> {
  const folder = path.resolve(root, '../shared/data');
  if (!existsSync(folder)) {
    return [{ what: 'embedded accuracy', value: `skipped: ${folder} is not there`, target: '', met: undefined }];
  }
  const rows: BenchRow[] = [];
  for (const data of DATA) {
    const records = await readData(path.join(folder, data.file), data);
    const evaluation = await crossValidate(records, data.method, DEFAULT_SEED);
    const others: Evaluation[] = [];
    for (const seed of OTHER_SEEDS) others.push(await crossValidate(records, data.method, seed));
    rows.push(...figures(data, evaluation, others));
    if (data.file.startsWith('hh-rlhf')) rows.push(await timing(data, records));
  }
  return rows;
}

function figures(data: RealData, evaluation: Evaluation, others: readonly Evaluation[]): BenchRow[] {
  const targets = data.targets(evaluation);
  const inAll = (what: MeasureName) =>
    [evaluation, ...others].every((each) => data.targets(each).every((target) => target.what !== what || target.met));
  const ofModel = evaluation.measures.map(({ name, value, n, interval: [low, high] }) => {
    const seeds = others.map((other) => measured(other, name).toFixed(3)).join(' ');
    const target = targets.find(({ what }) => what === name);
    return {
      what: `${data.title}: ${name}`,
      value: `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] n ${n}, other seeds ${seeds}`,
      target: target?.target ?? '',
      met: target && inAll(name),
    };
  });
  const ofBaselines = evaluation.baselines.map(({ baseline: name, answer, measure }) => ({
    what: `${data.title}: ${measure.name} of ${name}${answer === undefined ? '' : ` (${answer})`}`,
    value: `${measure.value.toFixed(3)} n ${measure.n}`,
    target: '',
    met: undefined,
  }));
  return [...ofModel, ...ofBaselines];
}

/** Features, fit and evaluation of all rows in a process whose code is warm; `training-time.ts` times whole processes. */
async function timing(data: RealData, records: readonly EmbeddedRow[]): Promise<BenchRow> {
  const started = performance.now();
  const { model } = await trainEmbedded({
    method: data.method,
    records,
    seed: DEFAULT_SEED,
    data: { fingerprint: '', path: data.file },
  });
  const trained = performance.now();
  evaluateEmbedded(model, records);
  const evaluated = performance.now();
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(2);
  return {
    what: `${data.title}: train ${records.length} pairs`,
    value: `${seconds(started, trained)} s, evaluate ${seconds(trained, evaluated)} s`,
    target: 'both <= 1.50 s',
    met: evaluated - started <= 1500,
  };
}

/** Predictions on every row by the model of the other four folds, as one evaluation. */
async function crossValidate(
  records: readonly EmbeddedRow[],
  method: EmbeddedMethod,
  seed: number,
): Promise<Evaluation> {
  const foldOf = foldsByPrompt(records, seed);
  const scores: ResponseScore[] = [];
  const comparisons: ResponseComparison[] = [];
  const heldOut: EmbeddedRow['record'][] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const train = records.filter((_, row) => foldOf[row] !== fold);
    const { model } = await trainEmbedded({ method, records: train, seed, data: { fingerprint: '', path: '' } });
    for (const { record } of records.filter((_, row) => foldOf[row] === fold)) {
      heldOut.push(record);
      if (record.kind === 'scored-response') scores.push(scoreResponse(model, record.prompt, record.response));
      else if (record.kind === 'preference-pair')
        comparisons.push(compareResponses(model, record.prompt, record.chosen, record.rejected));
      else comparisons.push(compareResponses(model, record.prompt, record.responseA, record.responseB));
    }
  }
  if (method === 'pointwise') return scoreEvaluation(heldOut as ScoredResponse[], scores);
  if (method === 'pairwise') return verdictEvaluation(heldOut as ComparedResponses[], comparisons);
  return pairEvaluation(heldOut as PreferencePair[], comparisons);
}

function foldsByPrompt(records: readonly EmbeddedRow[], seed: number): number[] {
  const keys = records.map(({ record }) => promptKey(record.prompt));
  const order = shuffle([...new Set(keys)], randomIntegers(seed));
  const fold = new Map(order.map((key, index) => [key, index % FOLDS]));
  return keys.map((key) => fold.get(key)!);
}

const measured = (evaluation: Evaluation, name: MeasureName): number =>
  evaluation.measures.find((measure) => measure.name === name)!.value;

const baseline = (evaluation: Evaluation, name: string, of: MeasureName): number =>
  evaluation.baselines.find((each) => each.baseline === name && each.measure.name === of)!.measure.value;

/** The usable records of a file, as the product reads them. */
async function readData(file: string, { method, readAs = method }: RealData): Promise<EmbeddedRow[]> {
  const { records } = await loadRecords(file, METHODS[readAs]);
  return rowsOfMethod(method, readAs === method ? records : decidedPairs(records), file);
}

/** The decided comparisons as preference pairs. */
function decidedPairs(rows: readonly RowRecord[]): RowRecord<PreferencePair>[] {
  return rows.flatMap(({ row, record }) => {
    if (record.kind !== 'compared-responses' || record.preferred === 'tie') return [];
    const { prompt, responseA, responseB, preferred } = record;
    if (completionText(responseA) === completionText(responseB)) return [];
    const [chosen, rejected] = preferred === 'A' ? [responseA, responseB] : [responseB, responseA];
    return { row, record: { kind: 'preference-pair', prompt, chosen, rejected } };
  });
}

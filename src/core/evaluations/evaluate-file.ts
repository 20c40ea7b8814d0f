/** Measures a grader on the labelled rows of a file, one row after the other, whatever the grader and however long it takes. */

import type { Dataset } from '../datasets/dataset.ts';
import { fingerprintDataset } from '../datasets/fingerprint.ts';
import type { ColumnMap } from '../datasets/formats/binding.ts';
import { openDataset } from '../datasets/open.ts';
import { promptOf } from '../datasets/records.ts';
import { cooperativePause } from '../engines/embedded/pause.ts';
import type { ErrorReport } from '../errors.ts';
import { errorFromReport, reportError, StudioError, toStudioError } from '../errors.ts';
import type { Grader } from '../graders/grader.ts';
import { METHODS } from '../methods/method.ts';
import { Breakdown } from './breakdown.ts';
import { judgeRecord, type LabelledRecord, type Verdict } from './judge-record.ts';
import { type JudgedMethod, LabelledRows } from './labelled-rows.ts';
import { OutcomesTally } from './outcomes.ts';
import { EVALUATION_FORMAT_VERSION, type EvaluationReport } from './report.ts';
import { malformedLines, type RowProblems } from './row-problems.ts';
import { type TrainingData, TrainingPrompts } from './training-prompts.ts';

export const DEFAULT_SEED = 42;

/** A grader and what a report says of it. */
export interface EvaluatedGrader {
  readonly grader: Grader;
  readonly method: JudgedMethod;
  readonly kind: string;
  readonly model: string;
  readonly trainedAt: string;
  /** How many rows it is asked at a time. */
  readonly concurrency: number;
}

export interface EvaluationProgress {
  /** 0 to 1. */
  readonly share: number;
  /** What is being done, in words. */
  readonly message: string;
}

export interface EvaluateFileOptions {
  /** A file, a folder or a glob. */
  readonly file: string;
  readonly map?: ColumnMap | undefined;
  readonly seed?: number | undefined;
  readonly run?: { readonly id: string; readonly name: string } | undefined;
  /** What the model was trained on, where that is known. */
  readonly trainingData?: TrainingData | undefined;
  /** Of Reward Studio. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}

/** So many rows that fail before one is graded end it: a grader that cannot be reached would fail on all. */
const FAILURES_AT_FIRST = 25;
const REPORT_EVERY_MS = 100;
/** Of the progress: the rest is grading. */
const TRAINING_SHARE = 0.2;

/**
 * @throws StudioError where the file cannot be read or holds no rows for the method ('unrecognised-shape', 'missing-column',
 *   'no-rows'), where the grader grades none of them, or 'cancelled'
 */
export async function evaluateFile(
  evaluated: EvaluatedGrader,
  options: EvaluateFileOptions,
): Promise<EvaluationReport> {
  const { file, signal, map = {}, seed = DEFAULT_SEED, trainingData } = options;
  const started = performance.now();
  const tell = options.onProgress ?? (() => {});
  const dataset = await openDataset(file, signal);
  try {
    tell({ share: 0, message: 'reading the file' });
    const rows = await LabelledRows.of(dataset, evaluated.method, { map, seed, signal });
    const fingerprint = await fingerprintDataset(dataset, signal);
    const training =
      trainingData &&
      (await TrainingPrompts.read(trainingData, signal, (share) =>
        tell({ share: share * TRAINING_SHARE, message: 'reading the training data' }),
      ));
    const graded = await gradeRows(evaluated, dataset, rows, { seed, training, signal, tell });
    const { breakdown, outcomes, problems, records } = graded;
    if (breakdown.n === 0) throw nothingGraded(dataset, problems);
    return {
      version: EVALUATION_FORMAT_VERSION,
      id: '',
      created_at: new Date().toISOString(),
      run: options.run ?? null,
      grader: {
        name: evaluated.grader.name,
        kind: evaluated.kind,
        method: evaluated.method,
        scale: evaluated.grader.scale,
        model: evaluated.model,
        trained_at: evaluated.trainedAt,
      },
      data: {
        path: file,
        fingerprint,
        shape: { id: rows.format.shape.id, title: rows.format.shape.title },
        derived_from: rows.derivedFrom,
        map: { ...map },
      },
      seed,
      rows: {
        total: dataset.rowCount,
        records,
        graded: breakdown.n,
        unusable: problems.count('unusable', 'malformed'),
        failed: problems.count('failed'),
      },
      problems: problems.list,
      evaluation: breakdown.evaluation(),
      slicings: breakdown.slicings(),
      histograms: breakdown.histograms(),
      confusion: breakdown.confusion(),
      calibration: breakdown.calibration.calibration(),
      worst: [...breakdown.worst.rows],
      overlap: training?.overlap ?? null,
      outcomes: outcomes.outcomes(dataset.rowCount),
      took_seconds: (performance.now() - started) / 1000,
      versions: { reward_studio: options.version },
    };
  } finally {
    await dataset.close();
  }
}

interface Asked {
  readonly row: number;
  /** Among the outcomes. */
  readonly place: number;
  readonly record: LabelledRecord;
  readonly values: readonly (string | null | undefined)[];
  readonly answer: Promise<Verdict | ErrorReport>;
}

async function gradeRows(
  { grader, method, concurrency }: EvaluatedGrader,
  dataset: Dataset,
  rows: LabelledRows,
  options: {
    readonly seed: number;
    readonly training: TrainingPrompts | undefined;
    readonly signal: AbortSignal | undefined;
    readonly tell: (progress: EvaluationProgress) => void;
  },
): Promise<{ breakdown: Breakdown; outcomes: OutcomesTally; problems: RowProblems; records: number }> {
  const { seed, training, tell } = options;
  const kind = METHODS[method].record as LabelledRecord['kind'];
  const breakdown = new Breakdown(
    kind,
    rows.columns.map(({ name }) => name),
  );
  const outcomes = new OutcomesTally(kind);
  const problems = malformedLines(dataset);
  // What is still being asked when one row ends it all is given up too.
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  const pause = cooperativePause(signal);
  const base = training ? TRAINING_SHARE : 0;
  /** In the order of the rows, whichever is answered first, so that the same rows give the same report. */
  const asked: Asked[] = [];
  let records = 0;
  let failures = 0;
  let toldAt = 0;

  const take = async (): Promise<void> => {
    const { row, place, record, values, answer } = asked.shift()!;
    const verdict = await answer;
    if ('code' in verdict) {
      signal.throwIfAborted();
      problems.add('failed', verdict.code, { row, message: verdict.message });
      failures++;
      if (breakdown.n === 0 && failures >= FAILURES_AT_FIRST) throw errorFromReport(verdict);
      return;
    }
    outcomes.fill(place, verdict);
    breakdown.add({ row, record, verdict, values, seen: training?.see(promptOf(record)) });
  };

  try {
    for await (const read of rows.read(signal)) {
      await pause();
      if (performance.now() - toldAt > REPORT_EVERY_MS) {
        toldAt = performance.now();
        const share = base + (1 - base) * (read.row / dataset.rowCount);
        tell({ share, message: `row ${read.row.toLocaleString('en')} of ${dataset.rowCount.toLocaleString('en')}` });
      }
      const place = outcomes.take(read.row);
      if ('problem' in read) {
        problems.add('unusable', read.problem.code, { row: read.row, message: read.problem.message });
        continue;
      }
      records++;
      const { row, record, values } = read;
      const answer = judgeRecord(grader, record, { seed, signal }).catch((error) => reportError(error));
      asked.push({ row, place, record, values, answer });
      if (asked.length >= concurrency) await take();
    }
    while (asked.length > 0) await take();
  } catch (error) {
    ending.abort();
    throw options.signal?.aborted ? new StudioError('cancelled', 'Cancelled.') : (toStudioError(error) ?? error);
  }
  return { breakdown, outcomes, problems, records };
}

function nothingGraded(dataset: Dataset, problems: RowProblems): StudioError {
  const [most] = problems.list;
  const place = most?.first.row == null ? '' : ` in row ${most.first.row}`;
  return new StudioError('no-rows', `None of the ${dataset.rowCount} rows could be graded.`, {
    where: { file: dataset.name },
    hint: most ? `The first problem${place}: ${most.first.message}` : 'Choose a file that holds rows.',
  });
}

/** `grade MODEL FILE --out FILE`: every row of a file. */

import path from 'node:path';
import { StudioError } from '../../core/errors.ts';
import { amountText, describeCost } from '../../core/gradings/cost.ts';
import { describeGrading } from '../../core/gradings/describe-grading.ts';
import { DEFAULT_SEED, type GradingPlan, gradeFile } from '../../core/gradings/grade-file.ts';
import type { PassMark } from '../../core/gradings/grading-summary.ts';
import { entryForGrading, type FileGrader, modelForGrading } from '../../core/gradings/open-for-grading.ts';
import { interruptSignal, openStore, type PythonOption, runtimeWithPython } from '../arguments.ts';
import { ProgressLine, printJson, printLines } from '../output.ts';
import { environmentKeys, openRegistry } from '../registry.ts';

export interface GradeFileVerbOptions extends PythonOption {
  readonly grader?: string;
  readonly out?: string;
  readonly map?: Record<string, string>;
  readonly responseColumn?: string;
  readonly promptColumn?: string;
  readonly passAt?: number;
  readonly passPercentile?: number;
  readonly seed?: number;
  readonly acceptCost?: boolean;
  readonly force?: boolean;
  readonly restart?: boolean;
  readonly json?: boolean;
}

export async function gradeRowsOf(
  model: string | undefined,
  input: string,
  options: GradeFileVerbOptions,
): Promise<void> {
  const { out, map, responseColumn, promptColumn, seed = DEFAULT_SEED, force, restart, json } = options;
  if (out === undefined) {
    throw new StudioError('usage', 'The graded rows need a new file.', {
      hint: 'Name it with --out, ending in .jsonl or .parquet.',
    });
  }
  const runtime = await runtimeWithPython(options);
  const opened = await openNamed(model, options, runtime);
  const progress = new ProgressLine();
  const graded = await gradeFile(opened, {
    input,
    output: out,
    base: process.cwd(),
    map,
    responseColumn,
    promptColumn,
    seed,
    pass: passMarkOf(options),
    force,
    restart,
    workersFolder: runtime.workersFolder,
    agree: (plan) => agree(plan, options),
    signal: interruptSignal(),
    onProgress: ({ share, message }) => progress.show(`${Math.floor(share * 100)} %  ${message}`),
  }).finally(() => {
    progress.clear();
    // What is served is ended with the last grade.
    opened.grader.dispose();
  });
  const { spec, summary, kept } = graded;
  if (json) {
    printJson({ ...spec, ...summary, kept });
    return;
  }
  const continued = kept === 0 ? '' : `, ${kept.toLocaleString('en')} of them before`;
  printLines([
    ...describeGrading(spec, summary),
    '',
    `columns ${summary.columns.join(', ')}`,
    `written in ${summary.took_seconds.toFixed(1)} s${continued}: ${path.relative(process.cwd(), spec.output) || spec.output}`,
    ...(summary.rows.failed > 0 ? ['the rows that failed are graded again by the same command with --force'] : []),
  ]);
}

async function openNamed(
  model: string | undefined,
  { grader: name }: GradeFileVerbOptions,
  runtime: Awaited<ReturnType<typeof runtimeWithPython>>,
): Promise<FileGrader> {
  if (name === undefined) return modelForGrading(model!, openStore(), { runtime, serve: {} });
  const registry = openRegistry();
  const entry = await registry.find(name);
  return entryForGrading(entry, { runtime, serve: {}, folder: registry.folder, keys: environmentKeys });
}

function passMarkOf({ passAt, passPercentile }: GradeFileVerbOptions): PassMark | undefined {
  if (passAt !== undefined && passPercentile !== undefined) {
    throw new StudioError('usage', 'A response passes either by its score or by its percentile.');
  }
  if (passAt !== undefined) return { by: 'score', at: passAt };
  return passPercentile === undefined ? undefined : { by: 'percentile', at: passPercentile };
}

/** What costs money is only begun where a person has agreed to it. */
function agree({ cost, kept, rows }: GradingPlan, { acceptCost, json }: GradeFileVerbOptions): void {
  const before = kept === 0 ? '' : ` (${kept.toLocaleString('en')} are kept of before)`;
  if (!json) process.stderr.write(`grading ${rows.toLocaleString('en')} rows${before}\n`);
  if (!cost) return;
  const text = describeCost(cost);
  if (!json) process.stderr.write(`estimate: ${text}\n`);
  if (acceptCost || !cost.most || cost.most.amount === 0) return;
  throw new StudioError('usage', `This costs up to ${amountText(cost.most)} by the price in graders.json: ${text}.`, {
    hint: 'Agree with --accept-cost.',
  });
}

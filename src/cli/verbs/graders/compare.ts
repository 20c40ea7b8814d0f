import type { Command } from 'commander';
import { StudioError } from '../../../core/errors.ts';
import { compareEvaluations } from '../../../core/evaluations/compare-evaluations.ts';
import { describeComparison } from '../../../core/evaluations/describe-comparison.ts';
import { DEFAULT_SEED } from '../../../core/evaluations/evaluate-file.ts';
import { evaluatedGrader } from '../../../core/evaluations/evaluated-grader.ts';
import { type EvaluatedModel, openModel } from '../../../core/evaluations/open-model.ts';
import type { EvaluationReport } from '../../../core/evaluations/report.ts';
import { isPaid } from '../../../core/graders/registry/describe-entry.ts';
import { entryForGrading } from '../../../core/gradings/open-for-grading.ts';
import type { Runtime } from '../../../core/runtime.ts';
import {
  collectPair,
  openStore,
  type PythonOption,
  parseWholeNumber,
  runtimeWithPython,
  withPythonOption,
} from '../../arguments.ts';
import { measureModel } from '../../measure-model.ts';
import { printJson, printLines } from '../../output.ts';
import { environmentKeys, openRegistry } from '../../registry.ts';

interface CompareOptions extends PythonOption {
  readonly map?: Record<string, string>;
  readonly seed: number;
  readonly acceptCost?: boolean;
  readonly json?: boolean;
}

export function addCompareGraders(graders: Command): void {
  const command = graders
    .command('compare')
    .description('two graders on the same labelled rows: differences with intervals, and the rows they differ on')
    .argument('<a>', 'name of a grader; model file or folder, run id or run name')
    .argument('<b>', 'another one that is measured by the same labels')
    .argument('<file>', 'labelled rows (file, folder or glob of shards)')
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--seed <n>', 'decides which response of a pair is shown first', parseWholeNumber, DEFAULT_SEED)
    .option('--accept-cost', 'ask graders that cost money')
    .option('--json', 'print as JSON');
  withPythonOption(command).action(compare);
}

async function compare(a: string, b: string, file: string, options: CompareOptions): Promise<void> {
  const runtime = await runtimeWithPython(options);
  const [first, second] = [await measure(a, file, options, runtime), await measure(b, file, options, runtime)];
  const comparison = compareEvaluations(first, second);
  if (options.json) printJson({ a: first.grader, b: second.grader, ...comparison });
  else printLines(describeComparison(comparison, first, second));
}

async function measure(
  name: string,
  file: string,
  { acceptCost, ...options }: CompareOptions,
  runtime: Runtime,
): Promise<EvaluationReport> {
  return measureModel(await open(name, acceptCost === true, runtime), file, options);
}

/** What stands in the registry comes first; everything else names a model. */
async function open(name: string, acceptCost: boolean, runtime: Runtime): Promise<EvaluatedModel> {
  const registry = openRegistry();
  const entry = (await registry.read()).graders.find((grader) => grader.name === name);
  if (!entry) return openModel(name, openStore(), { runtime, serve: {} });
  if (isPaid(entry) && !acceptCost) {
    throw new StudioError('usage', `"${name}" costs money, and is asked for every labelled row.`, {
      hint: 'Agree with --accept-cost.',
    });
  }
  const host = { runtime, serve: {}, folder: registry.folder, keys: environmentKeys };
  return evaluatedGrader(await entryForGrading(entry, host));
}

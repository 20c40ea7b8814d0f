import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import { describeReport } from '../../core/evaluations/describe-report.ts';
import { DEFAULT_SEED } from '../../core/evaluations/evaluate-file.ts';
import { keepReport } from '../../core/evaluations/evaluation-files.ts';
import { openModel } from '../../core/evaluations/open-model.ts';
import {
  collectPair,
  openStore,
  type PythonOption,
  parseWholeNumber,
  runtimeWithPython,
  withPythonOption,
} from '../arguments.ts';
import { measureModel } from '../measure-model.ts';
import { printJson, printLines } from '../output.ts';

interface EvaluateOptions extends PythonOption {
  readonly map?: Record<string, string>;
  readonly seed: number;
  readonly save?: boolean;
  readonly json?: boolean;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure a model on labelled rows: measures with intervals and baselines, slices, worst rows')
    .argument('<model>', 'model file or folder, run folder, run id or run name')
    .argument('<file>', 'dataset (file, folder or glob of shards)')
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--seed <n>', 'decides which response of a pair is shown first', parseWholeNumber, DEFAULT_SEED)
    .option('--save', 'keep the evaluation with the run, where the editor lists it')
    .option('--json', 'print as JSON');
  withPythonOption(command).action(evaluate);
}

async function evaluate(reference: string, file: string, options: EvaluateOptions): Promise<void> {
  const model = await openModel(reference, openStore(), { runtime: await runtimeWithPython(options), serve: {} });
  if (options.save && !model.run) {
    throw new StudioError('usage', 'Only the evaluation of a run can be saved: this is a model file.', {
      hint: 'Name the run, or leave out --save and write the output to a file.',
    });
  }
  const computed = await measureModel(model, file, options);
  const kept = options.save && model.run ? await keepReport(model.run.folder, computed) : undefined;
  if (options.json) printJson(kept ? { ...kept.report, file: kept.file } : computed);
  else printLines([...describeReport(computed), ...(kept ? ['', `saved: ${kept.file}`] : [])]);
}

import type { Command } from 'commander';
import { evaluateFile } from '../../core/graders/evaluate-file.ts';
import { resolveModel } from '../../core/graders/model-reference.ts';
import { describeEvaluation } from '../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../core/methods/method.ts';
import { collectPair, interruptSignal, openStore } from '../arguments.ts';
import { printJson, printLines } from '../output.ts';

interface EvaluateOptions {
  readonly map?: Record<string, string>;
  readonly json?: boolean;
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('measure a model on labelled rows, beside the trivial baselines')
    .argument('<model>', 'model file, run folder, run id or run name')
    .argument('<file>', 'dataset (file, folder or glob of shards)')
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--json', 'print as JSON')
    .action(evaluate);
}

async function evaluate(reference: string, file: string, options: EvaluateOptions): Promise<void> {
  const model = await resolveModel(reference, openStore());
  const report = await evaluateFile(model.file, file, {
    signal: interruptSignal(),
    ...(options.map === undefined ? {} : { map: options.map }),
  });
  if (options.json) {
    printJson({ model, ...report });
    return;
  }
  const { evaluation, unusable } = report;
  printLines([
    `${METHODS[evaluation.method].title} model ${model.name} on ${file}: ${evaluation.n} rows`,
    ...describeEvaluation(evaluation),
    ...(unusable.count === 0 ? [] : [`warning: ${unusable.count} rows could not be used (first: ${unusable.first})`]),
  ]);
}

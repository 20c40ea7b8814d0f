import path from 'node:path';
import type { Command } from 'commander';
import type { Method } from '../../../core/methods/method.ts';
import { describeRun } from '../../../core/runs/describe-run.ts';
import { importRun } from '../../../core/runs/import-run/import-run.ts';
import { RunObserver } from '../../../core/runs/observe.ts';
import { cliRuntime, openStore, parseMethod } from '../../arguments.ts';
import { printJson, printLines } from '../../output.ts';
import type { JsonOption } from './find-run.ts';

interface ImportOptions extends JsonOption {
  readonly name?: string;
  readonly method?: Method;
}

export function addImportForeignRun(runs: Command): void {
  runs
    .command('import')
    .description('make a run of the log of a training that ran elsewhere')
    .argument(
      '<file>',
      "trainer_state.json, JSON Lines or console output of verl, TensorBoard's event file, or a folder of these",
    )
    .option('--name <name>', 'name of the run; that of the log when left out')
    .option('--method <method>', 'bt, pointwise, pairwise or sft, where the log does not tell', parseMethod)
    .option('--json', 'print the run as JSON')
    .action(importForeign);
}

async function importForeign(file: string, { name, method, json }: ImportOptions): Promise<void> {
  const { version } = cliRuntime();
  const { folder, spec, log } = await importRun(openStore(), { source: file, name, method: method?.id, version });
  const state = await new RunObserver(folder, spec).observe();
  if (json) {
    printJson(describeRun(state));
    return;
  }
  printLines([
    `run ${spec.id}: ${log.entries.length} lines of ${log.format}, ${Object.keys(state.fold.metrics).length} metrics, ${state.status}`,
    ...log.warnings.map((warning) => `warning: ${warning}`),
    `folder: ${path.relative(process.cwd(), folder.path)}`,
  ]);
}

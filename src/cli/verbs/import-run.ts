import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Method } from '../../core/methods/method.ts';
import {
  countOutcomes,
  describeEngine,
  describeOutcome,
  shortValue,
} from '../../core/runs/import-script/describe-import.ts';
import type { ImportReport } from '../../core/runs/import-script/import-script.ts';
import { importScriptFile } from '../../core/runs/import-script/import-script-file.ts';
import { collectPair, parseMethod, parseWholeNumber } from '../arguments.ts';
import { alignColumns, printJson, printLines } from '../output.ts';

interface ImportRunOptions {
  readonly output?: string;
  readonly engine?: 'verl' | 'embedded';
  readonly method?: Method;
  readonly var?: Record<string, string>;
  readonly line?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addImportRun(program: Command): void {
  program
    .command('import-run')
    .description('make a run file from a launch script (run_*.sh) of verl and recipes built on it')
    .argument('<script>', 'shell script; it is read, never run')
    .option('--output <file>', 'run file (*.rmrun.json); beside the script when left out')
    .option('--engine <engine>', 'verl keeps every option; embedded trains here', parseEngine)
    .option('--method <method>', 'bt, pointwise, pairwise or sft, where the script does not tell', parseMethod)
    .option(
      '--var <name=value>',
      'a variable the script does not set; 1 is its first argument; repeatable',
      collectPair,
    )
    .option('--line <line>', 'line of the launch, where the script has several', parseWholeNumber)
    .option('--force', 'replace a run file that is already there')
    .option('--json', 'print the report as JSON')
    .action(importRun);
}

function parseEngine(text: string): 'verl' | 'embedded' {
  if (text === 'verl' || text === 'embedded') return text;
  throw new InvalidArgumentError('Choose verl or embedded.');
}

async function importRun(script: string, options: ImportRunOptions): Promise<void> {
  const { output, engine, method, line, force = false, json } = options;
  const { report, runFile } = await importScriptFile({
    script,
    force,
    ...(output === undefined ? {} : { runFile: output }),
    ...(engine === undefined ? {} : { engine }),
    ...(method === undefined ? {} : { method: method.id }),
    ...(options.var === undefined ? {} : { variables: options.var }),
    ...(line === undefined ? {} : { line }),
  });
  if (json) printJson({ ...report, content: runFile });
  else printLines(reportLines(report));
}

function reportLines(report: ImportReport): string[] {
  const { launch, options, defaults, ignored_lines, warnings } = report;
  const written = path.relative(process.cwd(), report.run_file) || report.run_file;
  const lines = [
    `${written} written from ${path.relative(process.cwd(), report.script)}, line ${launch.line}: ${launch.trainer}`,
    `method: ${report.method_reason}`,
    `engine: ${describeEngine(report)}`,
    countOutcomes(report),
    '',
    ...alignColumns([
      ['LINE', 'OPTION', 'VALUE', 'BECOMES'],
      ...options.map((option) => [
        String(option.line),
        option.option,
        shortValue(option.value),
        describeOutcome(option),
      ]),
    ]),
  ];
  if (defaults.length > 0) {
    lines.push('', 'Defaults of variables that the script does not set (--var NAME=VALUE gives another):');
    lines.push(...alignColumns(defaults.map(({ name, text, line }) => [String(line), name, shortValue(text)])));
  }
  if (ignored_lines.length > 0) {
    lines.push('', 'Not part of the run:');
    lines.push(...alignColumns(ignored_lines.map(({ line, text, reason }) => [String(line), text, reason])));
  }
  if (warnings.length > 0) lines.push('', ...warnings.map((warning) => `warning: ${warning}`));
  return lines;
}

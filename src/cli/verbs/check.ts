import { type Command, InvalidArgumentError } from 'commander';
import type { Finding, OtherDataset } from '../../core/datasets/checks/check.ts';
import { checkFile } from '../../core/datasets/checks/check-file.ts';
import { loadTokenizer } from '../../core/datasets/checks/load-tokenizer.ts';
import { TEXT_CHECKS } from '../../core/datasets/checks/registry.ts';
import type { CheckReport } from '../../core/datasets/checks/report.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { openDataset } from '../../core/datasets/open.ts';
import { StudioError } from '../../core/errors.ts';
import type { Method } from '../../core/methods/method.ts';
import { cliRuntime, collectPair, interruptSignal, parseMethod, parseWholeNumber } from '../arguments.ts';
import { ProgressLine, printJson, printLines } from '../output.ts';

interface CheckOptions {
  readonly method: Method;
  readonly map?: Record<string, string>;
  readonly against?: string;
  readonly deep?: boolean;
  readonly checks?: string[];
  readonly benchmark?: string;
  readonly maxLength?: number;
  readonly tokenizer?: string;
  readonly json?: boolean;
}

export function addCheck(program: Command): void {
  const textChecks = TEXT_CHECKS.map(({ id }) => id).join(', ');
  program
    .command('check')
    .description(
      'say what is wrong with a dataset before a method is trained on it; exit 1 if something must be mended',
    )
    .argument('<file>', 'dataset (file, folder or glob of shards)')
    .requiredOption('--method <method>', 'bt, pointwise, pairwise or sft', parseMethod)
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--against <file>', 'the other side of the split: find prompts that occur in both')
    .option('--deep', 'also the checks that read every word')
    .option('--checks <list>', `some of these only, with commas between: ${textChecks}`, parseList)
    .option('--benchmark <file>', 'find benchmark prompts in the training data')
    .option('--max-length <tokens>', 'find rows that are cut, and pairs that are then identical', parseMaxLength)
    .option(
      '--tokenizer <name>',
      'tokenizer.json or a model folder; or an approximation: words (default) or characters',
    )
    .option('--json', 'print the report as JSON')
    .action(check);
}

function parseList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function parseMaxLength(text: string): number {
  const tokens = parseWholeNumber(text);
  if (tokens === 0) throw new InvalidArgumentError('Give at least 1 token.');
  return tokens;
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const signal = interruptSignal();
  const line = new ProgressLine();
  const truncation = await truncationOf(options);
  const opened: Dataset[] = [];
  const open = async (name: string): Promise<Dataset> => {
    const dataset = await openDataset(name, signal);
    opened.push(dataset);
    return dataset;
  };
  const openOther = async (name: string | undefined): Promise<OtherDataset | undefined> =>
    name === undefined ? undefined : { dataset: await open(name) };
  let report: CheckReport;
  try {
    const run = await checkFile(file, options.method.id, {
      map: options.map,
      against: await openOther(options.against),
      benchmark: await openOther(options.benchmark),
      truncation,
      textChecks: options.deep ? 'deep' : options.checks,
      workersFolder: cliRuntime().workersFolder,
      signal,
      onProgress: ({ phase, rows, totalRows }) => line.show(`${phase}: ${rows} of ${totalRows}`),
    });
    report = run.report;
  } finally {
    line.clear();
    await Promise.all(opened.map((dataset) => dataset.close()));
  }
  if (options.json) printJson(report);
  else printLines(describeReport(report, options.method));
  if (!report.ok) process.exitCode = 1;
}

async function truncationOf({ maxLength, tokenizer }: CheckOptions) {
  if (maxLength !== undefined) return { maxLength, tokenizer: await loadTokenizer(tokenizer ?? 'words') };
  if (tokenizer === undefined) return undefined;
  throw new StudioError('usage', '--tokenizer counts tokens for --max-length, which is not given.', {
    hint: 'Add --max-length N.',
  });
}

function describeReport(report: CheckReport, method: Method): string[] {
  const { rows, usable, dropped } = report.totals;
  const verdict = report.ok ? `fit to train ${method.title}` : `not fit to train ${method.title} as it is`;
  return [
    `shape: ${report.format.title}`,
    `${rows} rows, ${usable} usable records, ${dropped} left out: ${verdict}`,
    ...report.findings.flatMap(describeFinding),
    `looked for and not found: ${report.passed.length} other faults`,
    ...report.notRun.map(({ title, reason }) => `not run: ${title} (${reason})`),
  ];
}

function describeFinding({ severity, message, rows, hint }: Finding): string[] {
  const where = rows.length === 0 ? '' : ` (rows ${rows.join(', ')}${rows.length === 10 ? ', ...' : ''})`;
  return [`${severity}: ${message}${where}`, ...(hint === undefined ? [] : [`  ${hint}`])];
}

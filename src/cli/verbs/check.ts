import type { Command } from 'commander';
import type { Finding } from '../../core/datasets/checks/check.ts';
import { type CheckReport, checkDataset } from '../../core/datasets/checks/check-dataset.ts';
import { openDataset } from '../../core/datasets/open.ts';
import type { Method } from '../../core/methods/method.ts';
import { collectPair, interruptSignal, parseMethod } from '../arguments.ts';
import { ProgressLine, printJson, printLines } from '../output.ts';

interface CheckOptions {
  readonly method: Method;
  readonly map?: Record<string, string>;
  readonly json?: boolean;
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'say what is wrong with a dataset before a method is trained on it; exit 1 if something must be mended',
    )
    .argument('<file>', 'dataset (file, folder or glob of shards)')
    .requiredOption('--method <method>', 'bt, pointwise, pairwise or sft', parseMethod)
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--json', 'print the report as JSON')
    .action(check);
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const signal = interruptSignal();
  const line = new ProgressLine();
  const dataset = await openDataset(file, signal);
  let report: CheckReport;
  try {
    report = await checkDataset(dataset, options.method.id, {
      map: options.map,
      signal,
      onProgress: ({ rows, totalRows }) => line.show(`checked ${rows} of ${totalRows} rows`),
    });
  } finally {
    line.clear();
    await dataset.close();
  }
  if (options.json) printJson(report);
  else printLines(describeReport(report, options.method));
  if (!report.ok) process.exitCode = 1;
}

function describeReport(report: CheckReport, method: Method): string[] {
  const { rows, usable, dropped } = report.totals;
  const verdict = report.ok ? `fit to train ${method.title}` : `not fit to train ${method.title} as it is`;
  return [
    `shape: ${report.format.title}`,
    `${rows} rows, ${usable} usable records, ${dropped} left out: ${verdict}`,
    ...report.findings.flatMap(describeFinding),
  ];
}

function describeFinding({ severity, message, rows, hint }: Finding): string[] {
  const where = rows.length === 0 ? '' : ` (rows ${rows.join(', ')}${rows.length === 10 ? ', ...' : ''})`;
  return [`${severity}: ${message}${where}`, ...(hint === undefined ? [] : [`  ${hint}`])];
}

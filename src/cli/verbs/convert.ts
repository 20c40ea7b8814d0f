import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type ConvertReport, convert } from '../../core/datasets/convert.ts';
import { parseSplit } from '../../core/datasets/split.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/datasets/writers/record-writer.ts';
import { METHODS, type Method } from '../../core/methods/method.ts';
import { collectPair, interruptSignal, parseMethod, parseWholeNumber } from '../arguments.ts';
import { ProgressLine, printJson, printLines } from '../output.ts';

interface ConvertCliOptions {
  readonly to: Method;
  readonly outputDir: string;
  readonly format: OutputFormat;
  readonly split?: string;
  readonly seed: number;
  readonly map?: Record<string, string>;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('make the training file of a method from any recognised dataset')
    .argument('<input>', 'dataset (file, folder or glob of shards)')
    .requiredOption('--to <method>', 'bt, pointwise, pairwise or sft', parseMethod)
    .requiredOption('--output-dir <dir>', 'folder for the files; made if needed')
    .option('--format <format>', 'parquet or jsonl', parseFormat, 'parquet')
    .option('--split <shares>', 'parts by prompt, for example train=0.8,test=0.2')
    .option('--seed <seed>', 'seed of the split and of A/B positions', parseWholeNumber, 42)
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--force', 'replace files that are already there')
    .option('--json', 'print the report as JSON')
    .action(runConvert);
}

function parseFormat(text: string): OutputFormat {
  const format = OUTPUT_FORMATS.find((known) => known === text);
  if (!format) throw new InvalidArgumentError(`Choose ${OUTPUT_FORMATS.join(' or ')}.`);
  return format;
}

async function runConvert(input: string, options: ConvertCliOptions): Promise<void> {
  const line = new ProgressLine();
  const report = await convert({
    input,
    method: options.to.id,
    outputDir: options.outputDir,
    format: options.format,
    split: options.split === undefined ? undefined : parseSplit(options.split),
    seed: options.seed,
    map: options.map,
    force: options.force,
    signal: interruptSignal(),
    onProgress: ({ phase, rows, totalRows }) => line.show(`${phase} ${rows} of ${totalRows} rows`),
  }).finally(() => line.clear());
  if (options.json) printJson(report);
  else printLines(describeReport(report));
}

function describeReport(report: ConvertReport): string[] {
  const from = report.derivedFrom === undefined ? '' : ` (made from ${METHODS[report.derivedFrom].title} rows)`;
  return [
    `${report.rows} rows read as "${report.format.title}", ${report.records} records written for ${METHODS[report.method].title}${from}`,
    ...report.files.map((file) => `${path.relative(process.cwd(), file.path)}: ${file.rows} rows`),
    `${path.relative(process.cwd(), report.datasheet)}: where they came from`,
    ...report.dropped.map(
      ({ reason, count, firstRows }) => `left out: ${count} rows, ${reason} (first: ${firstRows.join(', ')})`,
    ),
  ];
}

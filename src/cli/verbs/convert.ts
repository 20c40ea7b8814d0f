import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type ConvertReport, convert } from '../../core/datasets/convert.ts';
import type { PairScores } from '../../core/datasets/derive.ts';
import { parseSplit } from '../../core/datasets/split.ts';
import { DEFAULT_DIALECT, DIALECTS } from '../../core/datasets/writers/dialects/dialects.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/datasets/writers/record-writer.ts';
import { METHODS, type Method } from '../../core/methods/method.ts';
import { collectPair, interruptSignal, parseMethod, parseWholeNumber } from '../arguments.ts';
import { ProgressLine, printJson, printLines } from '../output.ts';

interface ConvertCliOptions {
  readonly to: Method;
  readonly outputDir: string;
  readonly format: OutputFormat;
  readonly dialect: string;
  readonly split?: string;
  readonly stratify?: boolean;
  readonly seed: number;
  readonly map?: Record<string, string>;
  readonly bothOrders?: boolean;
  readonly minMargin?: number;
  readonly tieBelow?: number;
  readonly pairScores?: PairScores;
  readonly dropDuplicates?: boolean;
  readonly dropContradictions?: boolean;
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
    .option('--format <format>', 'parquet, jsonl or arrow', parseFormat, 'parquet')
    .option('--dialect <dialect>', `layout of a trainer: ${dialectNames()}`, parseDialect, DEFAULT_DIALECT)
    .option('--split <shares>', 'parts by prompt, for example train=0.8,val=0.1,test=0.1')
    .option('--stratify', 'with --split: the same shares of the labels in every part (pointwise and pairwise)')
    .option('--seed <seed>', 'seed of the split and of A/B positions', parseWholeNumber, 42)
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--both-orders', 'pairwise: every comparison twice, the second time with its responses swapped')
    .option('--min-margin <number>', 'scores to pairs: least difference that makes a pair (default: 1)', parseNumber)
    .option('--tie-below <number>', 'scores to comparisons: a smaller difference is a tie (default: 1)', parseNumber)
    .option('--pair-scores <scores>', 'pairs to scores: what the sides stand for, chosen=4,rejected=0', parsePairScores)
    .option('--drop-duplicates', 'leave out rows that repeat an earlier one')
    .option('--drop-contradictions', 'leave out rows that judge the same responses differently')
    .option('--force', 'replace files that are already there')
    .option('--json', 'print the report as JSON')
    .action(runConvert);
}

function dialectNames(): string {
  return DIALECTS.map(({ id }) => id).join(', ');
}

function parseFormat(text: string): OutputFormat {
  const format = OUTPUT_FORMATS.find((known) => known === text);
  if (!format)
    throw new InvalidArgumentError(`Choose ${OUTPUT_FORMATS.slice(0, -1).join(', ')} or ${OUTPUT_FORMATS.at(-1)}.`);
  return format;
}

function parseDialect(text: string): string {
  if (DIALECTS.some(({ id }) => id === text)) return text;
  throw new InvalidArgumentError(`Choose one of ${dialectNames()}.`);
}

function parseNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give a number, for example 1 or 0.5.');
  return Number(text);
}

function parsePairScores(text: string): PairScores {
  const match = /^chosen=(\d+),rejected=(\d+)$/.exec(text.replace(/\s/g, ''));
  if (!match) throw new InvalidArgumentError('Write it as chosen=4,rejected=0.');
  return { chosen: Number(match[1]), rejected: Number(match[2]) };
}

async function runConvert(input: string, options: ConvertCliOptions): Promise<void> {
  const line = new ProgressLine();
  const { to, json, split, ...rest } = options;
  const report = await convert({
    ...rest,
    input,
    method: to.id,
    split: split === undefined ? undefined : parseSplit(split),
    signal: interruptSignal(),
    onProgress: ({ phase, rows, totalRows }) => line.show(`${phase} ${rows} of ${totalRows} rows`),
  }).finally(() => line.clear());
  if (json) printJson(report);
  else printLines(describeReport(report));
}

function describeReport(report: ConvertReport): string[] {
  const from = report.derivedFrom === undefined ? '' : ` (made from ${METHODS[report.derivedFrom].title} rows)`;
  const dialect = report.dialect === DEFAULT_DIALECT ? '' : ` in the dialect ${report.dialect}`;
  const relative = (file: string) => path.relative(process.cwd(), file);
  return [
    `${report.rows} rows read as "${report.format.title}", ${report.records} records written for ${METHODS[report.method].title}${from}${dialect}`,
    ...report.files.map(
      (file) => `${relative(file.path)}: ${file.rows} rows${labelsText(report, file.part ?? 'data')}`,
    ),
    ...report.registers.map((file) => `${relative(file)}: names the files for the trainer`),
    `${relative(report.datasheet)}: where they came from`,
    ...report.dropped.map(
      ({ reason, count, firstRows }) => `left out: ${count} rows, ${reason} (first: ${firstRows.join(', ')})`,
    ),
    ...Object.entries(report.lost).map(
      ([field, count]) => `not kept: the ${field} of ${count} records, which the dialect cannot say`,
    ),
  ];
}

function labelsText(report: ConvertReport, part: string): string {
  const labels = Object.entries(report.labels[part] ?? {});
  return labels.length === 0 ? '' : ` (${labels.map(([label, rows]) => `${label}: ${rows}`).join(', ')})`;
}

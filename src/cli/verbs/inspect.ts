import type { Command } from 'commander';
import { columnIndexes, formatCell, type Inspection, inspectDataset } from '../../core/datasets/inspect.ts';
import { openDataset } from '../../core/datasets/open.ts';
import { METHODS } from '../../core/methods/method.ts';
import { collectPair, interruptSignal, parseRowRange } from '../arguments.ts';
import { alignColumns, printJson, printLines } from '../output.ts';

interface InspectOptions {
  readonly rows?: { readonly start: number; readonly end: number };
  readonly columns?: string;
  readonly map?: Record<string, string>;
  readonly json?: boolean;
}

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('say what a dataset is: files, columns, layout, and the methods its rows fit')
    .argument('<file>', 'dataset (file, folder or glob of shards)')
    .option('--rows <from:to>', 'rows to print, zero-based, TO exclusive', parseRowRange)
    .option('--columns <a,b>', 'only these columns of the rows')
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--json', 'print as JSON')
    .action(inspect);
}

async function inspect(file: string, options: InspectOptions): Promise<void> {
  const signal = interruptSignal();
  const dataset = await openDataset(file, signal);
  try {
    const inspection = await inspectDataset(dataset, { map: options.map, signal });
    const columns = options.columns
      ? columnIndexes(
          dataset,
          options.columns.split(',').map((name) => name.trim()),
        )
      : dataset.columns.map((_, index) => index);
    const names = columns.map((index) => dataset.columns[index]?.name ?? '');
    const rows: { row: number; cells: readonly unknown[] }[] = [];
    const range = options.rows ?? (options.columns === undefined ? undefined : { start: 0, end: 20 });
    if (range) {
      for await (const batch of dataset.read({ ...range, columns }, signal)) {
        batch.rows.forEach((cells, offset) => {
          rows.push({ row: batch.start + offset, cells });
        });
      }
    }
    if (options.json) {
      printJson({ ...inspection, ...(range ? { cells: { columns: names, rows } } : {}) });
      return;
    }
    printLines([
      ...describeInspection(inspection),
      ...rows.flatMap(({ row, cells }) => [
        '',
        `row ${row}`,
        ...alignColumns(names.map((name, index) => [`  ${name}`, formatCell(cells[index])])),
      ]),
    ]);
  } finally {
    await dataset.close();
  }
}

function describeInspection(inspection: Inspection): string[] {
  const { parquet, format, runnerUp, malformed } = inspection;
  const facts = [
    ['kind', inspection.kind],
    ['files', String(inspection.files.length)],
    ['bytes', String(inspection.bytes)],
    ['rows', String(inspection.rows)],
  ];
  if (parquet) {
    facts.push(
      ['row groups', `${parquet.rowGroups}, the largest of ${parquet.largestRowGroup} rows`],
      ['codec', parquet.codecs.join(', ')],
      ['page index', parquet.pageIndex ? 'yes' : 'no'],
    );
  }
  if (format) facts.push(['shape', `${format.title} (${format.evidence.join('; ')})`]);
  if (runnerUp) facts.push(['runner-up', `${runnerUp.title} (${runnerUp.evidence.join('; ')})`]);
  return [
    ...alignColumns(facts),
    ...(malformed.count === 0 ? [] : [`warning: ${malformed.count} malformed lines were passed over`]),
    '',
    ...alignColumns([['COLUMN', 'TYPE'], ...inspection.columns.map(({ name, type }) => [name, type])]),
    '',
    ...alignColumns([
      ['METHOD', 'FITS', 'WHY'],
      ...inspection.methods.map(({ method, fits, reason }) => [METHODS[method].title, fits ? 'yes' : 'no', reason]),
    ]),
  ];
}

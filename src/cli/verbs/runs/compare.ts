import type { Command } from 'commander';
import { formatMeasure, measureTitle } from '../../../core/methods/describe-evaluation.ts';
import { compareRuns, type RunComparison } from '../../../core/runs/compare-runs.ts';
import { describeRun } from '../../../core/runs/describe-run.ts';
import type { RunState } from '../../../core/runs/state.ts';
import { alignColumns, printJson, printLines } from '../../output.ts';
import { findRun, type JsonOption, RUN_ARGUMENT } from './find-run.ts';

export function addCompareRuns(runs: Command): void {
  runs
    .command('compare')
    .description('two runs: the parameters that differ, and the results beside each other')
    .argument('<a>', RUN_ARGUMENT)
    .argument('<b>', RUN_ARGUMENT)
    .option('--json', 'print as JSON')
    .action(compare);
}

async function compare(a: string, b: string, { json }: JsonOption): Promise<void> {
  const [first, second] = [await (await findRun(a)).observe(), await (await findRun(b)).observe()];
  const comparison = compareRuns(first, second);
  if (json) printJson({ runs: [describeRun(first), describeRun(second)], ...comparison });
  else printLines(comparisonLines(comparison, first, second));
}

function comparisonLines({ differences, equal, measures, cautions }: RunComparison, a: RunState, b: RunState) {
  const absent = (value: string | undefined) => value ?? '(none)';
  return [
    ...alignColumns([
      ['', 'A', 'B'],
      ['id', a.spec.id, b.spec.id],
      ['name', a.spec.name, b.spec.name],
      ['status', a.status, b.status],
    ]),
    '',
    `${differences.length} parameters differ, ${equal} are equal`,
    ...alignColumns(differences.map(({ parameter, values }) => [parameter, absent(values[0]), absent(values[1])])),
    '',
    ...(measures.length === 0
      ? ['Neither run has been evaluated.']
      : alignColumns([
          ['VALIDATION', 'A', 'B'],
          ...measures.map(({ name, values: [left, right] }) => [
            measureTitle(name),
            left ? formatMeasure(left) : '(none)',
            right ? formatMeasure(right) : '(none)',
          ]),
        ])),
    ...cautions.map((caution) => `caution: ${caution}`),
  ];
}

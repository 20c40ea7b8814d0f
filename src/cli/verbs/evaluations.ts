import type { Command } from 'commander';
import { compareEvaluations } from '../../core/evaluations/compare-evaluations.ts';
import { describeComparison } from '../../core/evaluations/describe-comparison.ts';
import { readReport } from '../../core/evaluations/evaluation-files.ts';
import { printJson, printLines } from '../output.ts';

export function addEvaluations(program: Command): void {
  const evaluations = program.command('evaluations').description('what "evaluate --save" and the editor kept');
  evaluations
    .command('compare')
    .description(
      'two graders on the same file, record by record: differences with intervals, and the rows they differ on',
    )
    .argument('<a>', 'evaluation (.rmeval.json)')
    .argument('<b>', 'another of the same file')
    .option('--json', 'print as JSON')
    .action(compare);
}

async function compare(a: string, b: string, { json }: { readonly json?: boolean }): Promise<void> {
  const [first, second] = [await readReport(a), await readReport(b)];
  const comparison = compareEvaluations(first, second);
  if (json) printJson({ a: { file: a, grader: first.grader }, b: { file: b, grader: second.grader }, ...comparison });
  else printLines(describeComparison(comparison, first, second));
}

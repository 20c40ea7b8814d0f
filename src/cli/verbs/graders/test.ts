import type { Command } from 'commander';
import { gradeLine } from '../../../core/graders/grade-card.ts';
import { smokeTest } from '../../../core/graders/registry/smoke-test.ts';
import { interruptSignal, type PythonOption, withPythonOption } from '../../arguments.ts';
import { printJson, printLines } from '../../output.ts';
import { openNamedGrader } from '../../registry.ts';

interface TestOptions extends PythonOption {
  readonly json?: boolean;
}

export function addTestGrader(graders: Command): void {
  const test = graders
    .command('test')
    .description('ask one small question: shows the answer and how long it took')
    .argument('<name>', 'name of the grader')
    .option('--json', 'print as JSON');
  withPythonOption(test).action(tryOut);
}

async function tryOut(name: string, options: TestOptions): Promise<void> {
  const grader = await openNamedGrader(name, options);
  try {
    const { request, grade, latencyMs } = await smokeTest(grader, interruptSignal());
    if (options.json) return printJson({ grader: name, request, grade, latencyMs });
    printLines([
      `prompt: ${request.prompt[0]!.content}`,
      `response: ${request.response[0]!.content}`,
      `sibling: ${request.sibling[0]!.content}`,
      `${gradeLine(grade)} · ${latencyMs.toFixed(0)} ms`,
      ...(grade.notes ?? []).map((note) => `note: ${note}`),
    ]);
  } finally {
    grader.dispose();
  }
}

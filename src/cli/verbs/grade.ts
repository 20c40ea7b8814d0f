import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import type { Grade } from '../../core/graders/grader.ts';
import { gradeLine } from '../../core/graders/hover-card.ts';
import { type ModelReference, resolveModel } from '../../core/graders/model-reference.ts';
import { openGrader } from '../../core/graders/open-grader.ts';
import { interruptSignal, openStore, type PythonOption, runtimeWithPython, withPythonOption } from '../arguments.ts';
import { printJson, printLines } from '../output.ts';

interface GradeOptions extends PythonOption {
  readonly prompt: string;
  readonly response: readonly string[];
  readonly json?: boolean;
}

export function addGrade(program: Command): void {
  const command = program
    .command('grade')
    .description('grade responses to a prompt; several are compared with the first')
    .argument('<model>', 'model file or folder, run folder, run id or run name')
    .requiredOption('--prompt <text>', 'the prompt')
    .requiredOption('--response <text>', 'a response; repeat it to compare', collectText)
    .option('--json', 'print as JSON');
  withPythonOption(command).action(grade);
}

const collectText = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

async function grade(reference: string, options: GradeOptions): Promise<void> {
  const empty = options.response.findIndex((text) => text.trim() === '');
  if (empty !== -1) throw new StudioError('usage', `Response ${empty + 1} is empty.`);
  const model = await resolveModel(reference, openStore());
  const grades = await gradeAll(model, options);
  if (options.json) {
    printJson({ model, grades });
    return;
  }
  printLines([
    `model: ${model.name} (${model.file})`,
    ...grades.map((each, index) => `response ${index + 1}: ${gradeLine(each)}`),
  ]);
}

async function gradeAll(model: ModelReference, options: GradeOptions): Promise<Grade[]> {
  const signal = interruptSignal();
  const runtime = await runtimeWithPython(options);
  // What is served is ended with the last grade.
  const grader = await openGrader(model, { runtime, serve: {} });
  const grades: Grade[] = [];
  try {
    for (const [index, text] of options.response.entries()) {
      const sibling = siblingOf(options.response, index);
      const request = {
        prompt: [{ role: 'user' as const, content: options.prompt }],
        response: [{ role: 'assistant' as const, content: text }],
        ...(sibling === undefined ? {} : { sibling: [{ role: 'assistant' as const, content: sibling }] }),
      };
      grades.push(await grader.grade(request, signal));
    }
    return grades;
  } finally {
    grader.dispose();
  }
}

/** The first response is held against the second, every other one against the first. */
const siblingOf = (responses: readonly string[], index: number): string | undefined =>
  index === 0 ? responses[1] : responses[0];

import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import { EmbeddedGrader } from '../../core/graders/embedded-grader.ts';
import type { Grade } from '../../core/graders/grader.ts';
import { gradeLine } from '../../core/graders/hover-card.ts';
import { resolveModel } from '../../core/graders/model-reference.ts';
import { openStore } from '../arguments.ts';
import { printJson, printLines } from '../output.ts';

interface GradeOptions {
  readonly prompt: string;
  readonly response: readonly string[];
  readonly json?: boolean;
}

export function addGrade(program: Command): void {
  program
    .command('grade')
    .description('grade responses to a prompt; several are compared with the first')
    .argument('<model>', 'model file, run folder, run id or run name')
    .requiredOption('--prompt <text>', 'the prompt')
    .requiredOption('--response <text>', 'a response; repeat it to compare', collectText)
    .option('--json', 'print as JSON')
    .action(grade);
}

const collectText = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

async function grade(reference: string, options: GradeOptions): Promise<void> {
  const empty = options.response.findIndex((text) => text.trim() === '');
  if (empty !== -1) throw new StudioError('usage', `Response ${empty + 1} is empty.`);
  const model = await resolveModel(reference, openStore());
  const grader = await EmbeddedGrader.load(model.file, model);
  const grades: Grade[] = [];
  for (const [index, text] of options.response.entries()) {
    const sibling = siblingOf(options.response, index);
    grades.push(
      await grader.grade({
        prompt: [{ role: 'user', content: options.prompt }],
        response: [{ role: 'assistant', content: text }],
        ...(sibling === undefined ? {} : { sibling: [{ role: 'assistant', content: sibling }] }),
      }),
    );
  }
  if (options.json) {
    printJson({ model, grades });
    return;
  }
  printLines([
    `model: ${model.name} (${model.file})`,
    ...grades.map((each, index) => `response ${index + 1}: ${gradeLine(each)}`),
  ]);
}

/** The first response is held against the second, every other one against the first. */
const siblingOf = (responses: readonly string[], index: number): string | undefined =>
  index === 0 ? responses[1] : responses[0];

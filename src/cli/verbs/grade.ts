import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import { gradeLine } from '../../core/graders/grade-card.ts';
import type { Grade, Grader } from '../../core/graders/grader.ts';
import { DEFAULT_SEED } from '../../core/gradings/grade-file.ts';
import { collectPair, interruptSignal, parseNumber, parseWholeNumber, withPythonOption } from '../arguments.ts';
import { asPrompt, asResponse, collectText, eitherOne, givenTexts, openedText, openOne } from '../given-texts.ts';
import { printJson, printLines } from '../output.ts';
import { type GradeFileVerbOptions, gradeRowsOf } from './grade-file.ts';

interface GradeOptions extends GradeFileVerbOptions {
  readonly prompt?: string;
  readonly response?: readonly string[];
}

export function addGrade(program: Command): void {
  const command = program
    .command('grade')
    .description('grade responses to a prompt, several compared with the first, or every row of a file')
    .argument('[model]', 'model file or folder, run folder, run id or run name; left out with --grader')
    .argument('[file]', 'dataset (file, folder or glob of shards) whose rows are graded')
    .option('--grader <name>', 'a grader of this folder in place of a model (see "graders list")')
    .option('--prompt <text>', 'the prompt')
    .option('--response <text>', 'a response, or - for standard input; repeat it to compare', collectText)
    .option('--out <file>', 'where the rows of a file go with their grades: .jsonl or .parquet')
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--response-column <name>', 'grade this column of texts or messages, whatever the shape of the rows')
    .option('--prompt-column <name>', 'column of the prompts to it')
    .option('--pass-at <score>', 'tell the share of responses with at least this score, 0 to 4', parseNumber)
    .option('--pass-percentile <n>', 'tell the share with at least this percentile of the training data', parseNumber)
    .option('--seed <n>', 'decides which response of a pair is shown first', parseWholeNumber, DEFAULT_SEED)
    .option('--accept-cost', 'agree to what the estimate says')
    .option('--force', 'write over the output; rows that failed before are graded again')
    .option('--restart', 'forget the grades that are kept of an unfinished grading')
    .option('--json', 'print as JSON');
  withPythonOption(command).action(grade);
}

async function grade(first: string | undefined, second: string | undefined, options: GradeOptions): Promise<void> {
  const { grader: name, prompt, response } = options;
  if (prompt !== undefined || response !== undefined) {
    if (second !== undefined) {
      throw new StudioError('usage', 'Grade either a file or the responses that you give.');
    }
    if (prompt === undefined || response === undefined) {
      throw new StudioError('usage', 'A response is graded with its prompt.', {
        hint: 'Give --prompt and --response.',
      });
    }
    await gradeTexts(first, prompt, response, options);
    return;
  }
  const [model, file] = name === undefined ? [first, second] : [undefined, first];
  if (name !== undefined && second !== undefined) throw eitherOne();
  if (file === undefined) {
    throw new StudioError('usage', 'There is nothing to grade.', {
      hint: 'Name a file behind the model, or give --prompt and --response.',
    });
  }
  await gradeRowsOf(model, file, options);
}

async function gradeTexts(
  reference: string | undefined,
  prompt: string,
  given: readonly string[],
  options: GradeOptions,
): Promise<void> {
  const responses = await givenTexts(given);
  const opened = await openOne(reference, options);
  const { grader, model } = opened;
  try {
    const grades = await gradeAll(grader, prompt, responses);
    if (options.json) printJson({ ...(model ? { model } : { grader: grader.name }), grades });
    else {
      printLines([
        openedText(opened, grades[0]!.provenance.model),
        ...grades.flatMap((each, index) => [
          `response ${index + 1}: ${gradeLine(each)}`,
          ...(each.notes ?? []).map((note) => `  note: ${note}`),
        ]),
      ]);
    }
  } finally {
    // What is served is ended with the last grade.
    grader.dispose();
  }
}

async function gradeAll(grader: Grader, prompt: string, responses: readonly string[]): Promise<Grade[]> {
  const signal = interruptSignal();
  const grades: Grade[] = [];
  for (const [index, text] of responses.entries()) {
    const sibling = siblingOf(responses, index);
    const request = {
      prompt: asPrompt(prompt),
      response: asResponse(text),
      ...(sibling === undefined ? {} : { sibling: asResponse(sibling) }),
    };
    grades.push(await grader.grade(request, signal));
  }
  return grades;
}

/** The first response is held against the second, every other one against the first. */
const siblingOf = (responses: readonly string[], index: number): string | undefined =>
  index === 0 ? responses[1] : responses[0];

import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import type { Grade, Grader } from '../../core/graders/grader.ts';
import { gradeLine } from '../../core/graders/hover-card.ts';
import { type ModelReference, resolveModel } from '../../core/graders/model-reference.ts';
import { openGrader } from '../../core/graders/open-grader.ts';
import { DEFAULT_SEED } from '../../core/gradings/grade-file.ts';
import {
  collectPair,
  interruptSignal,
  openStore,
  parseNumber,
  parseWholeNumber,
  runtimeWithPython,
  withPythonOption,
} from '../arguments.ts';
import { printJson, printLines } from '../output.ts';
import { openNamedGrader } from '../registry.ts';
import { type GradeFileVerbOptions, gradeRowsOf } from './grade-file.ts';

interface GradeOptions extends GradeFileVerbOptions {
  readonly prompt?: string;
  readonly response?: readonly string[];
}

const eitherOne = (): StudioError =>
  new StudioError('usage', 'Name either a model or a grader.', {
    hint: 'A model stands first; --grader names one of "reward-studio graders list".',
  });

/** A response that stands for what comes on standard input. */
const FROM_INPUT = '-';

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

const collectText = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

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
  const responses = await withInput(given);
  const empty = responses.findIndex((text) => text.trim() === '');
  if (empty !== -1) throw new StudioError('usage', `Response ${empty + 1} is empty.`);
  const { grader, model } = await openOne(reference, options);
  try {
    const grades = await gradeAll(grader, prompt, responses);
    if (options.json) printJson({ ...(model ? { model } : { grader: grader.name }), grades });
    else {
      printLines([
        model ? `model: ${model.name} (${model.file})` : `grader: ${grader.name} (${grades[0]!.provenance.model})`,
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

interface Opened {
  readonly grader: Grader;
  readonly model?: ModelReference;
}

async function openOne(reference: string | undefined, options: GradeOptions): Promise<Opened> {
  if ((reference === undefined) === (options.grader === undefined)) {
    throw eitherOne();
  }
  if (options.grader !== undefined) return { grader: await openNamedGrader(options.grader, options) };
  const model = await resolveModel(reference!, openStore());
  const runtime = await runtimeWithPython(options);
  return { model, grader: await openGrader(model, { runtime, serve: {} }) };
}

async function withInput(responses: readonly string[]): Promise<readonly string[]> {
  if (!responses.includes(FROM_INPUT)) return responses;
  if (responses.filter((text) => text === FROM_INPUT).length > 1) {
    throw new StudioError('usage', 'Only one response can come on standard input.');
  }
  const text = await readInput();
  return responses.map((each) => (each === FROM_INPUT ? text : each));
}

async function readInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

async function gradeAll(grader: Grader, prompt: string, responses: readonly string[]): Promise<Grade[]> {
  const signal = interruptSignal();
  const grades: Grade[] = [];
  for (const [index, text] of responses.entries()) {
    const sibling = siblingOf(responses, index);
    const request = {
      prompt: [{ role: 'user' as const, content: prompt }],
      response: [{ role: 'assistant' as const, content: text }],
      ...(sibling === undefined ? {} : { sibling: [{ role: 'assistant' as const, content: sibling }] }),
    };
    grades.push(await grader.grade(request, signal));
  }
  return grades;
}

/** The first response is held against the second, every other one against the first. */
const siblingOf = (responses: readonly string[], index: number): string | undefined =>
  index === 0 ? responses[1] : responses[0];

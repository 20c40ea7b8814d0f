/** Graders and texts that a person names on the command line, for the verbs that grade single responses. */

import type { Message } from '../core/datasets/records.ts';
import { StudioError } from '../core/errors.ts';
import type { Grader } from '../core/graders/grader.ts';
import { type ModelReference, resolveModel } from '../core/graders/model-reference.ts';
import { openGrader } from '../core/graders/open-grader.ts';
import { openStore, type PythonOption, runtimeWithPython } from './arguments.ts';
import { openNamedGrader } from './registry.ts';

/** A response that stands for what comes on standard input. */
const FROM_INPUT = '-';

export interface GraderOption extends PythonOption {
  readonly grader?: string;
}

export interface Opened {
  readonly grader: Grader;
  readonly model?: ModelReference;
}

export const collectText = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export const asPrompt = (content: string): readonly Message[] => [{ role: 'user', content }];
export const asResponse = (content: string): readonly Message[] => [{ role: 'assistant', content }];

export const eitherOne = (): StudioError =>
  new StudioError('usage', 'Name either a model or a grader.', {
    hint: 'A model stands first; --grader names one of "reward-studio graders list".',
  });

/** Whoever opens it disposes of its grader: what is served is ended with it. */
export async function openOne(reference: string | undefined, options: GraderOption): Promise<Opened> {
  if ((reference === undefined) === (options.grader === undefined)) throw eitherOne();
  if (options.grader !== undefined) return { grader: await openNamedGrader(options.grader, options) };
  const model = await resolveModel(reference!, openStore());
  const runtime = await runtimeWithPython(options);
  return { model, grader: await openGrader(model, { runtime, serve: {} }) };
}

/** "model: NAME (FILE)", or the grader and what it is. */
export const openedText = ({ grader, model }: Opened, asked: string): string =>
  model ? `model: ${model.name} (${model.file})` : `grader: ${grader.name} (${asked})`;

/** @throws StudioError 'usage' where a response is empty, or two are to come on standard input */
export async function givenTexts(responses: readonly string[]): Promise<readonly string[]> {
  const texts = await withInput(responses);
  const empty = texts.findIndex((text) => text.trim() === '');
  if (empty !== -1) throw new StudioError('usage', `Response ${empty + 1} is empty.`);
  return texts;
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

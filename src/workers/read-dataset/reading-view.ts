/** One row as a person reads it, cut to what a page can hold. */

import type { Dataset } from '../../core/datasets/dataset.ts';
import type { BoundFormat } from '../../core/datasets/formats/bound-format.ts';
import type { Message } from '../../core/datasets/records.ts';
import { readingOf } from '../../core/datasets/row-reading.ts';
import { StudioError } from '../../core/errors.ts';
import type { AnswerTexts } from '../../protocol/dataset-grades.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading, Turns } from '../../protocol/dataset-reading.ts';
import { CONVERSATION_TURNS, TEXT_CHARS } from '../../protocol/dataset-viewer.ts';
import { pieceOf, startOf } from './present.ts';

const ROLE_CHARS = 60;
const MOST_GRADED_CHARS = 1_000_000;

/** @param format the shape that the rows were recognised as */
export async function readRowAsPerson(
  dataset: Dataset,
  format: BoundFormat,
  { row, record }: ReadingRequest,
  signal: AbortSignal,
): Promise<RowReading> {
  const results = await interpretRowOf(dataset, format, row, signal);
  const at = Math.max(0, Math.min(record, results.length - 1));
  const found = results[at];
  const place = { row, record: at, records: results.length, columns: format.columns };
  if (!found || 'problem' in found) {
    const problem = found
      ? `This row cannot be trained on: ${found.problem.message} (column "${found.problem.field}").`
      : 'This row holds no record.';
    return { ...place, problem, prompt: { turns: [], count: 0 }, answers: [], facts: [] };
  }
  const { prompt, answers, facts } = readingOf(found.record);
  return {
    ...place,
    prompt: turnsOf(prompt),
    answers: answers.map(({ title, verdict, messages }) => ({
      title,
      ...(verdict ? { verdict } : {}),
      chars: messages.reduce((sum, message) => sum + message.content.length, 0),
      ...turnsOf(messages),
    })),
    facts,
  };
}

/** The whole texts of a row for who grades them. @throws StudioError 'not-available' where they are very long */
export async function answersOfRow(
  dataset: Dataset,
  format: BoundFormat,
  { row, record }: ReadingRequest,
  signal: AbortSignal,
): Promise<AnswerTexts | null> {
  const cells = await cellsOf(dataset, format, row, signal);
  const found = cells && format.interpret(cells)[record];
  if (!found || 'problem' in found) return null;
  const { prompt, answers } = readingOf(found.record);
  if (answers.length === 0) return null;
  const chars = [prompt, ...answers.map(({ messages }) => messages)]
    .flat()
    .reduce((sum, { content }) => sum + content.length, 0);
  if (chars > MOST_GRADED_CHARS) {
    throw new StudioError(
      'not-available',
      `This row has ${chars.toLocaleString('en')} characters, too many to be graded while it is read.`,
      {
        hint: 'Grade the file.',
      },
    );
  }
  const texts = cells.map(textsIn);
  const holding = (messages: readonly Message[]) => {
    const last = messages.at(-1)?.content.trim() ?? '';
    return last === '' ? [] : format.columns.filter((_, at) => texts[at]!.some((text) => text.includes(last)));
  };
  return {
    prompt,
    answers: answers.map(({ title, messages }) => ({ title, messages, columns: holding(messages) })),
  };
}

/** All texts that a cell holds, however deep. */
function textsIn(cell: unknown): string[] {
  if (typeof cell === 'string') return [cell, ...textsIn(/^\s*[[{]/.test(cell) ? jsonOf(cell) : undefined)];
  if (typeof cell !== 'object' || cell === null || cell instanceof Date || ArrayBuffer.isView(cell)) return [];
  return Object.values(cell).flatMap(textsIn);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The next piece of a turn that was cut. */
export async function readTurnOfRow(
  dataset: Dataset,
  format: BoundFormat,
  { row, record, part, turn, from }: ReadingTextRequest,
  signal: AbortSignal,
): Promise<string> {
  const found = (await interpretRowOf(dataset, format, row, signal))[record];
  if (!found || 'problem' in found) return '';
  const { prompt, answers } = readingOf(found.record);
  const messages = part === 'prompt' ? prompt : answers[part]?.messages;
  return pieceOf(messages?.[turn]?.content ?? '', from, TEXT_CHARS);
}

async function interpretRowOf(dataset: Dataset, format: BoundFormat, row: number, signal: AbortSignal) {
  const cells = await cellsOf(dataset, format, row, signal);
  return cells ? format.interpret(cells) : [];
}

/** Of the columns of the format, in their order. */
async function cellsOf(dataset: Dataset, format: BoundFormat, row: number, signal: AbortSignal) {
  for await (const batch of dataset.read({ start: row, end: row + 1, columns: format.columns }, signal)) {
    const [cells] = batch.rows;
    if (cells) return cells;
  }
  return undefined;
}

function turnsOf(messages: readonly Message[]): Turns {
  let left = TEXT_CHARS;
  const turns = messages.slice(0, CONVERSATION_TURNS).map(({ role, content }) => {
    const start = startOf(content, left);
    left -= start.text.length;
    return { role: role.slice(0, ROLE_CHARS), content: start };
  });
  return { turns, count: messages.length };
}

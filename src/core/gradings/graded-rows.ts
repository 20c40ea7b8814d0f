/** What of a row is graded: by the shape of the rows, or by the columns that a person names. */

import type { Column, Dataset } from '../datasets/dataset.ts';
import type { Binding, ColumnMap } from '../datasets/formats/binding.ts';
import { BoundFormat } from '../datasets/formats/bound-format.ts';
import { areMessages, messagesOf } from '../datasets/formats/messages.ts';
import { type RowProblem, UnfitRow } from '../datasets/formats/row-problem.ts';
import { SHAPES } from '../datasets/formats/shapes.ts';
import { decodeJson, describeType, isBlank } from '../datasets/formats/text.ts';
import { recognise } from '../datasets/recognise.ts';
import type { Message, RecordKind, TrainingRecord } from '../datasets/records.ts';
import { StudioError } from '../errors.ts';
import type { GradableRecord } from '../graders/grade-record.ts';

/** How rows are read; plain data, so that threads and a later continuation read them alike. */
export type Reading =
  | { readonly kind: 'shape'; readonly shape: string; readonly binding: Binding }
  | { readonly kind: 'columns'; readonly response: number; readonly prompt: number | null };

/** What a person says of the rows; nothing of it leaves them to be recognised. */
export interface ReadingChoice {
  readonly map?: ColumnMap | undefined;
  /** Column whose texts, or lists of messages, are graded. */
  readonly responseColumn?: string | undefined;
  readonly promptColumn?: string | undefined;
}

/** A row holds one response, or two of one prompt; a row may hold several such items. */
export type GradedKind = 'response' | 'preference-pair' | 'compared-responses';

export type RowItem =
  | { readonly record: GradableRecord }
  | { readonly problem: { readonly code: string; readonly message: string } };

/**
 * @throws StudioError 'missing-column', 'usage', or 'unrecognised-shape' where no shape fits and no column is named
 */
export async function chooseReading(
  dataset: Dataset,
  { map, responseColumn, promptColumn }: ReadingChoice,
  signal?: AbortSignal,
): Promise<Reading> {
  if (responseColumn !== undefined) {
    if (map !== undefined)
      throw new StudioError('usage', 'Name either the column of the responses or a map of fields.');
    return {
      kind: 'columns',
      response: columnNamed(dataset, responseColumn),
      prompt: promptColumn === undefined ? null : columnNamed(dataset, promptColumn),
    };
  }
  if (promptColumn !== undefined) throw new StudioError('usage', 'A column of prompts needs a column of responses.');
  const recognition = await recognise(dataset, { map, signal });
  const best = recognition.candidates.find(({ fits }) => fits);
  if (best) return { kind: 'shape', shape: best.id, binding: best.format.binding };
  throw new StudioError('unrecognised-shape', 'What the rows hold is not recognised.', {
    where: { file: dataset.name },
    hint: `Name the column of the responses (--response-column), and that of the prompts (--prompt-column). The columns are: ${dataset.columns.map(({ name }) => name).join(', ')}.`,
  });
}

function columnNamed({ columns, name: file }: Dataset, name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index !== -1) return index;
  throw new StudioError('missing-column', `There is no column "${name}".`, {
    where: { file, field: name },
    hint: `The columns are: ${columns.map((column) => column.name).join(', ')}.`,
  });
}

export class GradedRows {
  readonly kind: GradedKind;
  /** What the rows are, as a person reads it. */
  readonly title: string;
  /** Columns to read, in the order in which `items` takes their cells. */
  readonly columns: readonly number[];
  readonly items: (cells: readonly unknown[]) => RowItem[];

  constructor(reading: Reading, columns: readonly Column[]) {
    if (reading.kind === 'shape') {
      const shape = SHAPES.find(({ id }) => id === reading.shape)!;
      const format = new BoundFormat(shape, reading.binding, columns);
      this.kind = KINDS[shape.record];
      this.title = shape.title;
      this.columns = format.columns;
      this.items = (cells) =>
        format
          .interpret(cells)
          .map((result) =>
            'record' in result ? { record: gradable(result.record) } : { problem: told(result.problem) },
          );
      return;
    }
    const { response, prompt } = reading;
    const name = (column: number) => columns[column]?.name ?? '';
    this.kind = 'response';
    this.title = `column "${name(response)}"${prompt === null ? ', without prompts' : ` with the prompts in "${name(prompt)}"`}`;
    this.columns = prompt === null ? [response] : [response, prompt];
    this.items = ([answer, asked]) => [itemOf(answer, asked, { response: name(response), prompt: name(prompt ?? -1) })];
  }
}

const KINDS: Readonly<Record<RecordKind, GradedKind>> = {
  'preference-pair': 'preference-pair',
  'compared-responses': 'compared-responses',
  'scored-response': 'response',
  conversation: 'response',
};

const told = ({ code, field, message }: RowProblem) => ({ code, message: `"${field}": ${message}` });

function gradable(record: TrainingRecord): GradableRecord {
  if (record.kind !== 'conversation') return record;
  return { kind: 'response', prompt: record.messages.slice(0, -1), response: record.messages.slice(-1) };
}

function itemOf(
  answer: unknown,
  asked: unknown,
  names: { readonly response: string; readonly prompt: string },
): RowItem {
  try {
    const before = asked === undefined || asked === null ? [] : turnsOf(asked, 'user', names.prompt);
    const turns = turnsOf(answer, 'assistant', names.response);
    return { record: { kind: 'response', prompt: [...before, ...turns.slice(0, -1)], response: turns.slice(-1) } };
  } catch (error) {
    if (!(error instanceof UnfitRow)) throw error;
    return { problem: told(error) };
  }
}

/** A text as one turn of the role, or the messages of a list. */
function turnsOf(value: unknown, role: Message['role'], field: string): Message[] {
  const decoded = decodeJson(value);
  if (areMessages(decoded)) return messagesOf(decoded, field);
  if (value === null || value === undefined) throw new UnfitRow('missing-value', field, 'it is missing');
  if (typeof value !== 'string') throw new UnfitRow('wrong-type', field, `it is ${describeType(value)}, not a text`);
  if (isBlank(value)) throw new UnfitRow('empty-value', field, 'it is blank');
  return [{ role, content: value }];
}

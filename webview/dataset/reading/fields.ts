/** Fields of a row as they are stored: each whole, conversations by turn, nested values as a tree. */

import type { Column } from '../../../src/core/datasets/dataset.ts';
import type { FieldValue, Outcome, Problem, RowRecord, TextRequest } from '../../../src/protocol/dataset-viewer.ts';
import { element } from '../elements.ts';
import { columnLabel, counted, isNarrow } from '../text.ts';
import { jsonTree } from './json-tree.ts';
import { turnsView } from './turns.ts';

type LoadText = (request: TextRequest) => Promise<Outcome<string, Problem>>;

/** @param shown whether a column is wanted, by its index */
export function fieldsView(
  record: RowRecord,
  columns: readonly Column[],
  loadText: LoadText,
  shown: (column: number) => boolean = () => true,
): HTMLElement[] {
  return record.fields.flatMap((field, offset) => {
    const index = record.firstColumn + offset;
    const column = columns[index];
    if (!column || !shown(index)) return [];
    const load = (turn: number | undefined, from: number) =>
      loadText({ row: record.row, column: index, ...(turn === undefined ? {} : { turn }), from });
    return [fieldView(field, column, load)];
  });
}

function fieldView(
  field: FieldValue,
  { name, type }: Column,
  load: (turn: number | undefined, from: number) => Promise<Outcome<string, Problem>>,
): HTMLElement {
  const short = isNarrow(type) && field.kind !== 'conversation';
  return element(
    'section',
    { class: short ? 'field short' : 'field' },
    element(
      'h3',
      {},
      element('bdi', { class: name === '' ? 'name absent' : 'name' }, columnLabel(name)),
      element('bdi', { class: 'type' }, type),
      short ? undefined : element('span', { class: 'size' }, sizeOf(field)),
    ),
    valueView(field, load),
  );
}

function valueView(
  field: FieldValue,
  load: (turn: number | undefined, from: number) => Promise<Outcome<string, Problem>>,
): HTMLElement {
  const plain = { rendered: false, onMore: () => {} };
  if (field.kind === 'null') return element('p', { class: 'absent' }, 'null');
  if (field.kind === 'conversation') {
    return turnsView(field.turns, field.count, { ...plain, roles: true, more: load });
  }
  const { content } = field;
  const tree = content.text.length === content.chars ? jsonTree(content.text) : undefined;
  if (tree) return tree;
  const more = (_: number, from: number) => load(undefined, from);
  return turnsView([{ role: '', content }], 1, { ...plain, roles: false, more });
}

function sizeOf(field: FieldValue): string {
  if (field.kind === 'null') return '';
  return field.kind === 'text' ? counted(field.content.chars, 'character') : counted(field.count, 'turn');
}

/** Conditions of a filter in words, and which of them a column can have. */

import type { ColumnFamily, ComparisonOperator, Condition, QueryColumn } from '../../../src/core/queries/questions.ts';
import { columnLabel } from '../text.ts';

/** What can be chosen; `value` is what is asked for beside it. */
export interface ConditionChoice {
  readonly id: string;
  readonly label: string;
  readonly value: 'none' | 'text' | 'number' | 'list' | 'column';
  readonly families: readonly ColumnFamily[];
}

const TEXT: readonly ColumnFamily[] = ['text', 'json'];
const NUMBERS: readonly ColumnFamily[] = ['integer', 'decimal', 'float'];
const ORDERED: readonly ColumnFamily[] = [...NUMBERS, 'text', 'time'];
const NESTED: readonly ColumnFamily[] = ['list', 'struct', 'map'];
const LONG: readonly ColumnFamily[] = ['text', 'list', 'map'];
const ANY: readonly ColumnFamily[] = [...ORDERED, ...NESTED, 'boolean', 'binary', 'json', 'other'];
const EQUAL: readonly ColumnFamily[] = [...ORDERED, 'boolean', 'json'];

const OPERATORS: readonly (readonly [ComparisonOperator, string])[] = [
  ['=', '='],
  ['!=', '≠'],
  ['<', '<'],
  ['<=', '≤'],
  ['>', '>'],
  ['>=', '≥'],
];

export const CHOICES: readonly ConditionChoice[] = [
  { id: 'contains', label: 'contains', value: 'text', families: [...TEXT, ...NESTED] },
  { id: 'not-contains', label: 'does not contain', value: 'text', families: [...TEXT, ...NESTED] },
  { id: 'starts-with', label: 'starts with', value: 'text', families: TEXT },
  { id: 'matches', label: 'matches (regular expression)', value: 'text', families: TEXT },
  ...OPERATORS.map(([operator, label]): ConditionChoice => {
    const families = operator === '=' || operator === '!=' ? EQUAL : ORDERED;
    return { id: operator, label, value: 'text', families };
  }),
  { id: 'in', label: 'is one of', value: 'list', families: EQUAL },
  ...OPERATORS.map(([operator, label]): ConditionChoice => {
    return { id: `length ${operator}`, label: `length ${label}`, value: 'number', families: LONG };
  }),
  ...OPERATORS.map(([operator, label]): ConditionChoice => {
    const families = operator === '=' || operator === '!=' ? ANY : ORDERED;
    return { id: `column ${operator}`, label: `${label} column`, value: 'column', families };
  }),
  { id: 'is-null', label: 'is null', value: 'none', families: ANY },
  { id: 'is-not-null', label: 'is not null', value: 'none', families: ANY },
  { id: 'is-empty', label: 'is empty', value: 'none', families: LONG },
  { id: 'is-not-empty', label: 'is not empty', value: 'none', families: LONG },
];

export const choicesFor = (family: ColumnFamily): readonly ConditionChoice[] =>
  CHOICES.filter(({ families }) => families.includes(family));

/**
 * The condition that was put together.
 * @param value what was typed, or the index of the other column
 * @returns what is wrong with the value, where something is
 */
export function conditionOf(
  choice: ConditionChoice,
  column: number,
  family: ColumnFamily,
  value: string,
): Condition | string {
  const [first = '', operator] = choice.id.split(' ');
  const asOperator = (operator ?? first) as ComparisonOperator;
  switch (choice.value) {
    case 'none':
      return { kind: first as 'is-null', column };
    case 'column':
      return { kind: 'columns', column, operator: asOperator, other: Number(value) };
    case 'number': {
      const length = Number(value);
      if (value.trim() === '' || !Number.isInteger(length) || length < 0) return 'A length is a whole number from 0.';
      return { kind: 'length', column, operator: asOperator, value: length };
    }
    case 'list': {
      const values = value.split(',').map((item) => item.trim());
      return { kind: 'in', column, values: values.filter((item) => item !== '').map((item) => typed(family, item)) };
    }
    case 'text':
      if (first === 'matches') return { kind: 'matches', column, pattern: value };
      if (first === 'contains' || first === 'not-contains' || first === 'starts-with') {
        return value === '' ? 'Say which text.' : { kind: first, column, text: value };
      }
      if (NUMBERS.includes(family) && (value.trim() === '' || Number.isNaN(Number(value)))) return 'Say which number.';
      return { kind: 'compare', column, operator: asOperator, value: typed(family, value) };
  }
}

/** Digits that a double would round stay text. */
function typed(family: ColumnFamily, value: string): string | number | boolean {
  if (family === 'boolean') return value.trim().toLowerCase() === 'true';
  if (!NUMBERS.includes(family)) return value;
  const number = Number(value);
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : value.trim();
}

const symbolOf = (operator: ComparisonOperator): string => OPERATORS.find(([id]) => id === operator)?.[1] ?? operator;

/** `strength ≥ 2`, `chosen contains "timeout"`. */
export function conditionText(condition: Condition, columns: readonly QueryColumn[]): string {
  const name = columnLabel(columns[condition.column]?.name ?? '');
  switch (condition.kind) {
    case 'compare':
      return `${name} ${symbolOf(condition.operator)} ${condition.value === '' ? '""' : condition.value}`;
    case 'contains':
    case 'not-contains':
    case 'starts-with': {
      const label = CHOICES.find(({ id }) => id === condition.kind)?.label ?? condition.kind;
      return `${name} ${label} "${condition.text}"`;
    }
    case 'matches':
      return `${name} matches /${condition.pattern}/`;
    case 'in':
      return `${name} is one of ${condition.values.join(', ')}`;
    case 'length':
      return `length of ${name} ${symbolOf(condition.operator)} ${condition.value}`;
    case 'columns':
      return `${name} ${symbolOf(condition.operator)} ${columnLabel(columns[condition.other]?.name ?? '')}`;
    default:
      return `${name} ${CHOICES.find(({ id }) => id === condition.kind)?.label ?? condition.kind}`;
  }
}

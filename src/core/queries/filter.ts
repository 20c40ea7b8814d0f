/** A filter as a SQL condition over `cells`, its values bound. */

import { StudioError } from '../errors.ts';
import { type CellColumn, isNumeric, typeName } from './column-types.ts';
import type { DuckDb } from './duckdb.ts';
import { asText, comparedValues } from './filter-values.ts';
import type { Parameters } from './identifiers.ts';
import type { ComparisonOperator, Condition, Filter } from './questions.ts';
import { anyText, holdsText } from './string-leaves.ts';
import { type TextMatch, textCondition } from './text-conditions.ts';

export interface FilterContext {
  readonly duckDb: DuckDb;
  readonly parameters: Parameters;
  column(index: number): CellColumn;
}

const SQL_OPERATORS: Readonly<Record<ComparisonOperator, string>> = {
  '=': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/**
 * @returns SQL that is true for the rows that fulfil the filter, false or null for the others
 * @throws StudioError 'usage' where a condition does not suit its column
 */
export function filterSql(filter: Filter, context: FilterContext): string {
  if ('of' in filter) {
    if (filter.of.length === 0) return filter.kind === 'all' ? 'true' : 'false';
    return filter.of.map((part) => `(${filterSql(part, context)})`).join(filter.kind === 'all' ? ' AND ' : ' OR ');
  }
  return conditionSql(filter, context.column(filter.column), context);
}

function conditionSql(condition: Condition, column: CellColumn, context: FilterContext): string {
  const { parameters } = context;
  switch (condition.kind) {
    case 'compare': {
      const { left, right } = comparedValues(column, condition.value, parameters);
      return `${left} ${SQL_OPERATORS[condition.operator]} ${right}`;
    }
    case 'in': {
      const equal = condition.values.map((value) => comparedValues(column, value, parameters));
      return equal.length === 0 ? 'false' : equal.map(({ left, right }) => `${left} = ${right}`).join(' OR ');
    }
    case 'contains':
      return textSql(column, context, { text: condition.text, caseSensitive: condition.caseSensitive });
    case 'not-contains':
      return `${column.cell} IS NOT NULL AND NOT ${textSql(column, context, { text: condition.text, caseSensitive: condition.caseSensitive })}`;
    case 'starts-with':
      return textSql(column, context, { text: condition.text, caseSensitive: condition.caseSensitive, atStart: true });
    case 'matches':
      return textSql(column, context, { text: condition.pattern, caseSensitive: condition.caseSensitive, regex: true });
    case 'is-null':
      return `${column.cell} IS NULL`;
    case 'is-not-null':
      return `${column.cell} IS NOT NULL`;
    case 'is-empty':
      return `${lengthSql(column)} = 0`;
    case 'is-not-empty':
      return `${lengthSql(column)} > 0`;
    case 'length':
      return `${lengthSql(column)} ${SQL_OPERATORS[condition.operator]} CAST(${parameters.add(String(condition.value))} AS BIGINT)`;
    case 'columns':
      return columnsSql(column, condition.operator, context.column(condition.other));
  }
}

/** In a column without text, such as numbers, the text that its values are shown as. */
function textSql(column: CellColumn, { duckDb, parameters }: FilterContext, match: TextMatch): string {
  const condition = textCondition(match, parameters);
  if (holdsText(duckDb, column)) return anyText(duckDb, column, condition);
  return `coalesce(${condition(asText(column))}, false)`;
}

/** SQL of the length, or undefined where values of the column have none. */
export function lengthOf(column: CellColumn): string | undefined {
  switch (column.family) {
    case 'text':
      return `length(${asText(column)})`;
    case 'binary':
      return `octet_length(${column.cell})`;
    case 'list':
      return `len(${column.cell})`;
    case 'map':
      return `cardinality(${column.cell})`;
    case 'json':
      return `CASE json_type(${column.cell}) WHEN 'ARRAY' THEN json_array_length(${column.cell}) WHEN 'OBJECT' THEN len(json_keys(${column.cell})) WHEN 'VARCHAR' THEN length(json_extract_string(${column.cell}, '$')) END`;
    default:
      return undefined;
  }
}

function lengthSql(column: CellColumn): string {
  const length = lengthOf(column);
  if (length !== undefined) return length;
  throw new StudioError('usage', `Values of column "${column.name}" have no length.`, {
    where: { field: column.name },
    hint: 'Texts, bytes, lists and maps have one.',
  });
}

function columnsSql(left: CellColumn, operator: ComparisonOperator, right: CellColumn): string {
  const alike = left.family === right.family || (isNumeric(left.family) && isNumeric(right.family));
  if (!alike || left.family === 'other') {
    throw new StudioError(
      'usage',
      `Columns "${left.name}" (${typeName(left.type)}) and "${right.name}" (${typeName(right.type)}) cannot be compared.`,
      { where: { field: left.name } },
    );
  }
  if (isNumeric(left.family) || left.family === 'boolean' || left.family === 'binary' || left.family === 'time') {
    return `${left.cell} ${SQL_OPERATORS[operator]} ${right.cell}`;
  }
  // Nested values of differing types are compared as they are written.
  return `CAST(${left.cell} AS VARCHAR) ${SQL_OPERATORS[operator]} CAST(${right.cell} AS VARCHAR)`;
}

/** Conditions on the texts inside nested values: true where any text fulfils them, null where there is none. */

import type { DuckDBType } from '@duckdb/node-api';
import { type CellColumn, familyOf, fieldTypes, itemType, mapTypes } from './column-types.ts';
import type { DuckDb } from './duckdb.ts';

/** The condition on one text, given as SQL. */
export type TextCondition = (text: string) => string;

/** SQL that is true where any text of the column fulfils the condition, and never null. */
export function anyText(duckDb: DuckDb, column: CellColumn, condition: TextCondition): string {
  const sql = column.leaves
    ? ofList(column.leaves, 0, (item) => condition(item))
    : ofValue(duckDb, column.type, column.cell, 0, condition);
  return `coalesce(${sql ?? 'false'}, false)`;
}

/** Whether there may be text anywhere in the column; numbers and times count as none. */
export function holdsText(duckDb: DuckDb, column: CellColumn): boolean {
  return column.leaves !== undefined || ofValue(duckDb, column.type, column.cell, 0, () => 'true') !== undefined;
}

function ofValue(
  duckDb: DuckDb,
  type: DuckDBType,
  sql: string,
  depth: number,
  condition: TextCondition,
): string | undefined {
  switch (familyOf(duckDb, type)) {
    case 'text':
    case 'json':
      return condition(type.typeId === duckDb.DuckDBTypeId.VARCHAR && !type.alias ? sql : `CAST(${sql} AS VARCHAR)`);
    case 'list': {
      const inner = ofValue(duckDb, itemType(type), `x${depth}`, depth + 1, condition);
      const list = type.typeId === duckDb.DuckDBTypeId.ARRAY ? `CAST(${sql} AS ${itemType(type)}[])` : sql;
      return inner && ofList(list, depth, () => inner);
    }
    case 'struct': {
      const parts = fieldTypes(type).map((field, index) =>
        ofValue(duckDb, field, `struct_extract_at(${sql}, ${index + 1})`, depth, condition),
      );
      return anyOf(parts);
    }
    case 'map': {
      const { keyType, valueType } = mapTypes(type);
      const inside = (part: DuckDBType, list: string) => {
        const inner = ofValue(duckDb, part, `x${depth}`, depth + 1, condition);
        return inner && ofList(list, depth, () => inner);
      };
      return anyOf([inside(keyType, `map_keys(${sql})`), inside(valueType, `map_values(${sql})`)]);
    }
    default:
      return undefined;
  }
}

const ofList = (list: string, depth: number, condition: TextCondition) =>
  `list_bool_or(list_transform(${list}, lambda x${depth}: ${condition(`x${depth}`)}))`;

function anyOf(parts: readonly (string | undefined)[]): string | undefined {
  const present = parts.filter((part) => part !== undefined);
  return present.length === 0 ? undefined : `(${present.map((part) => `coalesce(${part}, false)`).join(' OR ')})`;
}

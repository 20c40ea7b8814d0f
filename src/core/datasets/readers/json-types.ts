/** Column names and types of rows that have no schema of their own (JSON, JSONL). */

import type { Column } from '../dataset.ts';

/** Rows whose nested values are looked into; later ones count by their outermost type only. */
export const ROWS_IN_DEPTH = 1_000;

interface ObservedType {
  readonly scalars: Set<string>;
  item?: ObservedType;
  fields?: Map<string, ObservedType>;
}

/** What was seen of some rows, in a form that can be sent to another thread. */
export type ObservedColumns = ReadonlyMap<string, ObservedType>;

/** Gathers the columns of JSON rows: the union of their keys in order of first appearance. */
export class JsonColumns {
  readonly #columns = new Map<string, ObservedType>();
  #rows: number;

  /** @param first whether these are the first rows of a file */
  constructor(first = true) {
    this.#rows = first ? 0 : ROWS_IN_DEPTH;
  }

  observe(row: object): void {
    const inDepth = this.#rows++ < ROWS_IN_DEPTH;
    for (const key of Object.keys(row)) {
      let type = this.#columns.get(key);
      if (!type) {
        type = { scalars: new Set() };
        this.#columns.set(key, type);
      }
      observeValue(type, (row as Record<string, unknown>)[key], inDepth);
    }
  }

  /** A row with the keys of the row before, and a value of no other type under any; none of them is a list or a structure. */
  observeLike(): void {
    this.#rows++;
  }

  observed(): ObservedColumns {
    return this.#columns;
  }

  /** Takes over what was seen of the rows that follow. */
  append(observed: ObservedColumns): void {
    mergeFields(this.#columns, observed);
  }

  columns(): Column[] {
    return [...this.#columns].map(([name, type]) => ({ name, type: typeName(type) }));
  }
}

/** The cells of a JSON row under the given columns; a key that the row lacks is null. */
export function jsonCells(row: object, columns: readonly Column[]): unknown[] {
  return columns.map(({ name }) =>
    Object.hasOwn(row, name) ? ((row as Record<string, unknown>)[name] ?? null) : null,
  );
}

function mergeFields(into: Map<string, ObservedType>, fields: ReadonlyMap<string, ObservedType>): void {
  for (const [key, type] of fields) {
    const known = into.get(key);
    if (known) mergeType(known, type);
    else into.set(key, type);
  }
}

function mergeType(into: ObservedType, type: ObservedType): void {
  for (const scalar of type.scalars) into.scalars.add(scalar);
  if (type.item) {
    into.item ??= { scalars: new Set() };
    mergeType(into.item, type.item);
  }
  if (type.fields) {
    into.fields ??= new Map();
    mergeFields(into.fields, type.fields);
  }
}

function observeValue(type: ObservedType, value: unknown, inDepth: boolean): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    type.item ??= { scalars: new Set() };
    if (inDepth) for (const item of value) observeValue(type.item, item, inDepth);
  } else if (typeof value === 'object') {
    type.fields ??= new Map();
    if (inDepth) for (const [key, item] of Object.entries(value)) observeField(type.fields, key, item);
  } else {
    type.scalars.add(scalarName(value));
  }
}

function observeField(fields: Map<string, ObservedType>, key: string, value: unknown): void {
  let type = fields.get(key);
  if (!type) {
    type = { scalars: new Set() };
    fields.set(key, type);
  }
  observeValue(type, value, true);
}

function scalarName(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value === 'bigint') return 'int';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function typeName(type: ObservedType): string {
  const scalars = new Set(type.scalars);
  if (scalars.has('double')) scalars.delete('int');
  const names = [...scalars].sort();
  if (type.item) names.push(`list<${typeName(type.item)}>`);
  if (type.fields) {
    names.push(`struct<${[...type.fields].map(([key, field]) => `${key}: ${typeName(field)}`).join(', ')}>`);
  }
  return names.length === 0 ? 'null' : names.join(' | ');
}

/** Which column of a file is which field of a row shape. */

import { StudioError } from '../../errors.ts';
import type { Column } from '../dataset.ts';
import type { ShapeDeclaration } from './declaration.ts';

/** Field of the shape -> index of the column. An optional field may be absent. */
export type Binding = Readonly<Record<string, number>>;

/** Renames of `--map field=column`: the column counts under the field's name, and no longer under its own. */
export type ColumnMap = Readonly<Record<string, string>>;

/**
 * The names under which the columns are looked for.
 * @throws StudioError 'missing-column' where the map names a column that the file does not have
 */
export function mappedNames(columns: readonly Column[], map: ColumnMap, file: string): string[] {
  const fields = new Map<string, string>();
  for (const [field, column] of Object.entries(map)) {
    if (!columns.some((known) => known.name === column)) {
      throw new StudioError('missing-column', `There is no column "${column}" to take as "${field}".`, {
        where: { file, field: column },
        hint: `The columns are: ${columns.map((known) => known.name).join(', ')}.`,
      });
    }
    fields.set(column, field);
  }
  const taken = new Set(Object.keys(map));
  // A column that bears the name of a mapped field steps aside for the mapped one.
  return columns.map(({ name }) => fields.get(name) ?? (taken.has(name) ? `${name} (not mapped)` : name));
}

/** The binding, or the required fields that no column is found for. */
export function bindShape(
  shape: Pick<ShapeDeclaration, 'fields' | 'without'>,
  names: readonly string[],
  mappedFields: readonly string[],
): { binding: Binding } | { missing: string[] } {
  const binding: Record<string, number> = {};
  const missing: string[] = [];
  for (const [field, { columns, optional }] of Object.entries(shape.fields)) {
    const place = [field, ...columns].map((name) => names.indexOf(name)).find((index) => index >= 0);
    if (place !== undefined) binding[field] = place;
    else if (!optional) missing.push(field);
  }
  if (missing.length > 0) return { missing };
  const bound = new Set(Object.values(binding));
  const unused = mappedFields.some((field) => !bound.has(names.indexOf(field)));
  const excluded = shape.without.some((name) => names.includes(name));
  return unused || excluded ? { missing: [] } : { binding };
}

/** Values of a filter as SQL of the column's own type, so that a comparison is exact. */

import { StudioError } from '../errors.ts';
import type { CellColumn } from './column-types.ts';
import type { Parameters } from './identifiers.ts';
import type { FilterValue } from './questions.ts';

export interface Operands {
  readonly left: string;
  readonly right: string;
}

const INTEGER = /^[+-]?\d{1,38}$/;
const DECIMAL = /^[+-]?(\d*)(?:\.(\d*))?$/;
const MOST_DIGITS = 38;

/** @throws StudioError 'usage' where the column cannot be compared with the value */
export function comparedValues(column: CellColumn, value: FilterValue, parameters: Parameters): Operands {
  const { cell, family, type } = column;
  const bound = () => parameters.add(String(value));
  switch (family) {
    case 'text':
      // In CSV every column is text.
      if (typeof value === 'number')
        return { left: `TRY_CAST(${cell} AS DOUBLE)`, right: `CAST(${bound()} AS DOUBLE)` };
      return { left: asText(column), right: bound() };
    case 'integer':
      if (INTEGER.test(String(value))) return { left: cell, right: `CAST(${bound()} AS HUGEINT)` };
      return { left: cell, right: `CAST(${numeric(column, value, parameters)} AS DOUBLE)` };
    case 'decimal':
      return { left: cell, right: decimal(column, value, parameters) };
    case 'float':
      // A value as it is shown, 0.1, equals the column's 0.1 only when it is rounded to the same type.
      return { left: cell, right: `CAST(${numeric(column, value, parameters)} AS ${type})` };
    case 'boolean':
      if (String(value) !== 'true' && String(value) !== 'false') throw unfit(column, value, 'true or false');
      return { left: cell, right: `CAST(${bound()} AS BOOLEAN)` };
    case 'time':
      if (typeof value !== 'string' || value.trim() === '')
        throw unfit(column, value, 'a date or time like 2024-05-01 12:30');
      return { left: cell, right: `CAST(${bound()} AS ${type})` };
    case 'binary': {
      const hex = String(value).replace(/^0x/i, '');
      if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) throw unfit(column, value, 'bytes in hex like 0x00FF');
      return { left: cell, right: `unhex(${parameters.add(hex)})` };
    }
    default:
      throw new StudioError('usage', `Column "${column.name}" holds values inside values, which cannot be compared.`, {
        where: { field: column.name },
        hint: 'Ask whether it contains a text, is null or empty, or has a length.',
      });
  }
}

export function asText({ cell, type, family }: CellColumn): string {
  return family === 'text' && String(type) === 'VARCHAR' ? cell : `CAST(${cell} AS VARCHAR)`;
}

function numeric(column: CellColumn, value: FilterValue, parameters: Parameters): string {
  const text = String(value).trim();
  const special = /^[+-]?(?:nan|inf(?:inity)?)$/i.test(text);
  if (typeof value === 'boolean' || text === '' || !(special || Number.isFinite(Number(text)))) {
    throw unfit(column, value, 'a number');
  }
  return parameters.add(text);
}

/** As many digits after the point as the value has, so that it is not rounded; a double where that is too many. */
function decimal(column: CellColumn, value: FilterValue, parameters: Parameters): string {
  const text = String(value).trim();
  const [, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  const { width, scale } = column.type as unknown as { readonly width: number; readonly scale: number };
  const digits = Math.max(whole.length, width - scale) + Math.max(fraction.length, scale);
  if (whole + fraction === '' || digits > MOST_DIGITS) {
    return `CAST(${numeric(column, value, parameters)} AS DOUBLE)`;
  }
  return `CAST(${parameters.add(text)} AS DECIMAL(${MOST_DIGITS}, ${fraction.length}))`;
}

function unfit(column: CellColumn, value: FilterValue, wanted: string): StudioError {
  return new StudioError('usage', `${JSON.stringify(value)} is not ${wanted}.`, { where: { field: column.name } });
}

/** Numbers and values in words. */

const LOCALE = 'en';
const integer = new Intl.NumberFormat(LOCALE);

export const count = (value: number): string => integer.format(value);

const rounded = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 4 });

export const figure = (value: number): string => (Number.isInteger(value) ? integer : rounded).format(value);

/** `1 row`, `2,308 rows`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as file managers show them: three digits at most. */
export function bytes(value: number): string {
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1_000;
    unit++;
  }
  const digits = unit === 0 || scaled >= 99.5 ? 0 : scaled >= 9.95 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${UNITS[unit]}`;
}

/** A column's name as it can be shown: an empty one has a stand-in. */
export const columnLabel = (name: string): string => (name === '' ? '(no name)' : name);

const NARROW = /^(u?int\d*|float\d*|double|half|decimal.*|bool|boolean|number)\b/i;

/** Columns of short values: numbers and booleans. Text columns share the remaining width. */
export const isNarrow = (type: string): boolean => NARROW.test(type);

/** A row number as people type it: `312487`, `312,487`, `312 487`. */
export function wholeNumber(text: string): number | undefined {
  const digits = text.trim().replace(/[\s,_.'’]/g, '');
  if (!/^\d{1,15}$/.test(digits)) return undefined;
  return Number(digits);
}

/** JSON as Python's `json` writes it: with NaN and Infinity, which JSON does not have. */

const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A token of a Python number that JSON cannot hold, or a whole string, which is left as it is. */
const STRING_OR_NOT_FINITE = /"(?:[^"\\]|\\.)*"|-?Infinity\b|\bNaN\b/gs;

/** @throws SyntaxError. NaN and Infinity come out as their names; `pythonNumber` reads those. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replace(STRING_OR_NOT_FINITE, (token) => (token.startsWith('"') ? token : `"${token}"`));
    if (quoted === text) throw error;
    return JSON.parse(quoted);
  }
}

/** A number, finite or not; undefined for anything else. */
export function pythonNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? NOT_FINITE[value] : undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The numbers of an object, with their names. */
export function* numbersOf(value: Record<string, unknown>): Generator<[name: string, value: number]> {
  for (const [name, entry] of Object.entries(value)) {
    const number = pythonNumber(entry);
    if (number !== undefined) yield [name, number];
  }
}

export const wholeNumber = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;

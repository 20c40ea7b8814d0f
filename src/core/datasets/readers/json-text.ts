/** JSON as the text of a file: integers that a double would change are kept exact, and what is wrong is said in a few words. */

/** Deeper values are nobody's data, and would exhaust the stack of whoever goes through them. */
const DEEPEST = 500;

/**
 * The value; integers that a double would not show digit by digit are bigints.
 * @throws Error whose message says what is wrong, in words that fit on a line
 */
export function parseJson(text: string): unknown {
  const value = parsed(text);
  return holdsLarge(value, 0) ? parsedExactly(text, value) : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    // The engine goes on with a piece of the text, line breaks included.
    const [reason] = (error as Error).message.split(/, ?"|, \.\.\."| in JSON at| \(line/);
    throw new Error(`not valid JSON: ${reason}`, { cause: error });
  }
}

/** @throws Error for values nested too deeply */
function holdsLarge(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return !Number.isSafeInteger(value) && Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  if (depth === DEEPEST) throw tooDeep();
  let found = false;
  if (Array.isArray(value)) {
    for (const item of value) if (holdsLarge(item, depth + 1)) found = true;
    return found;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) if (holdsLarge(fields[key], depth + 1)) found = true;
  return found;
}

const STRING_OR_INTEGER = /"(?:[^"\\]+|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** @param rounded the same text as parsed by the engine, which holds all its strings */
function parsedExactly(text: string, rounded: unknown): unknown {
  const strings = JSON.stringify(rounded);
  let mark = 'integer:';
  while (strings.includes(mark)) mark = `_${mark}`;
  const marked = text.replaceAll(STRING_OR_INTEGER, (token) => {
    return token.startsWith('"') || String(Number(token)) === token ? token : `"${mark}${token}"`;
  });
  return JSON.parse(marked, (_, value: unknown) => {
    return typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  });
}

function tooDeep(): Error {
  return new Error(`nested too deeply: more than ${DEEPEST} levels`);
}

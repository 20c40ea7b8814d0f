/** What a UTF-16 code unit is, from tables that are made once: a look-up per character is what a pass over a file can afford. */

export const CharacterClass = { word: 0, blank: 1, punctuation: 2, symbol: 3, ideograph: 4 } as const;

/** Code units of characters outside the first plane count as symbols of their own, except rare ideographs. */
export interface Tables {
  readonly classes: Uint8Array;
  /** The code unit in lower case, where that is one code unit. */
  readonly lower: Uint16Array;
  /** Both in one: of a word's character the code unit in lower case, else `BEYOND_WORDS` or more, with the class above it. */
  readonly folded: Uint32Array;
}

const UNITS = 0x10000;
export const BEYOND_WORDS = UNITS;
const ASCII_UNITS = 0x80;
let made: Tables | undefined;
let madeOfAscii: Tables | undefined;

export function characterTables(): Tables {
  made ??= makeTables(UNITS);
  return made;
}

/** Of ASCII alone: those of all characters take longer to make than many a file to read. */
export function asciiTables(): Tables {
  madeOfAscii ??= makeTables(ASCII_UNITS);
  return madeOfAscii;
}

function makeTables(units: number): Tables {
  const classes = new Uint8Array(units);
  const lower = new Uint16Array(units);
  const folded = new Uint32Array(units);
  for (let code = 0; code < units; code++) {
    const character = String.fromCharCode(code);
    classes[code] = classOf(code, character);
    const lowered = character.toLowerCase();
    lower[code] = lowered.length === 1 ? lowered.charCodeAt(0) : code;
    folded[code] = lower[code]! + classes[code]! * BEYOND_WORDS;
  }
  return { classes, lower, folded };
}

function classOf(code: number, character: string): number {
  if (isBlankCode(code)) return CharacterClass.blank;
  if (code < 0x80) {
    if (/[A-Za-z0-9]/.test(character)) return CharacterClass.word;
    return /[$+<=>^`|~]/.test(character) || code < 32 || code === 127
      ? CharacterClass.symbol
      : CharacterClass.punctuation;
  }
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) return CharacterClass.ideograph;
  // Surrogates D840 to D88F begin the ideographs of the second and third plane.
  if (code >= 0xd840 && code <= 0xd88f) return CharacterClass.ideograph;
  if (/[\p{L}\p{N}\p{M}]/u.test(character)) return CharacterClass.word;
  return /\p{P}/u.test(character) ? CharacterClass.punctuation : CharacterClass.symbol;
}

/** What `\s` matches. */
export function isBlankCode(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13);
  if (code < 0xa0) return false;
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

export const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;

export function isAsciiLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 97 && lower <= 122;
}

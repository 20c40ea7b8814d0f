/** Pairs whose two responses differ in blanks, letter case and punctuation only. */

import { asciiTables, CharacterClass, characterTables, isDigitCode, type Tables } from './characters.ts';
import { type CheckDeclaration, counted, percent } from './check.ts';
import { dropRows } from './fix.ts';
import { RowTally } from './row-set.ts';

export const nearIdentical: CheckDeclaration = {
  id: 'near-identical-pair',
  title: 'Pairs that are nearly identical',
  tier: 'structural',
  finds: { 'near-identical-pair': { title: 'Nearly identical pairs', severity: 'warning' } },
  methods: ['bradley-terry', 'pairwise'],
  start() {
    const tally = new RowTally();
    const seen = { tally, compared: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (observed?.kind !== 'preference-pair' && observed?.kind !== 'compared-responses') return;
        seen.compared++;
        if (!observed.mayHaveSameWords()) return;
        const [first = '', second = ''] = observed.texts;
        if (sameWords(first, second, observed.isAscii ? asciiTables() : characterTables())) tally.add(row);
      },
      findings() {
        if (tally.count === 0) return [];
        const share = tally.count / seen.compared;
        return [
          {
            id: 'near-identical-pair',
            severity: 'warning',
            count: tally.count,
            share,
            rows: tally.rows,
            message: `In ${counted(tally.count, 'row')} (${percent(share)}) the two responses differ in blanks, letter case or punctuation only, or not at all.`,
            hint: 'A model learns next to nothing from them: leave them out.',
            fix: dropRows(tally.rows.size, 'Leave these rows out of the new file.'),
          },
        ];
      },
    };
  },
};

/** Compares in place and stops at the first difference, which comes early in all but a few pairs. */
export function sameWords(first: string, second: string, tables: Tables = characterTables()): boolean {
  const { lower } = tables;
  if (lastLetter(first, tables) !== lastLetter(second, tables)) return false;
  // Whether a sign counts depends on the character after it, so the last one that is equal is looked at once more.
  const same = Math.max(0, samePrefix(first, second) - 1);
  let a = nextSignificant(first, same, tables);
  let b = nextSignificant(second, same, tables);
  while (a < first.length && b < second.length) {
    if (lower[first.charCodeAt(a)] !== lower[second.charCodeAt(b)]) return false;
    a = nextSignificant(first, a + 1, tables);
    b = nextSignificant(second, b + 1, tables);
  }
  return a >= first.length && b >= second.length;
}

/** In lower case; `NONE` where there is none. Blanks and punctuation at an end never count. */
function lastLetter(text: string, { classes, lower }: Tables): number {
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    const kind = classes[code];
    if (kind !== CharacterClass.blank && kind !== CharacterClass.punctuation) return lower[code]!;
  }
  return NONE;
}

const NONE = -1;

/** Texts that are long alike are compared in pieces, which is many times faster than by code units. */
const PIECE = 128;

function samePrefix(first: string, second: string): number {
  const length = Math.min(first.length, second.length);
  let at = 0;
  if (first.charCodeAt(0) === second.charCodeAt(0)) {
    while (at + PIECE <= length && first.slice(at, at + PIECE) === second.slice(at, at + PIECE)) at += PIECE;
  }
  while (at < length && first.charCodeAt(at) === second.charCodeAt(at)) at++;
  return at;
}

/** Skips blanks and punctuation; but a sign or a point before a digit makes another number. */
function nextSignificant(text: string, from: number, { classes }: Tables): number {
  let at = from;
  for (; at < text.length; at++) {
    const kind = classes[text.charCodeAt(at)];
    if (kind === CharacterClass.blank) continue;
    if (kind !== CharacterClass.punctuation || isDigitCode(text.charCodeAt(at + 1))) break;
  }
  return at;
}

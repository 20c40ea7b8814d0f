/** Which scripts the texts are written in. A script is not a language: English and French are both Latin. */

import { type CheckDeclaration, percent } from './check.ts';
import type { Observed } from './observed-record.ts';
import { RowTallies, RowTally } from './row-set.ts';

const SCRIPTS = [
  ['Latin', /\p{Script=Latin}/u],
  ['Chinese characters', /\p{Script=Han}/u],
  ['Japanese kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Korean', /\p{Script=Hangul}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['other letters', /\p{L}/u],
] as const;

const KANA = 2;
const NO_LETTERS = 'no letters';
/** The beginning of a message says what it is written in. */
const LOOKED_AT = 200;
/** Below this share, a script stands out as a few odd rows. */
const ODD_SHARE = 0.05;

export const scripts: CheckDeclaration = {
  id: 'language-mix',
  title: 'Languages, by script',
  tier: 'structural',
  finds: { 'language-mix': { title: 'Mixed languages, by script', severity: 'info' } },
  start() {
    const tallies = new RowTallies();
    const counts = new Uint32Array(SCRIPTS.length);
    const seen = { tallies, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        seen.usable++;
        tallies.add(observed.isAscii ? asciiScriptOf(observed) : scriptOf(observed, counts), row);
      },
      findings() {
        const { usable } = seen;
        const found = tallies.descending().filter(([script]) => script !== NO_LETTERS);
        const [main] = found;
        if (!main || found.length < 2) return [];
        const others = new RowTally();
        for (const [, { count, rows }] of found.slice(1)) {
          others.count += count;
          for (const row of rows) others.rows.add(row);
        }
        const share = others.count / usable;
        const parts = found.map(([script, { count }]) => `${script} ${percent(count / usable)}`);
        return [
          {
            id: 'language-mix',
            severity: 'info',
            count: others.count,
            share,
            rows: others.rows,
            message: `By the script of most letters (a script is not a language): ${parts.join(', ')}.`,
            ...(share < ODD_SHARE && { hint: `Look whether the rows that are not in ${main[0]} belong here.` }),
          },
        ];
      },
    };
  },
};

function asciiScriptOf(observed: Observed): string {
  return observed.hasAsciiLetter(LOOKED_AT) ? SCRIPTS[0][0] : NO_LETTERS;
}

/** The script of most letters at the beginning of the messages. Chinese characters beside kana are Japanese. */
function scriptOf(observed: Observed, counts: Uint32Array): string {
  const table = scriptTable();
  counts.fill(0);
  for (const { content } of observed.messages) {
    const end = Math.min(content.length, LOOKED_AT);
    for (let at = 0; at < end; at++) {
      const script = table[content.charCodeAt(at)]!;
      if (script > 0) counts[script - 1]!++;
    }
  }
  if (counts[KANA]! > 0) {
    counts[KANA]! += counts[1]!;
    counts[1] = 0;
  }
  let best = 0;
  for (let script = 1; script < counts.length; script++) if (counts[script]! > counts[best]!) best = script;
  return counts[best] === 0 ? NO_LETTERS : SCRIPTS[best]![0];
}

let made: Uint8Array | undefined;

/** Code unit -> one plus the index of its script; 0 for what is no letter. Characters outside the first plane count as none. */
function scriptTable(): Uint8Array {
  if (made) return made;
  made = new Uint8Array(0x10000);
  for (let code = 0; code < made.length; code++) {
    const character = String.fromCharCode(code);
    made[code] = /\p{L}/u.test(character) ? SCRIPTS.findIndex(([, pattern]) => pattern.test(character)) + 1 : 0;
  }
  return made;
}

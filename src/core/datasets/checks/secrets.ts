/** Keys and passwords by their form. What is found is counted and its rows are named; the text itself is never shown. */

import { ANYTHING, HOLDS } from '../known-texts.ts';
import { type CheckDeclaration, counted } from './check.ts';
import { dropRows } from './fix.ts';
import { RowTally } from './row-set.ts';
import { Counts } from './seen.ts';

interface Pattern {
  readonly title: string;
  /** Looked for first, as a plain search is many times faster than an expression. */
  readonly mark: string;
  readonly form: RegExp;
}

/** Prefixes as the services document them, by a rare character that each of them has; only long enough tails count. */
const PATTERNS: readonly (readonly [rare: string, bit: number, patterns: readonly Pattern[]])[] = [
  [
    '-',
    HOLDS.hyphen,
    [
      {
        title: 'private key',
        mark: '-----BEGIN',
        form: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
      },
      { title: 'sk- API key', mark: 'sk-', form: /(?<![A-Za-z0-9_-])sk-(?:[a-z]+[0-9]*-)*([A-Za-z0-9_-]{20,})/ },
      { title: 'Slack token', mark: 'xox', form: /(?<![A-Za-z0-9])xox[abeoprs]-([A-Za-z0-9-]{10,})/ },
    ],
  ],
  [
    '_',
    HOLDS.underscore,
    [
      { title: 'GitHub token', mark: 'gh', form: /(?<![A-Za-z0-9])gh[pousr]_([A-Za-z0-9]{36,})/ },
      { title: 'GitHub token', mark: 'github_pat_', form: /github_pat_([A-Za-z0-9_]{40,})/ },
      { title: 'Hugging Face token', mark: 'hf_', form: /(?<![A-Za-z0-9_])hf_([A-Za-z0-9]{30,})/ },
    ],
  ],
  [
    'A',
    HOLDS.capitalA,
    [
      { title: 'AWS access key', mark: 'AKIA', form: /(?<![A-Za-z0-9])AKIA([A-Z0-9]{16})(?![A-Za-z0-9])/ },
      { title: 'Google API key', mark: 'AIza', form: /(?<![A-Za-z0-9])AIza([A-Za-z0-9_-]{35})/ },
    ],
  ],
  [
    'J',
    HOLDS.capitalJ,
    [
      {
        title: 'JSON Web Token',
        mark: 'eyJ',
        form: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.([A-Za-z0-9_-]{16,})/,
      },
    ],
  ],
];

/** `sk-xxxxxxxxxxxxxxxxxxxx` and the like stand for a key; so do names that say so. */
const FEWEST_CHARACTERS = 8;
/** A key has a longer part without a hyphen than names have; a key practically always has a digit, too. */
const LONGEST_WORD = 10;
const STANDS_FOR_A_KEY = /example|placeholder|your|xxxx|1234567890/i;

export const secrets: CheckDeclaration = {
  id: 'secrets',
  title: 'Secrets in the text',
  tier: 'structural',
  finds: { secrets: { title: 'Strings that look like keys', severity: 'error' } },
  start() {
    const tally = new RowTally();
    const kinds = new Counts();
    const seen = { tally, kinds, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        seen.usable++;
        if (!observed.mayHoldAny(ANY_RARE)) return;
        let found = false;
        for (const { content } of observed.messages) {
          for (const kind of secretsIn(content, observed.mayHold(content))) {
            found = true;
            kinds.add(kind);
          }
        }
        if (found) tally.add(row);
      },
      findings() {
        if (tally.count === 0) return [];
        const parts = [...kinds].map(([kind, count]) => `${kind} in ${counted(count, 'message')}`);
        return [
          {
            id: 'secrets',
            severity: 'error',
            count: tally.count,
            share: tally.count / seen.usable,
            rows: tally.rows,
            message: `In ${counted(tally.count, 'row')} there is what looks like a secret: ${parts.join(', ')}.`,
            hint: 'A model can repeat what it has read: leave these rows out, and have the keys revoked.',
            fix: dropRows(tally.rows.size, 'Leave these rows out of the new file.'),
          },
        ];
      },
    };
  },
};

const NONE: readonly string[] = [];
const ANY_RARE = HOLDS.hyphen | HOLDS.underscore | HOLDS.capitalA | HOLDS.capitalJ;

/** The kinds of secrets in a text, each once. @param holds bits of `HOLDS` */
export function secretsIn(text: string, holds: number = ANYTHING): readonly string[] {
  if ((holds & ANY_RARE) === 0) return NONE;
  const kinds: string[] = [];
  for (const [rare, bit, patterns] of PATTERNS) {
    if ((holds & bit) === 0 || !text.includes(rare)) continue;
    for (const { title, mark, form } of patterns) {
      if (text.includes(mark) && firstReal(text, form) && !kinds.includes(title)) kinds.push(title);
    }
  }
  return kinds;
}

/** Passes over matches that stand for a key, as documentation and examples write them. */
function firstReal(text: string, form: RegExp): boolean {
  for (const [, tail] of text.matchAll(new RegExp(form, 'g'))) {
    if (tail === undefined) return true;
    const longest = Math.max(...tail.split(/[-_]/).map((part) => part.length));
    if (
      longest >= LONGEST_WORD &&
      /\d/.test(tail) &&
      new Set(tail).size >= FEWEST_CHARACTERS &&
      !STANDS_FOR_A_KEY.test(tail)
    )
      return true;
  }
  return false;
}

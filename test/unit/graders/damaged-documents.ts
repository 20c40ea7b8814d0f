/** Random and damaged documents of all kinds, and what has to hold of every response that is found in one. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import type { Located } from '../../../src/core/graders/locate/located.ts';
import { responsesIn } from '../../../src/core/graders/locate/responses-in.ts';

export const LISTED_LANGUAGES = ['json', 'jsonl', 'markdown', 'plaintext', 'python', 'typescript'] as const;
const LANGUAGES = [...LISTED_LANGUAGES, 'diff'] as const;
type Language = (typeof LANGUAGES)[number];

const scrap = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\n',
  '\r\n',
  '"chosen":',
  '"prompt": "p",',
  '"messages":',
  '"role":"assistant"',
  '"content":"x"',
  '"output":',
  '\\n\\nHuman: a\\n\\nAssistant: b',
  '@@ -1,3 +1,3 @@\n',
  '+++ b/a.jsonl\n',
  '<|im_start|>user\n',
  '<|assistant|>',
  'x = ',
  '`',
  '# A',
  '## User\n',
  '## Assistant\n',
  '```',
  'User: ',
  '**AI:** ',
  '😀',
  '1',
  'null',
);

/** Pieces of all kinds of documents in any order. */
export const scraps = fc
  .array(fc.oneof({ weight: 6, arbitrary: scrap }, fc.string()), { maxLength: 40 })
  .map((parts) => parts.join(''));

interface Pair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}
const words = fc.string({ unit: fc.constantFrom('a', 'b ', '\n', '"', '\\', '😀', 'é', '\u2028', '`', '{', '#', ':') });
const pair: fc.Arbitrary<Pair> = fc.record({ prompt: words, chosen: words, rejected: words });

const indented = (rows: readonly Pair[]): string => JSON.stringify(rows, null, 2);
const lines = (rows: readonly Pair[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const transcript = (rows: readonly Pair[], of: (speaker: string, text: string) => string): string =>
  rows.flatMap(({ prompt, chosen }) => [of('User', prompt), of('Assistant', chosen)]).join('\n');

const WRITTEN: Readonly<Record<Language, (rows: readonly Pair[]) => string>> = {
  json: indented,
  jsonl: lines,
  markdown: (rows) => transcript(rows, (speaker, text) => `## ${speaker}\n\n${text}\n`),
  plaintext: (rows) => transcript(rows, (speaker, text) => `${speaker}: ${text}`),
  python: (rows) => `rows = ${indented(rows)}\n`,
  typescript: (rows) => `const rows = ${indented(rows)};\n`,
  diff: (rows) =>
    `--- a/a.jsonl\n+++ b/a.jsonl\n@@ -1,${rows.length} +1,${rows.length} @@\n${lines(rows).replace(/^/gm, '+')}`,
};

interface Damage {
  readonly at: number;
  readonly gone: number;
  readonly put: string;
}
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(),
  gone: fc.oneof(fc.constant(0), fc.nat(6), fc.nat(400)),
  put: fc.oneof(fc.constant(''), scrap, fc.string({ maxLength: 3, unit: 'binary' })),
});

/** A document as it should be, of its language, with some of it gone, cut short or written over. */
const damaged = (language: Language): fc.Arbitrary<string> =>
  fc.tuple(fc.array(pair, { minLength: 1, maxLength: 4 }), fc.array(damage, { maxLength: 4 })).map(([rows, damages]) =>
    damages.reduce((text, { at, gone, put }) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + gone);
    }, WRITTEN[language](rows)),
  );

const document = fc
  .constantFrom(...LANGUAGES)
  .chain((language) => fc.record({ language: fc.constant(language), text: fc.oneof(scraps, damaged(language)) }));

/**
 * Looks for responses in documents, under positions and in all of each: no exception, and never a wrong span.
 * @param seed of the examples; without one, that of the tests
 */
export function findInDocuments(numRuns: number, seed?: number): void {
  fc.assert(
    fc.property(
      document,
      fc.nat(),
      fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: undefined }),
      ({ language, text }, at, ends) => {
        const offset = at % (text.length + 1);
        const selection = ends && { start: ends[0] % (text.length + 1), end: ends[1] % (text.length + 1) };
        const selected = locateResponse({ text, language, offset, selection });
        if (selected !== undefined) assertInside(text, selected);
        const under = locateResponse({ text, language, offset });
        if (under !== undefined) {
          assertInside(text, under);
          assert.ok(offset >= under.start - 1 && offset <= under.end + 1, 'it is off the position');
          if (under.pieces === undefined) assertSpells(language, text, under);
        }
        const all = [...responsesIn({ text, language, range: { start: 0, end: text.length } })].flat();
        for (const each of all) {
          assertInside(text, each);
          assertSpells(language, text, each);
        }
      },
    ),
    { numRuns, ...(seed === undefined ? {} : { seed }) },
  );
}

function assertInside(text: string, { start, end, promptKnown, prompt }: Located): void {
  assert.ok(0 <= start && start < end && end <= text.length, `${start} to ${end} of ${text.length}`);
  assert.equal(promptKnown, prompt.length > 0);
}

/** What stands in the range means the response, as far as that can be told without the finder's own reading of escapes. */
function assertSpells(language: Language, text: string, { start, end, response }: Located): void {
  const written = text.slice(start, end);
  const content = response.at(-1)?.content;
  if (language === 'markdown' || language === 'plaintext') {
    assert.equal(written.replace(/\r\n?/g, '\n'), content);
  } else if (language === 'json' || language === 'jsonl') {
    const decoded = jsonString(written);
    // A string that is damaged, or JSON inside one.
    if (decoded !== undefined && !/\\["\\u]/.test(decoded)) assert.equal(decoded, content);
  } else if (language !== 'diff' && !/["'`\\\r]/.test(written)) {
    assert.equal(written, content);
  }
}

function jsonString(inside: string): string | undefined {
  try {
    return JSON.parse(`"${inside}"`);
  } catch {
    return undefined;
  }
}

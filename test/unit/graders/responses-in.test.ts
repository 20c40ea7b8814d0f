import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentText } from '../../../src/core/graders/locate/document-text.ts';
import { locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import { responsesIn } from '../../../src/core/graders/locate/responses-in.ts';
import { LISTED_LANGUAGES, scraps } from './damaged-documents.ts';
import { assistant, rangeOf, user } from './locating.ts';

const ROWS = [
  { prompt: 'Q1?', chosen: 'one', rejected: 'two' },
  { messages: [user('Q2?'), assistant('three'), user('And?'), assistant('four')] },
];
const LINES = ROWS.map((row) => JSON.stringify(row));

const DOCUMENTS: readonly [name: string, language: string, text: string, expected: readonly string[]][] = [
  ['JSON Lines', 'jsonl', LINES.join('\r\n'), ['one', 'two', 'three', 'four']],
  ['JSON over many lines', 'json', JSON.stringify(ROWS, null, 2), ['one', 'two', 'three', 'four']],
  ['JSON with a row a line', 'json', `[${LINES.join(',\n')}]`, ['one', 'two', 'three', 'four']],
  [
    'a dialogue in one string',
    'jsonl',
    '{"text": "\\n\\nHuman: Q?\\n\\nAssistant: one\\n\\nHuman: And?\\n\\nAssistant: two"}',
    ['one', 'two'],
  ],
  ['Markdown', 'markdown', '## User\n\nQ?\n\n## Assistant (a)\n\none\n\n## Assistant (b)\n\ntwo\n', ['one', 'two']],
  ['a text transcript', 'plaintext', 'User: Q?\nAssistant: one\nUser: And?\nAssistant: two', ['one', 'two']],
  ['Python', 'python', 'rows = [{"prompt": "Q?", "response": "one"}]\nprint("response", "two")\n', ['one']],
  [
    'TypeScript',
    'typescript',
    "const prompt = 'Q?';\nconst chosen = 'one';\nconst rejected = `two`;\n",
    ['one', 'two'],
  ],
];

const found = (language: string, text: string, range = { start: 0, end: text.length }, longest?: number) =>
  [...responsesIn({ text, language, range, ...(longest === undefined ? {} : { longest }) })].flat();

describe('all responses of a range', () => {
  for (const [name, language, text, expected] of DOCUMENTS) {
    it(`${name}: each with its place, its prompt and its sibling, as under the cursor`, () => {
      const all = found(language, text);
      expect(all.map(({ start, end }) => text.slice(start, end))).toEqual(expected);
      for (const each of all) expect(locateResponse({ text, language, offset: each.start })).toEqual(each);
    });
  }

  it('only what touches the range', () => {
    for (const [language, text] of [
      ['jsonl', LINES.join('\n')],
      ['json', JSON.stringify(ROWS, null, 2)],
    ] as const) {
      const all = found(language, text, rangeOf(text, 'three'));
      expect(all.map(({ start, end }) => text.slice(start, end))).toEqual(['three']);
    }
  });

  it('of JSON Lines no line is read beside those of the range, and none that is too long', () => {
    const text = [LINES[0], JSON.stringify({ prompt: 'Q?', response: 'x'.repeat(500) }), LINES[0], LINES[0]].join('\n');
    const read: number[] = [];
    const all = documentText(text);
    const watched = {
      ...all,
      lineAt: (offset: number) => {
        const line = all.lineAt(offset);
        read.push(line.start);
        return line;
      },
      whole: () => {
        throw new Error('the whole document was read');
      },
    };
    const third = text.indexOf(LINES[0]!, 5);
    const responses = [
      ...responsesIn({ text: watched, language: 'jsonl', range: { start: 60, end: third + 48 }, longest: 200 }),
    ];
    expect(responses.map((batch) => batch.length)).toEqual([0, 2]);
    expect(Math.max(...read)).toBe(third);
  });

  it('a line that is nested too deep leaves the others', () => {
    expect(found('jsonl', `${'['.repeat(200_000)}\n${LINES[0]}`).map(({ field }) => field)).toEqual([
      'chosen',
      'rejected',
    ]);
  });

  it('in any document they are those that are found under the cursor', () => {
    fc.assert(
      fc.property(scraps, fc.constantFrom(...LISTED_LANGUAGES), fc.nat(), (text, language, at) => {
        const all = found(language, text);
        for (const each of all) expect(locateResponse({ text, language, offset: each.start })).toEqual(each);
        const offset = at % (text.length + 1);
        const one = locateResponse({ text, language, offset });
        if (one !== undefined) expect(all).toContainEqual(one);
      }),
      { numRuns: 1000 },
    );
  });
});

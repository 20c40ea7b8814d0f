/** JSON documents and JSON Lines as people have them: damaged, long, full of escapes, with something selected. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentText } from '../../../src/core/graders/locate/document-text.ts';
import { locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import { findInDocuments } from './damaged-documents.ts';
import { assistant, covered, locate, locateSelected, under, user } from './locating.ts';

const rows = [
  { prompt: 'P1', chosen: 'c1', rejected: 'r1' },
  { prompt: 'P2', chosen: 'c2', rejected: 'r2' },
];

describe('layouts', () => {
  it('a row of a pretty-printed array', () => {
    const text = JSON.stringify(rows, null, 2);
    const found = locate('json', text, 'r2');
    expect(found).toMatchObject({ prompt: [user('P2')], sibling: [assistant('c2')], field: 'rejected' });
    expect(covered(text, found)).toBe('r2');
  });

  it('an array under a key, a lone object, comments and trailing commas', () => {
    expect(locate('json', JSON.stringify({ version: 1, data: rows }, null, 1), 'c2')?.prompt).toEqual([user('P2')]);
    expect(locate('json', JSON.stringify(rows[0]), 'c1')?.prompt).toEqual([user('P1')]);
    expect(locate('jsonc', '// pairs\n[{"prompt": "P", /* best */ "chosen": "c",},]', '"c"')?.prompt).toEqual([
      user('P'),
    ]);
  });

  it('rows one a line in a .json file', () => {
    const text = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
    const found = locate('json', text, 'c2');
    expect(found).toMatchObject({ prompt: [user('P2')], response: [assistant('c2')] });
    expect(covered(text, found)).toBe('c2');
  });

  it('pretty-printed rows one after another', () => {
    const text = rows.map((row) => JSON.stringify(row, null, 2)).join('\n');
    const found = locate('json', text, 'r2');
    expect(found?.prompt).toEqual([user('P2')]);
    expect(covered(text, found)).toBe('r2');
  });

  it('in JSON Lines only the line at the position is read', () => {
    const text = rows.map((row) => JSON.stringify(row)).join('\r\n');
    const access = documentText(text);
    let lines = 0;
    const found = locateResponse({
      text: {
        length: access.length,
        lineAt: (offset) => {
          lines += 1;
          return access.lineAt(offset);
        },
        slice: () => expect.fail('a part of the document was asked for'),
        whole: () => expect.fail('the whole document was asked for'),
      },
      language: 'jsonl',
      offset: under(text, 'r2'),
    });
    expect(found?.prompt).toEqual([user('P2')]);
    expect(covered(text, found)).toBe('r2');
    expect(lines).toBe(1);
  });
});

describe('damaged text', () => {
  const good = '"prompt": "P", "chosen": "one", "rejected": "two"';
  const damaged = {
    'a missing value': `{"id": , ${good}}`,
    'a missing colon': `{"id" 5, ${good}}`,
    'a missing comma': `{"id": 5 ${good}}`,
    'a bare word': `{"id": nope, ${good}}`,
    'a missing brace': `{"meta": {"a": [1, 2], ${good}`,
    'an unfinished last string': `{${good}, "note": "cut of`,
    'text before the object': `data: {${good}}`,
    'a bad escape': `{"note": "\\x41 \\u12", ${good}}`,
  };
  for (const [name, text] of Object.entries(damaged)) {
    it(`${name} elsewhere in the line`, () => {
      const found = locate('jsonl', text, '"one"');
      expect(found).toMatchObject({ prompt: [user('P')], response: [assistant('one')], sibling: [assistant('two')] });
      expect(covered(text, found)).toBe('one');
    });
  }

  it('a broken line does not spoil the next one in a .json file of lines', () => {
    const text = `{"prompt": "P0", "chosen": "c0\n{${good}}\n`;
    expect(locate('json', text, '"one"')?.prompt).toEqual([user('P')]);
  });

  it('a response that is cut off reaches to the end of the line', () => {
    const text = '{"prompt": "P", "chosen": "one tw';
    expect(covered(text, locate('jsonl', text, 'one'))).toBe('one tw');
    const quoted = '{"prompt": "P", "chosen": "one \\"two\\"';
    expect(covered(quoted, locate('jsonl', quoted, 'one'))).toBe('one \\"two\\"');
  });

  for (const part of ['[', '{"input":', '{"prompt":[', '{"messages":[', '{"chosen":{"content":']) {
    it(`${part} without end is no dataset, and no exception`, () => {
      for (const times of [900, 2500, 6000, 100_000]) {
        const text = part.repeat(times);
        expect(locateResponse({ text, language: 'jsonl', offset: text.length })).toBeUndefined();
      }
    });
  }
});

describe('escapes and wide characters', () => {
  const oddText = fc.string({
    unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\', '"', '\n', '😀', '日', '\ud83d', '{', '//')),
  });
  /** A literal of a text in which some characters are written as \u escapes. */
  const literal = fc.tuple(oddText, fc.infiniteStream(fc.boolean())).map(([text, choices]) => {
    const units =
      JSON.stringify(text)
        .slice(1, -1)
        .match(/\\u.{4}|\\.|[^\\]/gs) ?? [];
    const written = units.map((unit) =>
      unit.length === 1 && choices.next().value ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit,
    );
    return written.join('');
  });

  it('the range is the inside of the literal, and the text is what JSON.parse says', () => {
    fc.assert(
      fc.property(literal, literal, literal, fc.nat(), (before, inside, after, at) => {
        const head = `{"note": "${before}", "prompt": "P", "response": "`;
        const text = `${head}${inside}", "meta": "${after}"}`;
        const decoded: string = JSON.parse(`"${inside}"`);
        const offset = head.length + (at % (inside.length + 1));
        const found = locateResponse({ text: `{}\n${text}`, language: 'jsonl', offset: offset + 3 });
        if (decoded.trim() === '') {
          expect(found).toBeUndefined();
          return;
        }
        expect(found).toMatchObject({ start: head.length + 3, end: head.length + 3 + inside.length });
        expect(found?.response).toEqual([{ role: 'assistant', content: decoded }]);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it('a selected part never cuts an escape or a surrogate pair, and decodes to a part of the text', () => {
    fc.assert(
      fc.property(literal, fc.nat(), fc.nat(), (inside, one, other) => {
        const head = '{"prompt": "P", "note": "';
        const text = `${head}${inside}"}`;
        const at = [one % (inside.length + 1), other % (inside.length + 1)].sort((a, b) => a - b);
        const [start = 0, end = 0] = at.map((position) => head.length + position);
        const found = locateResponse({ text, language: 'jsonl', offset: start, selection: { start, end } });
        if (found === undefined) return;
        const raw = text.slice(found.start, found.end);
        const content = JSON.parse(`"${raw}"`);
        expect(found.response[0]?.content).toBe(content);
        expect(JSON.parse(`"${text.slice(head.length, found.start)}"`) + content).toBe(
          JSON.parse(`"${inside}"`).slice(0, JSON.parse(`"${text.slice(head.length, found.end)}"`).length),
        );
        if (end > start) expect(found.start < end && found.end > start).toBe(true);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });
});

describe('selections', () => {
  const text =
    '{"prompt": "P is long", "chosen": "one\\ntwo \\ud83d\\ude00 three", "rejected": "four", "note": "some remark"}';

  it('a part of a response is graded with its prompt, without the sibling of the whole', () => {
    const found = locateSelected('jsonl', text, 'two \\ud83d\\ude00');
    expect(found).toMatchObject({ prompt: [user('P is long')], response: [assistant('two 😀')], field: 'chosen' });
    expect(found).not.toHaveProperty('sibling');
  });

  it('a selection inside an escape is widened to the character', () => {
    const found = locateSelected('jsonl', text, 'd\\ude00 three');
    expect(covered(text, found)).toBe('\\ud83d\\ude00 three');
    expect(found?.response).toEqual([assistant('😀 three')]);
    const tiles = '{"response": "a 🀄 b 🏿 c"}';
    for (const [half, tile] of [
      ['\udc04 b', '🀄 b'],
      ['\udfff c', '🏿 c'],
      ['a \ud83c', 'a 🀄'],
    ] as const) {
      expect(covered(tiles, locateSelected('jsonl', tiles, half))).toBe(tile);
    }
  });

  it('a whole response, with or without its quotes, keeps its sibling', () => {
    for (const words of ['"four"', 'four']) {
      const found = locateSelected('jsonl', text, words);
      expect(found).toMatchObject({ response: [assistant('four')], sibling: [assistant('one\ntwo 😀 three')] });
      expect(covered(text, found)).toBe('four');
    }
  });

  it('another string has the prompt of its row', () => {
    expect(locateSelected('jsonl', text, 'remark')).toMatchObject({
      prompt: [user('P is long')],
      response: [assistant('remark')],
    });
    expect(locateSelected('jsonl', '{"note": "some remark"}', 'remark')).toMatchObject({ promptKnown: false });
  });

  it('a turn of a conversation has the turns before it', () => {
    const messages = [user('Hi'), assistant('Hello.'), user('How are you?')];
    expect(locateSelected('jsonl', JSON.stringify({ messages }), 'are you')?.prompt).toEqual(messages.slice(0, 2));
  });

  it('a turn of a dialogue text has the turns before it', () => {
    const chosen = '\n\nHuman: Hi\n\nAssistant: Hello you.\n\nHuman: So?\n\nAssistant: Well then.';
    const row = JSON.stringify({ chosen, rejected: chosen });
    expect(locateSelected('jsonl', row, 'you')?.prompt).toEqual([user('Hi')]);
    expect(locateSelected('jsonl', row, 'then')?.prompt).toEqual([user('Hi'), assistant('Hello you.'), user('So?')]);
  });

  it('lines together, and text outside of JSON, are what they are', () => {
    const lines = `${text}\nplain words`;
    expect(locateSelected('jsonl', lines, 'remark"}\nplain')).toMatchObject({ promptKnown: false });
    expect(locateSelected('jsonl', lines, 'words')).toMatchObject({
      response: [assistant('words')],
      promptKnown: false,
    });
  });

  it('a blank selection, and one that the position does not touch, do not count', () => {
    const offset = under(text, 'four');
    expect(locateResponse({ text, language: 'jsonl', offset, selection: { start: offset, end: offset } })?.field).toBe(
      'rejected',
    );
    expect(locateResponse({ text, language: 'jsonl', offset, selection: { start: 0, end: 5 } })?.field).toBe(
      'rejected',
    );
  });
});

describe('any document, whole or damaged', () => {
  it('never throws, and never a range outside the document, off the position or of another text', () => {
    findInDocuments(3000);
  });
});

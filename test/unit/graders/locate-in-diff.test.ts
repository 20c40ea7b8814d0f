/** Diffs: each side is read as the file that it is of. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import { assistant, covered, locate, user } from './locating.ts';

const diffOf = (file: string, hunk: string): string => {
  const lines = hunk.split('\n');
  const count = (marks: string) => lines.filter((line) => marks.includes(line.charAt(0))).length;
  return `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1,${count(' -')} +1,${count(' +')} @@\n${hunk}\n`;
};

describe('sides of a hunk', () => {
  it('rows of JSON Lines before and after', () => {
    const text = diffOf('a.jsonl', '-{"prompt": "Old?", "chosen": "old"}\n+{"prompt": "New?", "chosen": "new"}');
    expect(locate('diff', text, '"old"')).toMatchObject({ prompt: [user('Old?')], response: [assistant('old')] });
    const found = locate('diff', text, '"new"');
    expect(found).toMatchObject({ prompt: [user('New?')], response: [assistant('new')] });
    expect(covered(text, found)).toBe('new');
  });

  it('a turn over several lines leaves out the marks and the other side', () => {
    const text = diffOf('a.md', ' ## User\n Q?\n ## Assistant\n one\n-two\n+three\n four');
    const found = locate('diff', text, 'three');
    expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one\nthree\nfour')] });
    expect(found?.pieces?.map(({ start, end }) => text.slice(start, end)).join('')).toBe('one\nthree\nfour');
    expect(locate('diff', text, 'two')?.response).toEqual([assistant('one\ntwo\nfour')]);
  });

  it('a hunk that begins inside an object', () => {
    const hunk = '   "prompt": "Q?",\n-  "chosen": "old",\n+  "chosen": "new",\n   "rejected": "two"';
    for (const file of ['a.json', 'a.py', 'a.ts']) {
      const found = locate('diff', diffOf(file, hunk), '"new"');
      expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('new')], sibling: [assistant('two')] });
    }
  });

  it('heads of files and files of other kinds have nothing', () => {
    const text = diffOf('a.yaml', '+{"prompt": "Q?", "chosen": "one"}');
    expect(locate('diff', text, 'one')).toBeUndefined();
    expect(locate('diff', text, '@@')).toBeUndefined();
  });

  it('any response in a row of a diff is found exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('+', '-', ' '), (response, mark) => {
        fc.pre(response.trim() !== '');
        const row = JSON.stringify({ prompt: 'Q?', response });
        const text = diffOf('a.jsonl', ` {"prompt": "x", "response": "y"}\n${mark}${row}\n {}`);
        const start = text.indexOf(row) + '{"prompt":"Q?","response":"'.length;
        const found = locateResponse({ text, language: 'diff', offset: start });
        expect(found).toMatchObject({ start, prompt: [user('Q?')], response: [assistant(response)] });
        expect(JSON.parse(`"${covered(text, found)}"`)).toBe(response);
      }),
      { numRuns: 300 },
    );
  });
});

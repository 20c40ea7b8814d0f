/** String literals of programs: found exactly, whatever they hold and however they are spelled. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import { assistant, covered, locate, locateSelected, user } from './locating.ts';

describe('pairs in code', () => {
  const forms: Record<string, [language: string, text: string]> = {
    'a dictionary': ['python', 'x = {"prompt": "Q?", \'chosen\': "one", "rejected": "two"}'],
    'named arguments': ['python', 'grade(prompt="Q?", chosen="one", rejected="two")'],
    variables: ['python', 'PROMPT = "Q?"\nCHOSEN: str = "one"\nREJECTED = ("two")\n'],
    'an object': ['typescript', 'const x = { prompt: `Q?`, "chosen": \'one\', rejected: "two" } as const;'],
    constants: ['javascript', 'const prompt = "Q?", chosen = "one";\nexport const rejected = `two`;'],
  };
  for (const [name, [language, text]] of Object.entries(forms)) {
    it(name, () => {
      const found = locate(language, text, 'one');
      expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')], sibling: [assistant('two')] });
      expect(covered(text, found)).toBe('one');
    });
  }

  it('literals in a row and with plus signs are one text', () => {
    expect(locate('python', 'f(prompt="Q?", response=("one "\n  \'two\'))', 'one')?.response).toEqual([
      assistant('one two'),
    ]);
    expect(locate('javascript', '({ prompt: "Q?", response: "one " + "two" })', 'two')?.response).toEqual([
      assistant('one two'),
    ]);
  });

  it('messages in a list', () => {
    const text = 'm = [{"role": "user", "content": "Q?"}, {"role": "assistant", "content": "one"}]';
    expect(locate('python', text, 'one')).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')] });
  });

  it('what only a run would tell has no text, and a response alone is none', () => {
    for (const value of ['f"one {x}"', '"one".strip()', 'b"one"', '"one" % x', '"\\N{BULLET} one"']) {
      expect(locate('python', `f(prompt="Q?", response=${value})`, 'one')).toBeUndefined();
    }
    expect(locate('javascript', `f({ prompt: "Q?", response: \`one \${x}\` })`, 'one')).toBeUndefined();
    expect(locate('python', 'response = "one"', 'one')).toBeUndefined();
  });

  it('a prompt that was changed is not the prompt', () => {
    const text = 'prompt = "Q?"\nprompt += more()\nresponse = "one"\n';
    expect(locate('python', text, 'one')).toBeUndefined();
  });

  it('brackets without end are no exception', () => {
    for (const part of ['[', '{"prompt":', 'f(']) {
      for (const language of ['python', 'typescript']) {
        const text = part.repeat(5000);
        expect(locateResponse({ text, language, offset: text.length })).toBeUndefined();
      }
    }
  });

  it('a selected part is decoded', () => {
    const text = 'x = {"prompt": "Q?", "response": "a\\tb \\x41 c"}';
    const found = locateSelected('python', text, 'x41');
    expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('A')] });
    expect(covered(text, found)).toBe('\\x41');
  });
});

describe('any text in a literal', () => {
  const content = fc
    .string({
      unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\', '"', "'", '\n', '\r', '😀', '{', '`')),
    })
    .filter((text) => text.trim() !== '');
  const hex = (text: string): string =>
    text.replace(/[^A-Za-z0-9 ]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const plain = (text: string): string => text.replace(/[\\"\n\r\0\u2028\u2029]/g, hex);
  const raw = (text: string): string => text.replace(/[\\"'`$\r\0]/g, hex);
  const spellings = {
    python: [
      (text: string) => `"${hex(text)}"`,
      (text: string) => `"${plain(text)}"`,
      (text: string) => `"""${raw(text)}"""`,
    ],
    typescript: [
      (text: string) => `"${hex(text)}"`,
      (text: string) => `"${plain(text)}"`,
      (text: string) => `\`${raw(text)}\``,
    ],
  };
  for (const language of ['python', 'typescript'] as const) {
    it(`${language}: its text and its place are found exactly`, () => {
      fc.assert(
        fc.property(content, content, fc.constantFrom(...spellings[language]), fc.nat(), (before, text, spell, at) => {
          const literal = spell(text);
          const head = `x = {"note": ${spell(before)}, "prompt": "Q?", "response": `;
          const quotes = literal.startsWith('"""') ? 3 : 1;
          const start = head.length + quotes;
          const end = head.length + literal.length - quotes;
          const offset = start + (at % (end - start));
          const found = locateResponse({ text: `${head}${literal}}\n`, language, offset });
          expect(found).toMatchObject({ start, end, prompt: [user('Q?')], response: [assistant(text)] });
        }),
        { numRuns: 500 },
      );
    });
  }
});

/** Responses in the Markdown cells of a notebook, whose prompt stands in a cell before. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateInNotebook } from '../../../src/core/graders/locate/notebook/locate-in-notebook.ts';
import '../property-seed.ts';

const USER = '## User\n\nWhere is my parcel?';
const ASSISTANT = '## Assistant\n\nIt arrives tomorrow.';

describe('a response in a cell of a notebook', () => {
  it('has the cell before as its prompt, and a range in its own cell', () => {
    const offset = ASSISTANT.indexOf('arrives');
    const found = locateInNotebook(['# Notes', USER, ASSISTANT], 2, offset, undefined)!;
    expect(found.prompt).toEqual([{ role: 'user', content: 'Where is my parcel?' }]);
    expect(ASSISTANT.slice(found.start, found.end)).toBe('It arrives tomorrow.');
  });

  it('has its sibling in the cell behind it', () => {
    const found = locateInNotebook([USER, ASSISTANT, '## Assistant\n\nNobody knows.'], 1, 20, undefined)!;
    expect(found.sibling).toEqual([{ role: 'assistant', content: 'Nobody knows.' }]);
  });

  it('that goes on in the next cell ends with its own, and is graded whole', () => {
    const found = locateInNotebook([USER, ASSISTANT, 'By noon, that is.'], 1, 20, undefined)!;
    expect(found.end).toBe(ASSISTANT.length);
    expect(found.response[0]!.content).toBe('It arrives tomorrow.\n\nBy noon, that is.');
    const rest = locateInNotebook([USER, ASSISTANT, 'By noon, that is.'], 2, 3, undefined)!;
    expect(rest).toMatchObject({ start: 0, end: 'By noon, that is.'.length, response: found.response });
  });

  it('is not found in the question, nor where no cell asks', () => {
    expect(locateInNotebook([USER, ASSISTANT], 0, 12, undefined)).toBeUndefined();
    expect(locateInNotebook(['Some notes.', 'More of them.'], 1, 3, undefined)).toBeUndefined();
  });

  it('never has a range beyond its cell, whatever the cells hold', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom(USER, ASSISTANT, 'User: a\n\nAssistant: b', '```', '---', ''));
    const cells = fc.array(cell, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(cells, fc.nat(), fc.nat(), (texts, which, where) => {
        const index = which % texts.length;
        const own = texts[index]!;
        const found = locateInNotebook(texts, index, where % (own.length + 1), undefined);
        if (!found) return;
        expect(found.start).toBeGreaterThanOrEqual(0);
        expect(found.end).toBeLessThanOrEqual(own.length);
        expect(found.start).toBeLessThanOrEqual(found.end);
      }),
    );
  });
});

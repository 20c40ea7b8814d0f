import { expect, it } from 'vitest';
import { spelledSentences } from '../../../../src/core/graders/explain/spelled-sentences.ts';

const unescaped = (text: string): string => {
  const cut = text.replace(/\\$/, '');
  return JSON.parse(`"${cut}"`) as string;
};

it('sentences of an escaped string are found where they are spelled, and make up its text', () => {
  const content = 'It left "Leeds" today.\n\nIt comes \u00e9ast\u{1f600}! Soon.\n- wait';
  const raw = JSON.stringify(content).slice(1, -1).replace('\u00e9', '\\u00e9');
  const document = `{"chosen": "${raw}"}`;
  const start = document.indexOf(raw);
  const found = spelledSentences(raw, start, content, ({ start: from, end }) => unescaped(document.slice(from, end)))!;
  expect(found.map(({ spelled }) => unescaped(document.slice(spelled.start, spelled.end)).trim())).toEqual([
    'It left "Leeds" today.',
    'It comes \u00e9ast\u{1f600}!',
    'Soon.',
    '- wait',
  ]);
  expect(found.map(({ text }) => content.slice(text.start, text.end)).join('')).toBe(content);
});

it('parts that do not make up the text are no sentences of it', () => {
  expect(
    spelledSentences('One. Two.', 0, 'One. Three. Two.', ({ start, end }) => 'One. Two.'.slice(start, end)),
  ).toBeUndefined();
  expect(
    spelledSentences('One. Two.', 0, 'One. Two. Three.', ({ start, end }) => 'One. Two.'.slice(start, end)),
  ).toBeUndefined();
});

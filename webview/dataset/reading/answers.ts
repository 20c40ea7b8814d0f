/** The answers of a row: side by side with the words that differ marked, or as one text with what was taken and added. */

import type { ReadingAnswer } from '../../../src/protocol/dataset-reading.ts';
import type { Outcome, Problem } from '../../../src/protocol/dataset-viewer.ts';
import { element, icon } from '../elements.ts';
import { count, counted } from '../text.ts';
import { turnsView } from './turns.ts';
import { markDifferences, wordChanges } from './word-diff.ts';

export interface AnswersContext {
  readonly rendered: boolean;
  readonly diff: boolean;
  /** Where the grade of each answer goes, in their order. */
  readonly grades: readonly HTMLElement[];
  readonly more: (answer: number, turn: number, from: number) => Promise<Outcome<string, Problem>>;
}

/** Side by side; one alone takes the whole width. */
export function answersView(answers: readonly ReadingAnswer[], context: AnswersContext): HTMLElement {
  const note = element('p', { class: 'diff-note', role: 'status', hidden: true });
  const bodies: HTMLElement[] = [];
  const mark = () => {
    const [first, second] = bodies;
    if (!context.diff || !first || !second) return;
    const missing = answers[1]?.verdict === 'better' ? markDifferences(second, first) : markDifferences(first, second);
    note.textContent = missing ?? '';
    note.hidden = missing === undefined;
  };
  const columns = answers.map((answer, index) => {
    const body = turnsView(answer.turns, answer.count, {
      rendered: context.rendered,
      roles: answer.count > 1,
      more: (turn, from) => context.more(index, turn, from),
      onMore: mark,
    });
    bodies.push(body);
    return element(
      'article',
      { class: 'answer', 'aria-label': answer.title },
      answerHead(answer, context.grades[index]),
      body,
    );
  });
  // Highlights are ranges in the document: the elements must be in it first.
  queueMicrotask(mark);
  return element('div', { class: `answers of-${answers.length}` }, note, ...columns);
}

/** The second answer becomes the first: words only in the second struck out, words only in the first underlined. */
export function inlineView([to, from]: readonly [ReadingAnswer, ReadingAnswer]): HTMLElement {
  const text = element('p', { class: 'text inline-diff', dir: 'auto' });
  const texts = [from, to].map(({ turns }) => turns.map(({ content }) => content.text).join('\n\n')) as [
    string,
    string,
  ];
  const whole = [from, to].every(
    ({ turns, count: all }) =>
      turns.length === all && turns.every(({ content }) => content.text.length === content.chars),
  );
  const changes = whole ? wordChanges(texts[0], texts[1]) : undefined;
  const head = element('header', {}, element('del', {}, from.title), ' → ', element('ins', {}, to.title));
  if (!changes) {
    const why = 'These answers are too long to be shown as one text. Side by side shows all of them.';
    return element('div', { class: 'answers of-1' }, element('p', { class: 'diff-note', role: 'status' }, why));
  }
  for (const { value, added, removed } of changes) {
    text.append(added ? element('ins', {}, value) : removed ? element('del', {}, value) : value);
  }
  return element('div', { class: 'answers of-1' }, element('article', { class: 'answer' }, head, text));
}

function answerHead(
  { title, verdict, chars, count: turns }: ReadingAnswer,
  grade: HTMLElement | undefined,
): HTMLElement {
  const size = [`${count(chars)} ${chars === 1 ? 'character' : 'characters'}`];
  if (turns > 1) size.push(counted(turns, 'turn'));
  return element(
    'header',
    { class: verdict },
    element(
      'h3',
      {},
      verdict ? icon(verdict === 'better' ? 'check' : 'close') : undefined,
      element('span', {}, title),
      verdict && title !== 'chosen' && title !== 'rejected'
        ? element('span', { class: 'verdict' }, verdict === 'better' ? 'preferred' : 'not preferred')
        : undefined,
    ),
    element('span', { class: 'size' }, size.join(' · ')),
    grade,
  );
}

/** Reads a transcript into conversations of turns, each with the range of its text. */

import type { Message } from '../../../datasets/records.ts';
import { type TextRange, trimmedRange } from '../located.ts';
import { atxHeading, type RoleHeading, roleHeading } from './headings.ts';

export type TranscriptFormat = 'markdown' | 'plain-text';

export interface Turn extends TextRange {
  readonly heading: RoleHeading;
  readonly message: Message;
}

export type Conversation = readonly Turn[];

interface TextLine extends TextRange {
  readonly text: string;
}

interface OpenTurn {
  readonly heading: RoleHeading;
  readonly start: number;
}

/** The conversations of a text, in order. A section heading ends a turn and its conversation. */
export function conversationsIn(text: string, format: TranscriptFormat): Conversation[] {
  const conversations: Turn[][] = [[]];
  const fence = new Fence();
  let open: OpenTurn | undefined;
  let section = 1;
  const close = (end: number) => {
    const turn = open && turnOf(text, open, end);
    if (turn !== undefined) conversations.at(-1)?.push(turn);
    open = undefined;
  };
  for (const line of linesOf(text)) {
    if (format === 'markdown' && fence.holds(line.text)) continue;
    const heading = roleHeading(line.text);
    const level = heading === undefined && format === 'markdown' ? atxHeading(line.text)?.level : undefined;
    if (heading !== undefined) {
      close(line.start);
      open = { heading, start: line.start + heading.textAt };
    } else if (level !== undefined && (open === undefined || level <= (open.heading.level ?? section))) {
      close(line.start);
      section = level;
      conversations.push([]);
    }
  }
  close(text.length);
  return conversations.filter((turns) => turns.length > 0);
}

function turnOf(text: string, open: OpenTurn, end: number): Turn | undefined {
  const raw = text.slice(open.start, end).replace(/(?:\n|\r)[ \t]*(?:-{3,}|\*{3,}|_{3,})\s*$/, '');
  const range = trimmedRange(raw, open.start);
  if (range === undefined) return undefined;
  const content = text.slice(range.start, range.end).replace(/\r\n?/g, '\n');
  return { ...range, heading: open.heading, message: { role: open.heading.speaker, content } };
}

function* linesOf(text: string): Generator<TextLine> {
  const breaks = /\r\n|\n|\r/g;
  let start = 0;
  for (const { 0: lineBreak, index } of text.matchAll(breaks)) {
    yield { text: text.slice(start, index), start, end: index };
    start = index + lineBreak.length;
  }
  yield { text: text.slice(start), start, end: text.length };
}

/** Fenced code: what looks like a heading in it is code. */
class Fence {
  #mark: string | undefined;

  /** Whether a line opens, closes or lies in a fenced block. Lines are given in order. */
  holds(line: string): boolean {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (this.#mark === undefined) {
      const opens = mark?.[1] !== undefined && !(mark[1].startsWith('`') && mark[2]?.includes('`'));
      if (opens) this.#mark = mark[1];
      return opens;
    }
    if (mark?.[1]?.startsWith(this.#mark) && mark[2]?.trim() === '') this.#mark = undefined;
    return true;
  }
}

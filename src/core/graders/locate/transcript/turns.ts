/** Reads a transcript into conversations of turns, each with the range of its text. */

import type { Message } from '../../../datasets/records.ts';
import { type TextRange, trimmedRange } from '../located.ts';
import { atxHeading, type RoleHeading, roleHeading } from './headings.ts';
import { templateConversations } from './template-conversations.ts';

export type TranscriptFormat = 'markdown' | 'plain-text';

export interface Turn extends TextRange {
  /** Who speaks, as the heading says it: "Assistant (a)". */
  readonly label?: string;
  /** Whether its heading alone makes a conversation. */
  readonly isClear: boolean;
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

/** The conversations of a text: those that a chat template has made, then those under role headings, in order. */
export function conversationsIn(text: string, format: TranscriptFormat): Conversation[] {
  return [...templateConversations(text), ...conversationsUnderHeadings(text, format)];
}

/** A section heading ends a turn and its conversation. */
function conversationsUnderHeadings(text: string, format: TranscriptFormat): Conversation[] {
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
    if (open !== undefined && isInstruction(open.heading.label) && INPUT.test(line.text)) continue;
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
  const { label, isClear, speaker } = open.heading;
  const content = text.slice(range.start, range.end).replace(/\r\n?/g, '\n');
  const message = { role: speaker, content: isInstruction(label) ? withoutInputHeading(content) : content };
  return { ...range, label, isClear, message };
}

/** The Alpaca template: what an instruction works on stands below it, under a heading of its own. */
const INPUT = /^ {0,3}#{1,6}[ \t]+input:?[ \t]*$/i;

const isInstruction = (label: string): boolean => label.toLowerCase() === 'instruction';

function withoutInputHeading(content: string): string {
  const lines = content.split('\n');
  const at = lines.findIndex((line) => INPUT.test(line));
  if (at < 0) return content;
  const parts = [lines.slice(0, at), lines.slice(at + 1)].map((part) => part.join('\n').trim());
  return parts.filter((part) => part !== '').join('\n\n');
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

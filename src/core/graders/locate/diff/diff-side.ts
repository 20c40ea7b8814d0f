/** One side of a hunk of a unified diff as a text of its own, and the places of that text in the diff. */

import type { TextRange } from '../located.ts';

export interface DiffSide {
  readonly text: string;
  /** The file of this side as the diff names it; '' where it names none. */
  readonly file: string;
  /** The position of the text at a position of the diff, on this side. */
  textOffset(offset: number): number;
  /** The parts of the diff that spell a range of the text, which is not empty. */
  pieces(range: TextRange): TextRange[];
}

interface SideLine {
  /** Where the line, after its mark, begins in the diff and in the text of the side. */
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** The side that an offset is on: the old one in a removed line, the new one elsewhere; undefined outside of hunks. */
export function diffSideAt(diff: string, offset: number): DiffSide | undefined {
  const hunk = hunkAt(diff, offset);
  const current = hunk?.lines.findLast((line) => line.start <= offset);
  if (hunk === undefined || current === undefined) return undefined;
  const isOld = current.mark === '-';
  const lines: SideLine[] = [];
  let text = '';
  for (const { mark, start, end } of hunk.lines) {
    if (mark === (isOld ? '+' : '-') || mark === '\\') continue;
    const at = Math.min(start + 1, end);
    lines.push({ at, from: text.length, length: end - at });
    text += diff.slice(at, end);
  }
  return new HunkSide(text, isOld ? hunk.oldFile : hunk.newFile, lines);
}

class HunkSide implements DiffSide {
  readonly text: string;
  readonly file: string;
  readonly #lines: readonly SideLine[];

  constructor(text: string, file: string, lines: readonly SideLine[]) {
    this.text = text;
    this.file = file;
    this.#lines = lines;
  }

  textOffset(offset: number): number {
    const line = this.#lines.findLast(({ at }) => at <= offset);
    return line === undefined ? 0 : line.from + Math.min(offset - line.at, line.length);
  }

  pieces({ start, end }: TextRange): TextRange[] {
    return this.#lines.flatMap(({ at, from, length }) => {
      const [first, last] = [Math.max(start, from), Math.min(end, from + length)];
      return first < last ? [{ start: at + first - from, end: at + last - from }] : [];
    });
  }
}

interface HunkLine extends TextRange {
  /** A blank line that lost its mark is one of both sides. */
  readonly mark: string;
}

interface Hunk {
  readonly oldFile: string;
  readonly newFile: string;
  readonly lines: readonly HunkLine[];
}

/** The hunk around an offset; its head says how many lines it has, so that a removed "-- " is no head of a file. */
function hunkAt(diff: string, offset: number): Hunk | undefined {
  let [oldFile, newFile] = ['', ''];
  let [oldLeft, newLeft] = [0, 0];
  let lines: HunkLine[] = [];
  for (const { 0: line, index: start } of diff.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const end = start + line.length;
    const mark = /^\r?\n?$/.test(line) ? ' ' : line.charAt(0);
    const isInHunk = oldLeft > 0 || newLeft > 0;
    if (isInHunk && (mark === ' ' || mark === '-' || mark === '+' || mark === '\\')) {
      if (mark === ' ' || mark === '-') oldLeft -= 1;
      if (mark === ' ' || mark === '+') newLeft -= 1;
      lines.push({ mark, start, end });
      continue;
    }
    if (mark === '\\' && lines.length > 0) continue;
    if (start > offset) break;
    const head = HUNK.exec(line);
    [oldLeft, newLeft] = head === null ? [0, 0] : [Number(head[1] ?? 1), Number(head[2] ?? 1)];
    lines = [];
    oldFile = fileOf(line, '--- ') ?? oldFile;
    newFile = fileOf(line, '+++ ') ?? newFile;
  }
  const [first, last] = [lines[0], lines.at(-1)];
  const isAround = first !== undefined && last !== undefined && first.start <= offset && offset <= last.end;
  return isAround ? { oldFile, newFile, lines } : undefined;
}

function fileOf(line: string, head: string): string | undefined {
  if (!line.startsWith(head)) return undefined;
  return line
    .slice(head.length)
    .replace(/[\t\r\n].*$/s, '')
    .replace(/^"(.*)"$/, '$1');
}

/**
 * Which words two answers do not share, marked in the elements that show them: ranges of a CSS highlight, so that the
 * elements themselves stay as they are, Markdown and all.
 */

import { diffWordsWithSpace } from 'diff';

/** Beyond this many characters on either side comparing would hold up the page. */
const MOST_CHARS = 1_000_000;
const MOST_MILLISECONDS = 400;

/** Words of the better answer alone, and of the other: the better one is the first where none is. */
const ONLY_IN_BETTER = 'only-in-better';
const ONLY_IN_OTHER = 'only-in-other';

/** How one text becomes another, word by word; undefined where they are too long or too different to compare at once. */
export function wordChanges(from: string, to: string) {
  if (from.length > MOST_CHARS || to.length > MOST_CHARS) return undefined;
  return diffWordsWithSpace(from, to, { timeout: MOST_MILLISECONDS });
}

/** @returns why there is none, where the texts are too long or too different to be compared at once */
export function markDifferences(better: HTMLElement, other: HTMLElement): string | undefined {
  clearDifferences();
  const texts = [textOf(better), textOf(other)] as const;
  if (texts.some(({ text }) => text.length > MOST_CHARS)) return 'No word diff: an answer has more than 1 MB of text.';
  const changes = wordChanges(texts[1].text, texts[0].text);
  if (!changes) return 'No word diff: the answers are too long and too different to compare at once.';
  const inBetter = new Stretches(texts[0].text);
  const inOther = new Stretches(texts[1].text);
  for (const { value, added, removed } of changes) {
    if (!removed) inBetter.next(value.length, added);
    if (!added) inOther.next(value.length, removed);
  }
  CSS.highlights.set(ONLY_IN_BETTER, new Highlight(...rangesOf(texts[0], inBetter)));
  CSS.highlights.set(ONLY_IN_OTHER, new Highlight(...rangesOf(texts[1], inOther)));
  return undefined;
}

/** Stretches of a text that the other one does not have; blanks alone do not divide them. */
class Stretches {
  readonly found: { from: number; to: number }[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(length: number, marked: boolean): void {
    const from = this.#at;
    this.#at += length;
    if (!marked) return;
    const last = this.found.at(-1);
    if (last && this.#text.slice(last.to, from).trim() === '') last.to = this.#at;
    else this.found.push({ from, to: this.#at });
  }
}

export function clearDifferences(): void {
  CSS.highlights.delete(ONLY_IN_BETTER);
  CSS.highlights.delete(ONLY_IN_OTHER);
}

interface Texts {
  readonly text: string;
  readonly nodes: readonly { readonly node: Text; readonly start: number }[];
}

/** The text that is shown, with the nodes it comes from. Blocks end a word even where no blank stands between them. */
function textOf(root: HTMLElement): Texts {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: { node: Text; start: number }[] = [];
  let text = '';
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    if (text !== '' && !/\s$/.test(text)) text += blockOf(nodes.at(-1)?.node) === blockOf(node) ? '' : '\n';
    nodes.push({ node, start: text.length });
    text += node.data;
  }
  return { text, nodes };
}

const blockOf = (node: Text | undefined): Element | null =>
  node?.parentElement?.closest('p, li, pre, td, th, blockquote, div') ?? null;

function rangesOf({ text, nodes }: Texts, { found }: Stretches): Range[] {
  return found.flatMap(({ from, to }) => {
    const piece = text.slice(from, to);
    // An underlined blank at an end says nothing.
    const start = from + (piece.length - piece.trimStart().length);
    return rangesBetween(nodes, start, from + piece.trimEnd().length);
  });
}

function rangesBetween(nodes: Texts['nodes'], from: number, to: number): Range[] {
  const ranges: Range[] = [];
  for (const { node, start } of nodes.slice(lastBefore(nodes, from))) {
    if (start >= to) break;
    const first = Math.max(0, from - start);
    const last = Math.min(node.length, to - start);
    if (first >= last) continue;
    const range = document.createRange();
    range.setStart(node, first);
    range.setEnd(node, last);
    ranges.push(range);
  }
  return ranges;
}

/** Index of the last node that begins at or before a place. */
function lastBefore(nodes: readonly { readonly start: number }[], place: number): number {
  let low = 0;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((nodes[middle]?.start ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/**
 * Which words two answers do not share, marked in the elements that show them: ranges of a CSS highlight, so that the
 * elements themselves stay as they are, Markdown and all.
 */

import { diffWordsWithSpace } from 'diff';

/** Beyond this many characters on either side comparing would hold up the page. */
export const MOST_CHARS = 1_000_000;
const MOST_MILLISECONDS = 400;

const ONLY_IN_FIRST = 'only-in-first';
const ONLY_IN_SECOND = 'only-in-second';

/** @returns why there is none, where the texts are too long or too different to be compared at once */
export function markDifferences(first: HTMLElement, second: HTMLElement): string | undefined {
  clearDifferences();
  const texts = [textOf(first), textOf(second)] as const;
  if (texts.some(({ text }) => text.length > MOST_CHARS)) return 'No word diff: an answer has more than 1 MB of text.';
  const changes = diffWordsWithSpace(texts[0].text, texts[1].text, { timeout: MOST_MILLISECONDS });
  if (!changes) return 'No word diff: the answers are too long and too different to compare at once.';
  const ranges: { first: Range[]; second: Range[] } = { first: [], second: [] };
  let inFirst = 0;
  let inSecond = 0;
  for (const { value, added, removed } of changes) {
    if (removed) ranges.first.push(...rangesOf(texts[0], inFirst, value));
    if (added) ranges.second.push(...rangesOf(texts[1], inSecond, value));
    if (!added) inFirst += value.length;
    if (!removed) inSecond += value.length;
  }
  CSS.highlights.set(ONLY_IN_FIRST, new Highlight(...ranges.first));
  CSS.highlights.set(ONLY_IN_SECOND, new Highlight(...ranges.second));
  return undefined;
}

export function clearDifferences(): void {
  CSS.highlights.delete(ONLY_IN_FIRST);
  CSS.highlights.delete(ONLY_IN_SECOND);
}

interface Texts {
  readonly text: string;
  readonly nodes: readonly { readonly node: Text; readonly start: number }[];
}

/** The text that is shown, with the nodes it comes from. Blocks end a word even where no blank stands between them. */
export function textOf(root: HTMLElement): Texts {
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

/** The ranges of one piece of the text, without the blanks at its ends: an underlined blank says nothing. */
export function rangesOf({ nodes }: Texts, start: number, piece: string): Range[] {
  const from = start + (piece.length - piece.trimStart().length);
  const to = start + piece.trimEnd().length;
  if (to <= from) return [];
  const ranges: Range[] = [];
  for (let at = lastBefore(nodes, from); at < nodes.length; at++) {
    const { node, start: begins } = nodes[at] ?? { node: new Text(), start: Number.POSITIVE_INFINITY };
    if (begins >= to) break;
    const first = Math.max(0, from - begins);
    const last = Math.min(node.length, to - begins);
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

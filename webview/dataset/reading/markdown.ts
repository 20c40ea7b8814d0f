/**
 * Markdown as elements. The text is data from a file: it becomes elements one by one and never markup, raw HTML stays
 * visible text, links lead nowhere by themselves and images are not loaded.
 */

import MarkdownIt, { type Token } from 'markdown-it';
import { element } from '../elements.ts';

const parser = new MarkdownIt({ html: false, linkify: false, breaks: true });

const PLAIN_TAGS = new Set([
  ...['p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'hr', 'br', 'strong', 'em', 's', 'code'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
]);
/** The pane has headings of its own: those in a text must not stand among them. */
const HEADING = /^h([1-6])$/;

/** The text as elements inside one block, in its own direction. */
export function markdown(text: string): HTMLElement {
  const block = element('div', { class: 'markdown', dir: 'auto' });
  append(block, parser.parse(text, {}));
  return block;
}

function append(root: HTMLElement, tokens: readonly Token[]): void {
  let at: HTMLElement = root;
  for (const token of tokens) {
    if (token.hidden) continue;
    if (token.nesting === 1) {
      const opened = elementOf(token);
      at.append(opened);
      at = opened;
    } else if (token.nesting === -1) {
      at = at.parentElement ?? root;
    } else if (token.type === 'inline') {
      append(at, token.children ?? []);
    } else {
      at.append(...leaf(token));
    }
  }
}

function leaf(token: Token): (Node | string)[] {
  switch (token.type) {
    case 'text':
    case 'html_inline':
    case 'html_block':
      return [token.content];
    case 'softbreak':
    case 'hardbreak':
      return [element('br')];
    case 'code_inline':
      return [element('code', {}, token.content)];
    case 'code_block':
    case 'fence':
      return [element('pre', { 'data-language': token.info.trim() || undefined }, element('code', {}, token.content))];
    case 'hr':
      return [element('hr')];
    case 'image':
      return [element('span', { class: 'image', title: token.attrGet('src') ?? '' }, `[image: ${token.content}]`)];
    default:
      return token.content === '' ? [] : [token.content];
  }
}

function elementOf(token: Token): HTMLElement {
  const heading = HEADING.exec(token.tag);
  if (heading) return element('p', { class: `heading level-${heading[1]}` });
  if (token.tag === 'a') return element('span', { class: 'link', title: token.attrGet('href') ?? '' });
  if (!PLAIN_TAGS.has(token.tag)) return element('span');
  const start = token.tag === 'ol' ? (token.attrGet('start') ?? undefined) : undefined;
  return element(token.tag as 'p', { start });
}

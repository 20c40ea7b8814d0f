/** The turns of a conversation or of an answer: who said what, as Markdown or as it stands, long ones piece by piece. */

import type { Outcome, Problem, Turn } from '../../../src/protocol/dataset-viewer.ts';
import { button, element } from '../elements.ts';
import { count, counted } from '../text.ts';
import { markdown } from './markdown.ts';

export interface TurnsContext {
  /** Markdown is rendered; else the text stands as it is in the file. */
  readonly rendered: boolean;
  /** The role is shown beside each turn. */
  readonly roles: boolean;
  readonly more: (turn: number, from: number) => Promise<Outcome<string, Problem>>;
  /** More text is there than before. */
  readonly onMore: () => void;
}

/** Beyond this many characters Markdown would hold up the page: the text stands as it is. */
const MOST_RENDERED = 200_000;

export function turnsView(turns: readonly Turn[], all: number, context: TurnsContext): HTMLElement {
  const list = element('ol', { class: context.roles ? 'turns-list with-roles' : 'turns-list' });
  list.append(...turns.map((turn, index) => turnView(turn, index, context)));
  const left = all - turns.length;
  if (left > 0) list.append(element('li', { class: 'absent' }, `${counted(left, 'more turn')} not shown`));
  return list;
}

function turnView({ role, content }: Turn, index: number, context: TurnsContext): HTMLElement {
  const said = element('div', { class: 'said' });
  let text = content.text;
  const show = () => said.replaceChildren(...shown(), ...more());
  const shown = () => {
    if (content.chars === 0) return [element('p', { class: 'absent' }, 'empty')];
    const render = context.rendered && text.length <= MOST_RENDERED;
    return [render ? markdown(text) : element('p', { class: 'text', dir: 'auto' }, text)];
  };
  const more = () => {
    if (text.length >= content.chars) return [];
    const label = `Load more (${count(text.length)} of ${count(content.chars)} characters shown)`;
    const load = button(label, () => void loadMore(load), { class: 'more' });
    return [load];
  };
  const loadMore = async (load: HTMLButtonElement) => {
    load.disabled = true;
    const piece = await context.more(index, text.length);
    if (!piece.ok) {
      load.disabled = false;
      if (!piece.fault.cancelled) load.textContent = `${piece.fault.message} Load more`;
      return;
    }
    text += piece.value;
    show();
    context.onMore();
  };
  show();
  return element(
    'li',
    { class: `turn ${role === 'system' ? 'system' : ''}` },
    context.roles ? element('bdi', { class: 'role' }, role) : undefined,
    said,
  );
}

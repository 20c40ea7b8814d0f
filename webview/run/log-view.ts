/** The trainer's log: its end first, earlier pieces on request, followed as it grows, searched in the whole file. */

import type { LogPiece, RunSummary } from '../../src/protocol/run-panel.ts';
import { button, element, icon } from '../dataset/elements.ts';
import { bytes } from '../dataset/text.ts';
import type { Host } from './host.ts';

/** A page with more text than this gets slow: the oldest is dropped, and loaded again on request. */
const MOST_CHARS = 2_000_000;

export class LogView {
  readonly element: HTMLElement;
  readonly #host: () => Host;
  readonly #text = element('pre', { class: 'log-text', tabindex: 0, 'aria-label': 'Log' });
  readonly #earlier: HTMLButtonElement;
  readonly #later: HTMLButtonElement;
  readonly #size = element('span', { class: 'dim' });
  readonly #found = element('span', { class: 'dim', role: 'status' });
  readonly #search = element('input', { type: 'search', placeholder: 'Search log', 'aria-label': 'Search log' });
  readonly #follow = element('input', { type: 'checkbox', checked: true });
  #folder = '';
  #pieces: (LogPiece & { readonly node: Text })[] = [];
  #bytes = 0;
  #busy: Promise<void> | undefined;
  #searching = 0;
  #hit: number | undefined;

  constructor(host: () => Host) {
    this.#host = host;
    this.#earlier = button('Load earlier', () => void this.#queue(() => this.#loadEarlier()));
    this.#later = button('Load later', () => void this.#queue(() => this.#loadLater()));
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') void this.#find(event.shiftKey ? 'down' : 'up');
      if (event.key === 'Escape') this.#searching += 1;
    });
    this.#search.addEventListener('input', () => {
      this.#hit = undefined;
      this.#searching += 1;
      this.#found.textContent = '';
    });
    this.#follow.addEventListener('change', () => {
      if (this.#follow.checked) void this.#queue(() => this.#loadEnd());
    });
    // Who scrolls up reads, and does not want to be carried away.
    this.#text.addEventListener('scroll', () => {
      if (!this.#atEnd() && this.#follow.checked && this.#text.dataset.moved === 'yes') this.#follow.checked = false;
    });
    this.#text.addEventListener('wheel', () => {
      this.#text.dataset.moved = 'yes';
    });
    this.element = element(
      'section',
      { class: 'log' },
      element(
        'div',
        { class: 'log-tools' },
        this.#search,
        button('Previous hit', () => void this.#find('up'), { class: 'quiet' }, icon('up')),
        button('Next hit', () => void this.#find('down'), { class: 'quiet' }, icon('down')),
        this.#found,
        element('span', { class: 'spring' }),
        this.#size,
        element('label', {}, this.#follow, 'Follow'),
      ),
      this.#earlier,
      this.#text,
      this.#later,
    );
  }

  /** The run has been looked at anew: its log may have grown. */
  show({ folder, logBytes }: RunSummary): void {
    this.#bytes = logBytes;
    this.#size.textContent = logBytes === 0 ? 'empty' : bytes(logBytes);
    if (folder !== this.#folder || logBytes < this.#end) {
      this.#folder = folder;
      void this.#queue(() => this.#loadEnd());
    } else if (this.#follow.checked && logBytes > this.#end) void this.#queue(() => this.#loadLater());
    this.#showEnds();
  }

  get #start(): number {
    return this.#pieces[0]?.start ?? 0;
  }

  get #end(): number {
    return this.#pieces.at(-1)?.end ?? 0;
  }

  /** One thing at a time: pieces have to fit each other. */
  #queue(task: () => Promise<void>): Promise<void> {
    this.#busy = (this.#busy ?? Promise.resolve()).then(task);
    return this.#busy;
  }

  async #loadEnd(): Promise<void> {
    await this.#replace(null);
    this.#toEnd();
  }

  async #replace(before: number | null): Promise<void> {
    const answer = await this.#host().log({ folder: this.#folder, before });
    if (!answer.ok) {
      this.#found.textContent = answer.fault.message;
      return;
    }
    this.#pieces = [];
    this.#text.replaceChildren();
    this.#add(answer.value, 'end');
  }

  async #loadEarlier(): Promise<void> {
    if (this.#start === 0) return;
    const answer = await this.#host().log({ folder: this.#folder, before: this.#start });
    if (!answer.ok || answer.value.end !== this.#start) return;
    const { scrollHeight, scrollTop } = this.#text;
    this.#add(answer.value, 'start');
    this.#text.scrollTop = scrollTop + this.#text.scrollHeight - scrollHeight;
  }

  async #loadLater(): Promise<void> {
    const follows = this.#follow.checked;
    const answer = await this.#host().log({ folder: this.#folder, after: this.#end });
    if (!answer.ok || answer.value.end <= this.#end) return;
    // Far behind, the end is what is followed.
    if (follows && answer.value.end < answer.value.bytes) return this.#loadEnd();
    this.#add(answer.value, 'end');
    if (follows) this.#toEnd();
  }

  #add(piece: LogPiece, at: 'start' | 'end'): void {
    // Control sequences of terminals say nothing here.
    const node = document.createTextNode(withoutEscapes(piece.text));
    if (at === 'end') {
      this.#pieces.push({ ...piece, node });
      this.#text.append(node);
    } else {
      this.#pieces.unshift({ ...piece, node });
      this.#text.prepend(node);
    }
    let chars = this.#pieces.reduce((sum, { node: each }) => sum + each.length, 0);
    while (chars > MOST_CHARS && this.#pieces.length > 1) {
      const dropped = at === 'end' ? this.#pieces.shift()! : this.#pieces.pop()!;
      dropped.node.remove();
      chars -= dropped.node.length;
    }
    this.#showEnds();
  }

  #showEnds(): void {
    this.#earlier.hidden = this.#start === 0;
    this.#later.hidden = this.#pieces.length === 0 || this.#end >= this.#bytes;
  }

  /** Goes through the whole file, part by part, until there is a hit, an end, or another search. */
  async #find(direction: 'up' | 'down'): Promise<void> {
    const text = this.#search.value;
    if (text === '') return;
    this.#searching += 1;
    const search = this.#searching;
    let from =
      this.#hit === undefined ? (direction === 'up' ? this.#bytes : 0) : this.#hit + (direction === 'up' ? 0 : 1);
    for (;;) {
      const answer = await this.#host().searchLog({ folder: this.#folder, text, from, direction });
      if (search !== this.#searching) return;
      if (!answer.ok) {
        this.#found.textContent = answer.fault.message;
        return;
      }
      const { line, searched, ended } = answer.value;
      if (line !== null) {
        this.#hit = searched;
        this.#found.textContent = `at ${this.#bytes === 0 ? 0 : Math.round((searched / this.#bytes) * 100)} % of the log`;
        this.#follow.checked = false;
        await this.#queue(() => this.#showHit(line, text));
        return;
      }
      if (ended) {
        this.#found.textContent = this.#hit === undefined ? 'not found' : 'no further hit';
        return;
      }
      from = searched;
      this.#found.textContent = `searched ${bytes(direction === 'up' ? this.#bytes - searched : searched)}…`;
    }
  }

  async #showHit(line: number, text: string): Promise<void> {
    if (line < this.#start || line >= this.#end) {
      const answer = await this.#host().log({ folder: this.#folder, after: line });
      if (!answer.ok) return;
      this.#pieces = [];
      this.#text.replaceChildren();
      this.#add(answer.value, 'end');
    }
    const piece = this.#pieces.find(({ start, end }) => line >= start && line < end);
    if (!piece) return;
    // Offsets are bytes: the hit is looked for from about where the line begins.
    const share = Math.max(
      0,
      Math.floor(((line - piece.start) / (piece.end - piece.start)) * piece.node.length) - 4_000,
    );
    const lower = piece.node.data.toLowerCase();
    const after = piece.start === line ? 0 : share;
    const at = closest(lower, text.toLowerCase(), after, this.#hit! - piece.start);
    if (at < 0) return;
    const range = document.createRange();
    range.setStart(piece.node, at);
    range.setEnd(piece.node, at + text.length);
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    const box = range.getBoundingClientRect();
    const frame = this.#text.getBoundingClientRect();
    this.#text.scrollTop += box.top - frame.top - frame.height / 3;
  }

  #atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.#text;
    return scrollTop + clientHeight >= scrollHeight - 30;
  }

  #toEnd(): void {
    this.#text.dataset.moved = 'no';
    this.#text.scrollTop = this.#text.scrollHeight;
  }
}

/** Of the hits from a place on, the one nearest to where the bytes say it is. */
function closest(text: string, needle: string, from: number, expected: number): number {
  let best = -1;
  for (let at = text.indexOf(needle, from); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (best >= 0 && Math.abs(at - expected) > Math.abs(best - expected)) break;
    best = at;
  }
  return best;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;
const withoutEscapes = (text: string): string => text.replaceAll(ESCAPES, '').replaceAll('\r\n', '\n');

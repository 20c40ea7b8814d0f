/** Samples as rows that unfold: the prompt, then every output with its verdict, reward and length. */

import type { SampleOutput, SampleRow } from '../../../src/protocol/run-samples.ts';
import { element } from '../../dataset/elements.ts';
import { count, number } from '../text.ts';

export function sampleRows(rows: readonly SampleRow[], from: number): HTMLElement {
  const titles = ['', 'Prompt', 'Slice', 'Outputs', 'Gold', 'Reward', 'Notes'];
  return element(
    'table',
    { class: 'plain sample-rows' },
    element('thead', {}, element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)))),
    element('tbody', {}, ...rows.flatMap((row, place) => sampleRow(row, from + place))),
  );
}

function sampleRow(row: SampleRow, place: number): HTMLElement[] {
  const detail = element('tr', { class: 'sample-detail', hidden: true });
  const prompt = row.prompt.trim().split('\n', 1)[0] ?? '';
  const toggle = element(
    'button',
    { type: 'button', class: 'unfold', 'aria-expanded': 'false' },
    element('span', { class: 'twistie', 'aria-hidden': 'true' }, '›'),
    String(row.row ?? place),
  );
  toggle.title = row.row === null ? 'Sample' : `Row ${count(row.row)} of the dataset`;
  toggle.addEventListener('click', () => {
    const open = detail.hidden;
    if (open && detail.childElementCount === 0) detail.append(element('td', { colspan: 7 }, ...detailOf(row)));
    detail.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
  });
  const notes = [
    ...(row.swapped ? ['flips if swapped'] : []),
    ...(row.dead ? ['dead group'] : []),
    ...(row.outputs.some(({ cut }) => cut) ? ['cut'] : []),
  ];
  return [
    element(
      'tr',
      { class: 'sample' },
      element('td', {}, toggle),
      element('td', { class: 'prompt' }, element('bdi', {}, prompt)),
      element('td', {}, row.slice ?? ''),
      element('td', { class: 'verdicts' }, ...row.outputs.map((output) => verdict(output, row.gold))),
      element('td', {}, row.gold === null ? '' : element('span', { class: 'verdict gold' }, short(row.gold))),
      element('td', { class: 'figure' }, row.reward === null ? '' : number(row.reward)),
      element('td', { class: 'dim' }, notes.join(', ')),
    ),
    detail,
  ];
}

/** Filled where it is the gold label, outlined where it is another, dashed where nothing was parsed. */
function verdict(output: SampleOutput, gold: string | null): HTMLElement {
  const kind = output.verdict === null ? 'none' : gold === null ? '' : output.verdict === gold ? 'right' : 'wrong';
  const made = element('span', { class: `verdict ${kind}` }, output.verdict === null ? '?' : short(output.verdict));
  const said = { none: 'no verdict parsed', right: 'as the gold label', wrong: 'not the gold label', '': '' }[kind];
  made.title = [output.verdict ?? '', said].filter((part) => part !== '').join(', ');
  return made;
}

const short = (label: string): string => (label === 'tie' ? '=' : label.length > 6 ? `${label.slice(0, 5)}…` : label);

function detailOf(row: SampleRow): HTMLElement[] {
  const titles = ['#', 'Order', 'Output', 'Verdict', 'Reward', 'Tokens'];
  const outputs = row.outputs.map((output, place) =>
    element(
      'tr',
      {},
      element('td', {}, String(place + 1)),
      element('td', {}, output.order ?? ''),
      element('td', { class: 'output', dir: 'auto' }, cutStart(output)),
      element('td', {}, verdict(output, row.gold)),
      element('td', { class: 'figure' }, output.reward === null ? '' : number(output.reward)),
      element('td', { class: 'figure' }, tokensOf(output)),
    ),
  );
  return [
    element(
      'div',
      { class: 'prompt-text', dir: 'auto' },
      row.prompt,
      row.promptChars > row.prompt.length
        ? element('span', { class: 'dim' }, ` … ${count(row.promptChars - row.prompt.length)} more characters`)
        : undefined,
    ),
    element(
      'table',
      { class: 'plain outputs' },
      element('thead', {}, element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)))),
      element('tbody', {}, ...outputs),
    ),
  ];
}

const cutStart = ({ text, chars }: SampleOutput): string =>
  chars > text.length ? `(${count(chars - text.length)} characters before) … ${text}` : text;

function tokensOf({ tokens, cut }: SampleOutput): string {
  const parts = [...(tokens === null ? [] : [count(tokens)]), ...(cut ? ['cut'] : [])];
  return parts.join(' \u00b7 ');
}

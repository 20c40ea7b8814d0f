/** The values of a chart's runs beside its title: those at the crosshair, else the newest. */

import { element } from '../../dataset/elements.ts';
import { number } from '../text.ts';
import { type ChartContent, toleranceOf } from './chart-content.ts';
import { type Line, shown, valueAt } from './lines.ts';
import { swatch } from './swatch.ts';

/** More values than these do not fit beside the title. */
const MOST_CAPTIONS = 4;

export class Caption {
  readonly element = element('span', { class: 'caption' });
  readonly #texts: Text[] = [];
  #styles = '';

  show(content: ChartContent, hovered: number | null): void {
    const captions = captionedLines(content.lines).map((lines) => ({
      style: lines[0]!.style,
      text: lines
        .slice(0, 2)
        .map((line) => number(captionOf(line, content, hovered)))
        .join(' / '),
    }));
    const styles = JSON.stringify(captions.map(({ style }) => style));
    if (styles !== this.#styles) {
      this.#styles = styles;
      this.#texts.splice(0, this.#texts.length, ...captions.map(() => document.createTextNode('')));
      this.element.replaceChildren(
        ...captions.map(({ style }, run) =>
          element('span', { class: 'caption-run' }, swatch(style), this.#texts[run]!),
        ),
      );
    }
    // What is not touched is not laid out anew.
    for (const [run, { text }] of captions.entries()) {
      if (this.#texts[run]!.data !== text) this.#texts[run]!.data = text;
    }
  }
}

function captionOf(line: Line, content: ChartContent, hovered: number | null): number | undefined {
  return hovered === null ? shown(line).y.at(-1) : valueAt(shown(line), hovered, toleranceOf(content))?.y;
}

/** The curves of each run that speak for it: of the training, where it has one here. */
function captionedLines(lines: readonly Line[]): Line[][] {
  const runs = new Map<string, Line[]>();
  for (const line of lines) {
    const speaks = line.metric.set === 'train' && (line.metric.role === 'value' || isPair(line));
    if (speaks || !lines.some((other) => other.folder === line.folder && other.metric.set === 'train')) {
      runs.set(line.folder, [...(runs.get(line.folder) ?? []), line]);
    }
  }
  return [...runs.values()].slice(0, MOST_CAPTIONS);
}

const isPair = ({ metric: { role } }: Line): boolean => role === 'chosen' || role === 'rejected';

/** One chart: uPlot lays out axes, grid, crosshair and selection; the curves are drawn into it. */

import uPlot from 'uplot';
import type { ChartLayout } from '../../../src/core/runs/metric-names.ts';
import type { XAxis } from '../../../src/protocol/run-panel.ts';
import { element } from '../../dataset/elements.ts';
import { number } from '../text.ts';
import { axesOf } from './axes.ts';
import { Caption } from './caption.ts';
import { type ChartContent, EMPTY, toleranceOf } from './chart-content.ts';
import { draw } from './draw.ts';
import { nearest, shown, valueAt, withBaselines, yExtent, yRange } from './lines.ts';
import type { Theme } from './run-style.ts';
import { Tooltip } from './tooltip.ts';
import { placeByKey, rangeByKey, rangeByWheel } from './zoom-gestures.ts';

export interface ChartEvents {
  /** The mouse is over this place of the x axis, or left; the other charts show the same. */
  readonly onHover: (chart: Chart, x: number | null) => void;
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset: () => void;
}

const BETTER = { lower: 'lower is better', higher: 'higher is better' } as const;

export class Chart {
  readonly element: HTMLElement;
  readonly layout: ChartLayout;
  readonly #events: ChartEvents;
  readonly #theme: () => Theme;
  readonly #caption = new Caption();
  readonly #canvas: HTMLElement;
  readonly #tooltip = new Tooltip();
  #plot: uPlot | undefined;
  #content: ChartContent = EMPTY;
  #logarithmic = false;
  #axis: XAxis = 'step';
  #y: [number, number] = [0, 1];
  #hovered: number | null = null;
  #drawn = false;
  #size = { width: 0, height: 0 };

  constructor(layout: ChartLayout, theme: () => Theme, events: ChartEvents) {
    this.layout = layout;
    this.#theme = theme;
    this.#events = events;
    const { title, unit, better } = layout.quantity;
    const said = [unit, better && unit === '' ? BETTER[better] : ''].filter((part) => part !== '').join(', ');
    this.#canvas = element('div', { class: 'plot', tabindex: 0, role: 'img', 'aria-label': title });
    this.element = element(
      'figure',
      { class: 'chart', 'data-chart': layout.quantity.id },
      element(
        'figcaption',
        {},
        element('span', { class: 'chart-title' }, title),
        element('span', { class: 'chart-unit' }, said),
        element('span', { class: 'spring' }),
        this.#caption.element,
      ),
      this.#canvas,
      this.#tooltip.element,
    );
    if (better && unit !== '') this.element.title = BETTER[better];
    this.#canvas.addEventListener('mouseleave', () => this.#events.onHover(this, null));
    this.#canvas.addEventListener('keydown', (event) => this.#onKey(event));
    this.#canvas.addEventListener('wheel', (event) => this.#onWheel(event), { passive: false });
  }

  get canvas(): HTMLCanvasElement | undefined {
    return this.#plot?.ctx.canvas;
  }

  get content(): ChartContent {
    return this.#content;
  }

  /** Of the plot, in CSS pixels, as it was measured last. */
  get width(): number {
    return this.#size.width;
  }

  /** For all charts before any is changed: the page is laid out once, not once a chart. */
  measure(): void {
    this.#size = { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  show(content: ChartContent): void {
    this.#content = content;
    this.#caption.show(content, this.#hovered);
    const said = content.lines.map((line) => `${line.run} ${line.metric.name} ${number(shown(line).y.at(-1))}`);
    this.#canvas.setAttribute('aria-label', `${this.layout.quantity.title}: ${said.join('; ') || 'no values yet'}`);
    this.redraw();
  }

  /** Draws when it can be seen; a chart that is not costs nothing until then. */
  redraw(): void {
    if (this.element.dataset.seen !== 'yes' || this.width === 0) {
      this.#drawn = false;
      return;
    }
    const { lines, range, logarithmic } = this.#content;
    const extent = yExtent(lines, range[0], range[1], logarithmic);
    this.#y = yRange(withBaselines(extent, this.#content.baselines), this.layout.quantity.domain, logarithmic);
    const { x } = this.#content;
    if (this.#plot && (this.#logarithmic !== logarithmic || this.#axis !== x)) this.#destroy();
    this.#plot ??= this.#makePlot();
    const { width, height } = this.#size;
    if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize(this.#size);
    this.#plot.setData([[...range], [this.#y[0], this.#y[1]]], true);
    this.#drawn = true;
    if (this.#hovered !== null) this.#placeCrosshair();
  }

  seen(visible: boolean): void {
    this.element.dataset.seen = visible ? 'yes' : 'no';
    if (!visible || this.#drawn) return;
    this.measure();
    this.redraw();
  }

  /** The theme has changed: axes keep the colours they were made with. */
  restyle(): void {
    this.#destroy();
    this.measure();
    this.redraw();
  }

  /** @param hovered whether the mouse is over this very chart */
  crosshair(x: number | null, hovered: boolean): void {
    this.#hovered = x;
    this.#caption.show(this.#content, x);
    if (!hovered) this.#placeCrosshair();
    this.#tooltip.element.hidden = !hovered || x === null;
    if (!hovered || x === null) return;
    this.#tooltip.show(this.#content, x);
    this.#tooltip.place(this.#content, x, (this.#y[0] + this.#y[1]) / 2);
  }

  destroy(): void {
    this.#destroy();
    this.element.remove();
  }

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #placeCrosshair(): void {
    const plot = this.#plot;
    if (!plot) return;
    const left = this.#hovered === null ? -10 : plot.valToPos(this.#hovered, 'x');
    plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
  }

  #makePlot(): uPlot {
    this.#logarithmic = this.#content.logarithmic;
    this.#axis = this.#content.x;
    const options: uPlot.Options = {
      ...this.#size,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      pxAlign: 0,
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            this.#events.onReset();
            return null;
          },
        },
      },
      scales: {
        x: { time: false, range: () => [...this.#content.range] },
        y: { range: () => this.#y, distr: this.#logarithmic ? 3 : 1 },
      },
      series: [{}, { scale: 'y', paths: () => null, points: { show: false } }],
      axes: axesOf(this.#theme(), this.#axis),
      hooks: {
        draw: [(plot) => draw(plot, this.#content, this.#theme())],
        setCursor: [(plot) => this.#onCursor(plot)],
        setSelect: [(plot) => this.#onSelect(plot)],
      },
    };
    return new uPlot(options, [[...this.#content.range], [0, 1]], this.#canvas);
  }

  #onCursor(plot: uPlot): void {
    const { left } = plot.cursor;
    // What this page has set itself is no news.
    if (!this.#canvas.matches(':hover')) return;
    if (left === undefined || left < 0) {
      this.#events.onHover(this, null);
      return;
    }
    const at = plot.posToVal(left, 'x');
    const line = this.#content.lines.find(({ metric }) => metric.set === 'train') ?? this.#content.lines[0];
    const found = line && valueAt(shown(line), at, toleranceOf(this.#content));
    this.#events.onHover(this, found?.x ?? at);
  }

  #onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#events.onZoom(from, to);
  }

  #onWheel(event: WheelEvent): void {
    const plot = this.#plot;
    if (!plot) return;
    const at = { centre: plot.posToVal(event.offsetX, 'x'), width: plot.width };
    const range = rangeByWheel(event, this.#content.range, at);
    if (!range) return;
    event.preventDefault();
    this.#events.onZoom(...range);
  }

  /** Arrows move the crosshair; plus, minus and 0 zoom. */
  #onKey(event: KeyboardEvent): void {
    const { lines, range } = this.#content;
    const place = lines[0] && placeByKey(event.key, range, this.#hovered);
    const zoomed = rangeByKey(event.key, range);
    if (place !== undefined) {
      this.#events.onHover(this, nearest(shown(lines[0]!), place)?.x ?? place);
      this.#placeCrosshair();
    } else if (zoomed) this.#events.onZoom(...zoomed);
    else if (event.key === '0') this.#events.onReset();
    else if (event.key === 'Escape') this.#events.onHover(this, null);
    else return;
    event.preventDefault();
  }
}

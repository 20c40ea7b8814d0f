/** One chart: uPlot lays out axes, grid, crosshair and selection; the curves are drawn into it. */

import uPlot from 'uplot';
import type { BaselineLine, ChartLayout } from '../../../src/core/runs/metric-names.ts';
import type { XAxis } from '../../../src/protocol/run-panel.ts';
import { element } from '../../dataset/elements.ts';
import { duration, number } from '../text.ts';
import { draw } from './draw.ts';
import { type Line, type Mark, nearest, shown, valueAt, yExtent, yRange } from './lines.ts';
import type { Theme } from './run-style.ts';
import { swatch } from './swatch.ts';
import { showTooltip } from './tooltip.ts';

export interface ChartEvents {
  /** The mouse is over this place of the x axis, or left; the other charts show the same. */
  readonly onHover: (chart: Chart, x: number | null) => void;
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset: () => void;
}

/** Everything that a chart shows. */
export interface ChartContent {
  readonly lines: readonly Line[];
  readonly baselines: readonly BaselineLine[];
  readonly marks: readonly Mark[];
  readonly x: XAxis;
  readonly range: readonly [number, number];
  readonly logarithmic: boolean;
}

const EMPTY: ChartContent = { lines: [], baselines: [], marks: [], x: 'step', range: [0, 1], logarithmic: false };

/** Seconds, minutes and hours have round numbers of their own. */
const TIME_STEPS = [
  0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
  86_400, 172_800, 604_800, 1_209_600, 2_419_200,
];

/** More values than these do not fit beside the title. */
const MOST_CAPTIONS = 4;

const BETTER = { lower: 'lower is better', higher: 'higher is better' } as const;

export class Chart {
  readonly element: HTMLElement;
  readonly layout: ChartLayout;
  readonly #events: ChartEvents;
  readonly #theme: () => Theme;
  readonly #caption = element('span', { class: 'caption' });
  readonly #canvas: HTMLElement;
  readonly #tooltip = element('div', { class: 'chart-tooltip', hidden: true });
  #plot: uPlot | undefined;
  #content: ChartContent = EMPTY;
  #logarithmic = false;
  #axis: XAxis = 'step';
  #y: [number, number] = [0, 1];
  #hovered: number | null = null;
  #drawn = false;
  #captioned = '';

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
        this.#caption,
      ),
      this.#canvas,
      this.#tooltip,
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

  get width(): number {
    return this.#canvas.clientWidth;
  }

  show(content: ChartContent): void {
    this.#content = content;
    this.#showCaption();
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
    this.#y = yRange(widened(extent, this.#content.baselines), this.layout.quantity.domain, logarithmic);
    const { x } = this.#content;
    if (this.#plot && (this.#logarithmic !== logarithmic || this.#axis !== x)) this.#destroy();
    this.#plot ??= this.#makePlot();
    const size = { width: this.width, height: this.#canvas.clientHeight };
    if (this.#plot.width !== size.width || this.#plot.height !== size.height) this.#plot.setSize(size);
    this.#plot.setData([[...range], [this.#y[0], this.#y[1]]], true);
    this.#drawn = true;
    if (this.#hovered !== null) this.#placeCrosshair();
  }

  seen(visible: boolean): void {
    this.element.dataset.seen = visible ? 'yes' : 'no';
    if (visible && !this.#drawn) this.redraw();
  }

  /** The theme has changed: axes keep the colours they were made with. */
  restyle(): void {
    this.#destroy();
    this.redraw();
  }

  /** @param hovered whether the mouse is over this very chart */
  crosshair(x: number | null, hovered: boolean): void {
    this.#hovered = x;
    this.#showCaption();
    if (!hovered) this.#placeCrosshair();
    if (hovered && x !== null) showTooltip(this.#tooltip, this.#content, x, this.#tolerance());
    this.#tooltip.hidden = !hovered || x === null;
    if (x !== null) this.#placeTooltip(x);
  }

  /** In the corner, on the other side of the crosshair, where the fewest curves are. */
  #placeTooltip(x: number): void {
    const { lines, range } = this.#content;
    const middle = (range[0] + range[1]) / 2;
    const left = x > middle;
    let above = 0;
    for (const line of lines) {
      const points = shown(line);
      for (let point = 0; point < points.x.length; point += 1) {
        if (points.x[point]! < middle !== left) continue;
        above += points.y[point]! > (this.#y[0] + this.#y[1]) / 2 ? 1 : -1;
      }
    }
    this.#tooltip.classList.toggle('left', left);
    this.#tooltip.classList.toggle('bottom', above > 0);
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

  /** Values of lines end with them: further than this from the crosshair they are none of its. */
  #tolerance(): number {
    const [from, to] = this.#content.range;
    return (to - from) / 50;
  }

  #showCaption(): void {
    const { lines } = this.#content;
    const runs = new Map<string, Line[]>();
    for (const line of lines) {
      const curve = line.metric.set === 'train' && (line.metric.role === 'value' || isPair(line));
      if (curve || !lines.some((other) => other.folder === line.folder && other.metric.set === 'train')) {
        runs.set(line.folder, [...(runs.get(line.folder) ?? []), line]);
      }
    }
    const captions = [...runs.values()].slice(0, MOST_CAPTIONS).map((members) => {
      const values = members.map((line) => {
        const found =
          this.#hovered === null ? shown(line).y.at(-1) : valueAt(shown(line), this.#hovered, this.#tolerance())?.y;
        return number(found);
      });
      return { style: members[0]!.style, text: values.slice(0, 2).join(' / ') };
    });
    // A page that is not touched is not laid out anew.
    const key = JSON.stringify(captions);
    if (key === this.#captioned) return;
    this.#captioned = key;
    this.#caption.replaceChildren(
      ...captions.map(({ style, text }) => element('span', { class: 'caption-run' }, swatch(style), text)),
    );
  }

  #makePlot(): uPlot {
    const theme = this.#theme();
    this.#logarithmic = this.#content.logarithmic;
    this.#axis = this.#content.x;
    const axis: uPlot.Axis = {
      stroke: theme.dim,
      font: theme.font,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { show: false },
      gap: 4,
    };
    const options: uPlot.Options = {
      width: this.width,
      height: this.#canvas.clientHeight,
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
      axes: [
        {
          ...axis,
          ...(this.#content.x === 'time' ? { incrs: TIME_STEPS } : {}),
          size: 22,
          space: 56,
          values: (_, ticks) => ticks.map((tick) => this.#tickOfX(tick)),
        },
        { ...axis, size: 46, space: 28, values: (_, ticks) => ticks.map(tickOfY) },
      ],
      hooks: {
        draw: [(plot) => draw(plot, this.#content, this.#theme())],
        setCursor: [(plot) => this.#onCursor(plot)],
        setSelect: [(plot) => this.#onSelect(plot)],
      },
    };
    return new uPlot(options, [[...this.#content.range], [0, 1]], this.#canvas);
  }

  #tickOfX(tick: number): string {
    if (this.#content.x === 'time') return tick === 0 ? '0' : duration(tick).replace(/ 0 (s|min|h)$/, '');
    if (Math.abs(tick) >= 10_000) return `${Number((tick / 1000).toPrecision(4))}k`;
    return String(Number(tick.toPrecision(6)));
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
    const found = line && valueAt(shown(line), at, this.#tolerance());
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
    const [from, to] = this.#content.range;
    const plot = this.#plot;
    if (!plot) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const centre = plot.posToVal(event.offsetX, 'x');
      const factor = event.deltaY > 0 ? 1.25 : 0.8;
      this.#events.onZoom(centre - (centre - from) * factor, centre + (to - centre) * factor);
    } else if (event.shiftKey) {
      event.preventDefault();
      const by = ((event.deltaY || event.deltaX) / plot.width) * (to - from);
      this.#events.onZoom(from + by, to + by);
    }
  }

  /** Arrows move the crosshair; plus, minus and 0 zoom. */
  #onKey(event: KeyboardEvent): void {
    const [from, to] = this.#content.range;
    const span = to - from;
    const line = this.#content.lines[0];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined && line) {
      const at = this.#hovered ?? from + span / 2;
      this.#events.onHover(this, nearest(shown(line), Math.min(to, Math.max(from, at + (step * span) / 60)))?.x ?? at);
      this.#placeCrosshair();
    } else if (event.key === '+' || event.key === '-') {
      const factor = event.key === '+' ? 0.25 : -0.5;
      this.#events.onZoom(from + span * factor, to - span * factor);
    } else if (event.key === '0') this.#events.onReset();
    else if (event.key === 'Escape') this.#events.onHover(this, null);
    else return;
    event.preventDefault();
  }
}

const isPair = ({ metric: { role } }: Line): boolean => role === 'chosen' || role === 'rejected';

/** Baselines near the values are shown with them; far away they would press the curve flat. */
function widened(
  extent: readonly [number, number] | null,
  baselines: readonly BaselineLine[],
): readonly [number, number] | null {
  if (!extent) return null;
  const [least, greatest] = extent;
  const reach = Math.max(greatest - least, Math.abs(greatest) * 0.1);
  const near = baselines.map(({ value }) => value).filter((value) => value > least - reach && value < greatest + reach);
  return [Math.min(least, ...near), Math.max(greatest, ...near)];
}

function tickOfY(tick: number): string {
  if (tick === null) return '';
  const size = Math.abs(tick);
  if (size >= 10_000) return `${Number((tick / 1000).toPrecision(3))}k`.replace('-', '\u2212');
  if (size !== 0 && size < 1e-3) return tick.toExponential(0).replaceAll('-', '\u2212');
  return String(Number(tick.toPrecision(6))).replace('-', '\u2212');
}

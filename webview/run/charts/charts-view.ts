/** The charts of all runs that are shown: asks for their curves, lays the charts out, and keeps them in step. */

import { baselinesOf, type GroupLayout, knownMetric, layoutOf } from '../../../src/core/runs/metric-names.ts';
import type { Curve, CurvesAnswer, ResumeMark, RunSummary, XAxis } from '../../../src/protocol/run-panel.ts';
import { element } from '../../dataset/elements.ts';
import type { Host } from '../host.ts';
import type { ViewState } from '../view-state.ts';
import { Chart } from './chart.ts';
import type { ChartContent } from './chart-content.ts';
import { type LegendRun, showLegend } from './legend.ts';
import type { Line, Mark } from './lines.ts';
import { chartsPng } from './png.ts';
import { runStyle, Theme } from './run-style.ts';
import { numbersTable } from './tables.ts';
import { ChartToolbar } from './toolbar.ts';

/** Points that all curves of a chart may have together, so that many runs stay fluid. */
const POINTS_A_CHART = 12_000;
const LEAST_BUCKETS = 100;

export interface ChartsContext {
  readonly host: () => Host;
  readonly view: () => ViewState;
  readonly change: (change: Partial<ViewState>) => void;
  readonly summaries: () => ReadonlyMap<string, RunSummary>;
}

export class ChartsView {
  readonly element: HTMLElement;
  readonly toolbar: ChartToolbar;
  readonly #context: ChartsContext;
  readonly #legend = element('div', { class: 'legend' });
  readonly #groups = element('div', { class: 'chart-groups' });
  readonly #empty = element('p', { class: 'no-metrics', hidden: true });
  readonly #curves = new Map<string, CurvesAnswer>();
  readonly #asking = new Map<string, 'asking' | 'again'>();
  readonly #seen: IntersectionObserver;
  #charts: Chart[] = [];
  #layout = '';
  #theme = new Theme();
  #drawing = false;
  #legendShown = '';

  constructor(context: ChartsContext) {
    this.#context = context;
    this.toolbar = new ChartToolbar({
      onChange: (change) => context.change(change),
      onReset: () => context.change({ range: null }),
      onPng: () => void this.#exportPng(),
      onCsv: () => void context.host().exportCsv(),
    });
    this.element = element('div', { class: 'charts' }, this.#legend, this.#empty, this.#groups);
    this.#seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          this.#charts.find((chart) => chart.element === target)?.seen(isIntersecting);
        }
      },
      { rootMargin: '100px' },
    );
    new ResizeObserver(() => this.draw()).observe(this.#groups);
    new MutationObserver(() => this.#restyle()).observe(document.body, { attributeFilter: ['class', 'style'] });
  }

  /** The run has more to show, or is shown otherwise: asks for its curves, once more where it is being asked already. */
  async refresh(folder: string): Promise<void> {
    if (this.#asking.has(folder)) {
      this.#asking.set(folder, 'again');
      return;
    }
    do {
      this.#asking.set(folder, 'asking');
      const summary = this.#context.summaries().get(folder);
      const { x, range, smoothing, folders } = this.#context.view();
      const answer =
        summary &&
        (await this.#context.host().curves({
          folder,
          metrics: summary.metrics.map(({ name }) => name),
          x,
          range,
          buckets: this.#buckets(folders.length),
          smoothing,
        }));
      if (answer?.ok) this.#curves.set(folder, answer.value);
    } while (this.#asking.get(folder) === 'again');
    this.#asking.delete(folder);
    this.draw();
  }

  refreshAll(): void {
    for (const folder of this.#context.view().folders) void this.refresh(folder);
  }

  /** Draws with the next frame what there is. */
  draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const view = this.#context.view();
    const summaries = this.#context.summaries();
    this.toolbar.show(view);
    const runs = view.folders.map((folder, place) => ({
      folder,
      summary: summaries.get(folder),
      style: runStyle(place),
      hidden: view.hidden.includes(folder),
    }));
    const names = runs.flatMap(({ summary }) => summary?.metrics.map(({ name }) => name) ?? []);
    this.#showLegend(
      runs,
      names.some((name) => knownMetric(name).set === 'validation'),
    );
    this.#layOut(layoutOf(names), view);
    this.#showEmpty(names.length === 0, runs[0]?.summary);
    const range = this.#range(view);
    const lines = runs.flatMap(({ folder, summary, style, hidden }) =>
      summary && !hidden ? this.#linesOf(folder, summary.name, style) : [],
    );
    for (const chart of this.#charts) chart.measure();
    for (const chart of this.#charts) {
      const { quantity } = chart.layout;
      const own = runs[0]?.summary;
      const content: ChartContent = {
        lines: lines.filter(({ metric }) => metric.quantity.id === quantity.id),
        baselines: own ? baselinesOf(quantity.id, own.method.id, own.evaluations.at(-1)?.evaluation) : [],
        marks: runs.flatMap(({ summary, style, hidden }) =>
          summary && !hidden ? summary.resumes.flatMap((resume) => markOf(resume, view.x, style)) : [],
        ),
        x: view.x,
        range,
        logarithmic: view.logarithmic,
      };
      chart.show(content);
    }
    this.#showTables(view);
  }

  #showLegend(runs: readonly LegendRun[], hasValidation: boolean): void {
    const shown = runs.map(({ folder, summary, hidden }) => [folder, summary?.name, summary?.status, hidden]);
    const key = JSON.stringify([shown, hasValidation]);
    if (key === this.#legendShown) return;
    this.#legendShown = key;
    const { hidden } = this.#context.view();
    showLegend(this.#legend, runs, hasValidation, {
      onToggle: (folder) => {
        const others = hidden.filter((other) => other !== folder);
        this.#context.change({ hidden: hidden.includes(folder) ? others : [...hidden, folder] });
      },
      onRemove: (folder) => void this.#context.host().removeRun(folder),
      onAdd: () => void this.#context.host().chooseRuns(),
    });
  }

  #linesOf(folder: string, run: string, style: Line['style']): Line[] {
    const curves: readonly Curve[] = this.#curves.get(folder)?.curves ?? [];
    return curves.map(({ metric, raw, smooth, superseded }) => {
      const known = knownMetric(metric);
      // Validation is shown as it was measured.
      const asWritten = known.set === 'validation' || known.quantity.planned === true;
      return { folder, run, style, metric: known, raw, smooth: asWritten ? null : smooth, superseded };
    });
  }

  #range({ range, folders, hidden }: ViewState): readonly [number, number] {
    if (range) return range;
    const extents = folders
      .filter((folder) => !hidden.includes(folder))
      .flatMap((folder) => this.#curves.get(folder)?.extent ?? []);
    if (extents.length === 0) return [0, 1];
    const [from, to] = [Math.min(...extents), Math.max(...extents)];
    return from < to ? [from, to] : [from - 0.5, to + 0.5];
  }

  #buckets(runs: number): number {
    const width = Math.max(300, ...this.#charts.map((chart) => chart.width)) * devicePixelRatio;
    return Math.max(LEAST_BUCKETS, Math.min(width, POINTS_A_CHART / runs / 4));
  }

  #layOut(groups: readonly GroupLayout[], { folded }: ViewState): void {
    const key = JSON.stringify(groups.map(({ id, charts }) => [id, charts.map(({ quantity }) => quantity.id)]));
    for (const details of this.#groups.children) {
      (details as HTMLDetailsElement).open = !folded.includes((details as HTMLElement).dataset.group ?? '');
    }
    if (key === this.#layout) return;
    this.#layout = key;
    const before = new Map(this.#charts.map((chart) => [chart.layout.quantity.id, chart]));
    this.#charts = [];
    const sections = groups.map(({ id, title, charts }) => {
      const made = charts.map((layout) => {
        const kept = before.get(layout.quantity.id);
        before.delete(layout.quantity.id);
        const chart = kept ?? this.#makeChart(layout);
        this.#charts.push(chart);
        return chart.element;
      });
      const small = id !== 'learning' && id !== 'rollouts';
      const section = element(
        'details',
        { class: 'chart-group', open: !folded.includes(id), 'data-group': id },
        element('summary', {}, title),
        element('div', { class: small ? 'chart-grid small' : 'chart-grid' }, ...made),
      );
      section.addEventListener('toggle', () => this.#fold(id, !section.open));
      return section;
    });
    for (const chart of before.values()) {
      this.#seen.unobserve(chart.element);
      chart.destroy();
    }
    this.#groups.replaceChildren(...sections);
    for (const chart of this.#charts) this.#seen.observe(chart.element);
  }

  #makeChart(layout: Chart['layout']): Chart {
    return new Chart(layout, () => this.#theme, {
      onHover: (hovered, x) => {
        for (const chart of this.#charts) chart.crosshair(x, chart === hovered);
      },
      onZoom: (from, to) => this.#context.change({ range: [from, to] }),
      onReset: () => this.#context.change({ range: null }),
    });
  }

  #fold(group: string, folded: boolean): void {
    const view = this.#context.view();
    if (view.folded.includes(group) === folded) return;
    this.#context.change({
      folded: folded ? [...view.folded, group] : view.folded.filter((other) => other !== group),
    });
  }

  #showEmpty(empty: boolean, summary: RunSummary | undefined): void {
    this.#empty.hidden = !empty || summary === undefined;
    if (!empty || !summary) return;
    const active = ['queued', 'preparing', 'running'].includes(summary.status);
    const doing = summary.message === null ? '' : ` (${summary.message})`;
    this.#empty.textContent = active
      ? `No metrics yet: the run is ${summary.status}${doing}. Curves appear with its first step.`
      : `This run ended without metrics (${summary.status}). Its log may say why.`;
  }

  #showTables({ tables }: ViewState): void {
    this.element.classList.toggle('as-tables', tables);
    for (const chart of this.#charts) {
      chart.element.querySelector('table.numbers')?.remove();
      if (tables) chart.element.append(numbersTable(chart.layout.quantity.title, chart.content));
    }
  }

  #restyle(): void {
    this.#theme = new Theme();
    for (const chart of this.#charts) chart.restyle();
  }

  async #exportPng(): Promise<void> {
    const summaries = this.#context.summaries();
    const { folders, hidden } = this.#context.view();
    const runs = folders.flatMap((folder, place) =>
      hidden.includes(folder) ? [] : [{ name: summaries.get(folder)?.name ?? '', style: runStyle(place) }],
    );
    // Charts out of sight have not been drawn yet.
    for (const chart of this.#charts) chart.seen(true);
    void this.#context.host().savePng(await chartsPng(this.#charts, runs, this.#theme));
  }
}

function markOf({ step, epoch, seconds, rerunTo }: ResumeMark, x: XAxis, style: Mark['style']): Mark[] {
  const at = { step, epoch, time: seconds }[x];
  if (at === null) return [];
  const rerun = rerunTo === null || x !== 'step' ? '' : `, ${step}\u2013${rerunTo} rerun`;
  return [{ x: at, label: `resumed${rerun}`, style }];
}

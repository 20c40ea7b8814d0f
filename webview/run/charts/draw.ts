/** Draws a chart's curves, baselines and marks into the plot that uPlot has laid out. */

import type uPlot from 'uplot';
import type { BaselineLine } from '../../../src/core/runs/metric-names.ts';
import type { Points } from '../../../src/protocol/run-panel.ts';
import type { Line, Mark } from './lines.ts';
import type { RunStyle, Theme } from './run-style.ts';
import { strokeCurve } from './stroke.ts';

export interface Drawing {
  readonly lines: readonly Line[];
  readonly baselines: readonly BaselineLine[];
  readonly marks: readonly Mark[];
}

const RAW_ALPHA = 0.3;
const MARKER = 3.5;
const LABELLED_HEIGHT = 110;
const MOST_TRACED_RUNS = 8;

export function draw(plot: uPlot, { lines, baselines, marks }: Drawing, theme: Theme): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  // A little wider than the plot: markers at its edges are whole.
  const edge = (MARKER + 2) * devicePixelRatio;
  ctx.rect(bbox.left - edge, bbox.top, bbox.width + 2 * edge, bbox.height);
  ctx.clip();
  const scale = devicePixelRatio;
  for (const mark of marks) drawMark(plot, mark, theme, scale);
  for (const baseline of baselines) drawBaseline(plot, baseline, theme, scale);
  // Faint traces of very many runs are a grey area that costs as much as the curves.
  const traces = new Set(lines.map(({ folder }) => folder)).size <= MOST_TRACED_RUNS;
  for (const line of lines) drawLine(plot, line, theme, scale, traces);
  for (const line of lines) drawRole(plot, line, theme);
  ctx.restore();
}

function drawLine(
  plot: uPlot,
  { raw, smooth, superseded, style, metric }: Line,
  theme: Theme,
  scale: number,
  traces: boolean,
): void {
  const { ctx } = plot;
  ctx.strokeStyle = theme.colour(style.colour, '--vscode-charts-foreground');
  ctx.lineJoin = 'bevel';
  ctx.globalAlpha = RAW_ALPHA;
  ctx.lineWidth = scale;
  for (const stretch of superseded) strokeCurve(plot, stretch, [1, 3], scale);
  if (metric.set === 'validation') {
    ctx.globalAlpha = 0.8;
    strokeCurve(plot, raw, style.dash, scale);
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1.5 * scale;
    drawMarkers(plot, raw, style, theme, scale);
    return;
  }
  if (smooth && traces) strokeCurve(plot, raw, [], scale);
  ctx.globalAlpha = metric.role === 'least' || metric.role === 'greatest' ? 0.5 : 1;
  // Without a graphics card thick lines take four times as long, which tells where there are many.
  ctx.lineWidth = (!traces ? 1 : metric.role === 'value' ? 2 : 1.5) * scale;
  strokeCurve(plot, smooth ?? raw, style.dash, scale);
  // A single point makes no line.
  if (raw.x.length === 1) drawMarkers(plot, raw, { ...style, shape: 'circle' }, theme, scale);
  ctx.globalAlpha = 1;
}

const ROLES: Readonly<Partial<Record<Line['metric']['role'], string>>> = {
  chosen: 'chosen',
  rejected: 'rejected',
  least: 'min',
  greatest: 'max',
};

/** Curves of one run in one chart share its colour: those that differ in what they are get their name at their end. */
function drawRole(plot: uPlot, { raw, smooth, metric, style }: Line, theme: Theme): void {
  const role = ROLES[metric.role];
  const { x, y } = smooth ?? raw;
  if (role === undefined || x.length === 0) return;
  const { bbox } = plot;
  const scale = devicePixelRatio;
  const left = Math.min(plot.valToPos(x.at(-1)!, 'x', true), bbox.left + bbox.width) - 4 * scale;
  const top = plot.valToPos(y.at(-1)!, 'y', true);
  if (!Number.isFinite(top)) return;
  const above = metric.role === 'chosen' || metric.role === 'greatest';
  write(plot, role, left, above ? top - 6 * scale : top + 14 * scale, theme, 'right', theme.colour(style.colour));
}

/** Hollow, so that they differ from the curve; as many as there is room for. */
function drawMarkers(plot: uPlot, { x, y }: Points, { shape }: RunStyle, theme: Theme, scale: number): void {
  const { ctx } = plot;
  const radius = MARKER * scale;
  ctx.fillStyle = theme.background;
  let last = Number.NEGATIVE_INFINITY;
  for (let point = 0; point < x.length; point += 1) {
    const left = plot.valToPos(x[point]!, 'x', true);
    const top = plot.valToPos(y[point]!, 'y', true);
    if (!Number.isFinite(top) || left - last < radius * 2) continue;
    last = left;
    ctx.beginPath();
    trace(ctx, shape, left, top, radius);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
}

function trace(ctx: CanvasRenderingContext2D, shape: RunStyle['shape'], x: number, y: number, radius: number): void {
  switch (shape) {
    case 'circle':
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 'square':
      ctx.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
      break;
    case 'diamond':
      ctx.moveTo(x, y - radius * 1.2);
      ctx.lineTo(x + radius * 1.2, y);
      ctx.lineTo(x, y + radius * 1.2);
      ctx.lineTo(x - radius * 1.2, y);
      break;
    case 'triangle':
      ctx.moveTo(x, y - radius * 1.1);
      ctx.lineTo(x + radius * 1.1, y + radius);
      ctx.lineTo(x - radius * 1.1, y + radius);
      break;
  }
}

function drawBaseline(plot: uPlot, { label, value }: BaselineLine, theme: Theme, scale: number): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
  if (!(y >= bbox.top && y <= bbox.top + bbox.height)) return;
  ctx.strokeStyle = theme.dim;
  ctx.lineWidth = scale;
  ctx.setLineDash([2 * scale, 3 * scale]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.setLineDash([]);
  const above = y - bbox.top > 16 * scale;
  write(
    plot,
    `${label} ${value.toFixed(3)}`,
    bbox.left + bbox.width - 4 * scale,
    above ? y - 4 * scale : y + 12 * scale,
    theme,
    'right',
  );
}

function drawMark(plot: uPlot, { x, label, style }: Mark, theme: Theme, scale: number): void {
  const { ctx, bbox } = plot;
  const left = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
  if (!(left >= bbox.left && left <= bbox.left + bbox.width)) return;
  ctx.strokeStyle = theme.colour(style.colour, '--vscode-charts-foreground');
  ctx.lineWidth = scale;
  ctx.setLineDash([1.5 * scale, 3 * scale]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  // In a small chart the words would stand in the way of the curve.
  if (bbox.height < LABELLED_HEIGHT * scale) return;
  ctx.font = fontOf(theme);
  const room = ctx.measureText(label).width + 8 * scale;
  const bottom = bbox.top + bbox.height - 5 * scale;
  if (left + room <= bbox.left + bbox.width) write(plot, label, left + 4 * scale, bottom, theme, 'left');
  else if (left - room >= bbox.left) write(plot, label, left - 4 * scale, bottom, theme, 'right');
}

const fontOf = (theme: Theme): string => theme.font.replace('11px', `${Math.round(11 * devicePixelRatio)}px`);

/** On a ground of its own: curves may pass behind it. */
function write(
  plot: uPlot,
  text: string,
  x: number,
  y: number,
  theme: Theme,
  align: 'left' | 'right',
  colour = theme.dim,
): void {
  const { ctx } = plot;
  ctx.font = fontOf(theme);
  ctx.textAlign = align;
  ctx.textBaseline = 'alphabetic';
  const { width } = ctx.measureText(text);
  ctx.globalAlpha = 0.75;
  ctx.fillStyle = theme.background;
  const height = 13 * devicePixelRatio;
  ctx.fillRect((align === 'left' ? x : x - width) - 2, y - height + 2, width + 4, height);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

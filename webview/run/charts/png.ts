/** All charts as one picture. */

import type { Chart } from './chart.ts';
import type { RunStyle, Theme } from './run-style.ts';

const GAP = 24;
const HEAD = 26;
const COLUMNS = 2;

export interface NamedRun {
  readonly name: string;
  readonly style: RunStyle;
}

/** The charts that have been drawn, two in a row, under the runs' names. */
export async function chartsPng(
  charts: readonly Chart[],
  runs: readonly NamedRun[],
  theme: Theme,
): Promise<Uint8Array> {
  const scale = devicePixelRatio;
  const drawn = charts.flatMap((chart) => (chart.canvas ? [{ chart, canvas: chart.canvas }] : []));
  const width = Math.max(400 * scale, ...drawn.map(({ canvas }) => canvas.width));
  const height = Math.max(100 * scale, ...drawn.map(({ canvas }) => canvas.height));
  const [gap, head] = [GAP * scale, HEAD * scale];
  const rows = Math.ceil(drawn.length / COLUMNS);
  const sheet = document.createElement('canvas');
  sheet.width = COLUMNS * width + (COLUMNS + 1) * gap;
  sheet.height = gap + head + rows * (height + head) + gap;
  const ctx = sheet.getContext('2d')!;
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, sheet.width, sheet.height);
  const write = (text: string, x: number, y: number, weight = 400, colour = theme.foreground) => {
    ctx.font = `${weight} ${theme.font.replace('11px', `${13 * scale}px`)}`;
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
    return ctx.measureText(text).width;
  };
  let left = gap;
  for (const { name, style } of runs) {
    ctx.strokeStyle = theme.colour(style.colour);
    ctx.lineWidth = 2 * scale;
    ctx.setLineDash(style.dash.map((length) => length * scale));
    ctx.beginPath();
    ctx.moveTo(left, gap + 8 * scale);
    ctx.lineTo(left + 20 * scale, gap + 8 * scale);
    ctx.stroke();
    left += 26 * scale;
    left += write(name, left, gap + 12 * scale) + gap;
  }
  for (const [index, { chart, canvas }] of drawn.entries()) {
    const x = gap + (index % COLUMNS) * (width + gap);
    const y = gap + head + Math.floor(index / COLUMNS) * (height + head);
    const { title, unit } = chart.layout.quantity;
    const titled = write(title, x, y + 16 * scale, 600);
    write(unit, x + titled + 8 * scale, y + 16 * scale, 400, theme.dim);
    ctx.drawImage(canvas, x, y + head);
  }
  const blob = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The charts are too large for one picture.');
  return new Uint8Array(await blob.arrayBuffer());
}

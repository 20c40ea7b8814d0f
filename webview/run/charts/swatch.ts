/** A short piece of a run's line, for legends and captions. */

import type { RunStyle } from './run-style.ts';

const SVG = 'http://www.w3.org/2000/svg';

export function swatch({ colour, dash }: RunStyle): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 18 8');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'line');
  for (const [name, value] of Object.entries({ x1: 0, y1: 4, x2: 18, y2: 4 })) line.setAttribute(name, String(value));
  if (dash.length > 0) line.setAttribute('stroke-dasharray', dash.join(' '));
  line.style.stroke = `rgb(from var(${colour}, var(--vscode-foreground)) r g b / 1)`;
  svg.append(line);
  return svg;
}

/** Small bar charts: one path, so that a hundred of them cost nothing. */

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 100;

/** @param label what the chart shows, for those who do not see it */
export function barChart(bins: readonly number[], label: string, className: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${bins.length} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', className);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  const most = Math.max(1, ...bins);
  const path = document.createElementNS(SVG, 'path');
  const bars = bins.map((bin, at) => {
    // A bin that holds anything is seen.
    const height = bin === 0 ? 0 : Math.max(3, (bin / most) * HEIGHT);
    return `M${at + 0.06} ${HEIGHT}v${-height}h0.88v${height}z`;
  });
  path.setAttribute('d', bars.join(''));
  svg.append(path);
  return svg;
}

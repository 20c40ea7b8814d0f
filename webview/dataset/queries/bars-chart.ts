/** Small bar charts: one path, so that a hundred of them cost nothing. */

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 100;

/** @param label what the chart shows, for those who do not see it */
export function barChart(bins: readonly number[], label: string, className: string): SVGElement {
  return barsChart([{ bins, className: 'bars' }], label, className);
}

/** Several series one in front of the other, on the scale of the first. */
export function barsChart(
  series: readonly { readonly bins: readonly number[]; readonly className: string }[],
  label: string,
  className: string,
): SVGElement {
  const bins = series[0]?.bins ?? [];
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${bins.length} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', className);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  const most = Math.max(1, ...bins);
  svg.append(...series.map((one) => bars(one.bins, most, one.className)));
  return svg;
}

function bars(bins: readonly number[], most: number, className: string): SVGElement {
  const path = document.createElementNS(SVG, 'path');
  const parts = bins.map((bin, at) => {
    // A bin that holds anything is seen.
    const height = bin === 0 ? 0 : Math.max(3, (bin / most) * HEIGHT);
    return `M${at + 0.06} ${HEIGHT}v${-height}h0.88v${height}z`;
  });
  path.setAttribute('d', parts.join(''));
  path.setAttribute('class', className);
  return path;
}

/** Building the page: elements with text, never markup, so that no data is ever read as HTML. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined;

/** An element; an attribute that is false or undefined is left out, one that is true is empty. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function button(
  label: string,
  onClick: () => void,
  attributes: Attributes = {},
  ...content: Child[]
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, ...(content.length > 0 ? content : [label]));
  if (content.length > 0) {
    made.setAttribute('aria-label', label);
    made.title = label;
  }
  made.addEventListener('click', onClick);
  return made;
}

const PATHS = {
  previous: 'M10 3 5 8l5 5',
  next: 'm6 3 5 5-5 5',
  up: 'M8 13V3M3.5 7.5 8 3l4.5 4.5',
  down: 'M8 3v10M3.5 8.5 8 13l4.5-4.5',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  filter: 'M2 3.5h12L9.5 9v4l-3-1.5V9L2 3.5Z',
  'down-small': 'm4.5 6.5 3.5 3.5 3.5-3.5',
  error: 'M8 4.5v4.5M8 11.2v.3M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z',
  warning: 'M8 6v4M8 11.6v.3M8 2 14.5 13.5H1.5L8 2Z',
  convert: 'M3 5.5h9M9.5 3 12 5.5 9.5 8M13 11H4M6.5 8.5 4 11l2.5 2.5',
  info: 'M8 7v4.5M8 4.6v.3M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z',
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon ${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

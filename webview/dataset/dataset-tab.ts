/** The view "Dataset": what the file is made of, and which methods it fits. */

import type { DatasetDetails, FileDetails } from '../../src/protocol/dataset-details.ts';
import type { DatasetAdvice, DatasetSummary } from '../../src/protocol/dataset-viewer.ts';
import { button, element } from './elements.ts';
import { fitsList } from './fits-list.ts';
import type { Host } from './host.ts';
import { bytes, columnLabel, count, counted } from './text.ts';
import { typeTree } from './type-tree.ts';

/** Columns drawn unasked: the browser takes seconds to lay out ten thousand. */
const FIRST_COLUMNS = 500;

export class DatasetTab {
  readonly element = element('section', {
    class: 'dataset',
    id: 'view-dataset',
    role: 'tabpanel',
    'aria-labelledby': 'tab-dataset',
    tabindex: 0,
    hidden: true,
  });
  readonly #host: () => Host;
  readonly #fits = element('div', { class: 'dataset-fits' });
  #summary: DatasetSummary | undefined;
  #details: DatasetDetails | undefined;
  #asking = new AbortController();

  constructor(host: () => Host) {
    this.#host = host;
  }

  reset(summary: DatasetSummary): void {
    this.#asking.abort();
    this.#summary = summary;
    this.#details = undefined;
    this.#fits.replaceChildren();
    this.element.replaceChildren();
  }

  setAdvice(advice: DatasetAdvice): void {
    this.#fits.replaceChildren(fitsList(advice, (method) => this.#host().prepare(method)));
  }

  hide(): void {
    this.element.hidden = true;
  }

  show(): void {
    this.element.hidden = false;
    if (!this.#details) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const details = await this.#host().details(asking.signal);
    if (asking.signal.aborted || !this.#summary) return;
    if (!details.ok) {
      if (!details.fault.cancelled) {
        this.element.replaceChildren(element('p', { class: 'problem', role: 'alert' }, details.fault.message));
      }
      return;
    }
    this.#details = details.value;
    this.element.replaceChildren(
      element('div', { class: 'dataset-main' }, this.#schema(this.#summary), ...this.#layout(details.value)),
      this.#fits,
    );
  }

  #schema({ columns }: DatasetSummary): HTMLElement {
    const body = element('tbody', {}, ...columns.slice(0, FIRST_COLUMNS).map(columnLine));
    const rest = columns.slice(FIRST_COLUMNS);
    const more = button(`Show ${counted(rest.length, 'More Column')}`, () => {
      body.append(...rest.map(columnLine));
      more.remove();
    });
    return element(
      'section',
      {},
      element('h3', {}, counted(columns.length, 'column')),
      element('table', { class: 'plain' }, body),
      ...(rest.length > 0 ? [more] : []),
    );
  }

  #layout({ files, allFiles, metadata, slowBrowsing }: DatasetDetails): HTMLElement[] {
    const parts: HTMLElement[] = [];
    if (slowBrowsing !== undefined) {
      parts.push(
        element(
          'section',
          { class: 'offer' },
          element('p', {}, slowBrowsing),
          button('Rewrite for Fast Browsing…', () => this.#host().rewrite()),
        ),
      );
    }
    const rest = allFiles - files.length;
    const lines = files.map(fileLine);
    if (rest > 0)
      lines.push(
        element('tr', {}, element('td', { colspan: 6, class: 'absent' }, `${counted(rest, 'more file')} not shown`)),
      );
    const head = ['file', 'size', 'rows', 'row groups', 'codec', 'page index'].map((name) =>
      element('th', { scope: 'col' }, name),
    );
    parts.push(
      element(
        'section',
        {},
        element('h3', {}, counted(allFiles, 'file')),
        element(
          'table',
          { class: 'plain' },
          element('thead', {}, element('tr', {}, ...head)),
          element('tbody', {}, ...lines),
        ),
      ),
    );
    if (metadata.length > 0) {
      const pairs = metadata.map(({ key, value }) =>
        element(
          'tr',
          {},
          element('td', {}, element('bdi', {}, key)),
          element('td', { class: 'value' }, element('bdi', {}, value)),
        ),
      );
      parts.push(
        element(
          'section',
          {},
          element('h3', {}, 'Metadata'),
          element('table', { class: 'plain' }, element('tbody', {}, ...pairs)),
        ),
      );
    }
    return parts;
  }
}

function columnLine({ name, type }: DatasetSummary['columns'][number]): HTMLElement {
  return element(
    'tr',
    {},
    element('td', {}, element('bdi', { class: name === '' ? 'name absent' : 'name' }, columnLabel(name))),
    element('td', {}, typeTree(type)),
  );
}

function fileLine({ name, bytes: size, rowCount, parquet }: FileDetails): HTMLElement {
  const groups = parquet
    ? `${count(parquet.rowGroups)}, the largest of ${counted(parquet.largestRowGroup, 'row')}`
    : '';
  const cells = [
    name,
    bytes(size),
    count(rowCount),
    groups,
    parquet?.codecs.join(', ') ?? '',
    parquet ? (parquet.pageIndex ? 'yes' : 'no') : '',
  ];
  const line = element('tr', {}, ...cells.map((cell) => element('td', {}, element('bdi', {}, cell))));
  if (parquet?.createdBy) line.title = `written by ${parquet.createdBy}`;
  return line;
}

/** The bar at the top: what the file is. */

import type { DatasetAdvice, DatasetSummary, FileFacts } from '../../src/protocol/dataset-viewer.ts';
import { button, element } from './elements.ts';
import { bytes, counted } from './text.ts';

const KINDS: Readonly<Record<DatasetSummary['kind'], string>> = {
  parquet: 'Parquet',
  arrow: 'Arrow',
  jsonl: 'JSON Lines',
  json: 'JSON',
  csv: 'CSV',
};

/** Name, size, rows, kind; and what the rows were recognised as. Of a remote dataset, how much of it was fetched. */
export class FileBar {
  readonly #name = element('h1');
  readonly #facts = element('span', { class: 'facts' });
  readonly #shape = element('span', { class: 'shape' });
  readonly #fits = element('span', { class: 'fits' });
  readonly #download: HTMLButtonElement;
  readonly element: HTMLElement;
  #summary: DatasetSummary | undefined;
  /** Bytes of a remote dataset. */
  #fetched: number | undefined;

  constructor(onDownload: () => void) {
    this.#download = button('Download…', onDownload, { class: 'link', hidden: true });
    this.element = element(
      'header',
      { class: 'file' },
      this.#name,
      this.#facts,
      this.#download,
      element('span', { class: 'spring' }),
      this.#shape,
      this.#fits,
    );
  }

  /** What is there before the file is read; the shape of what was read before no longer counts. */
  showFile({ name, bytes: size, remote }: FileFacts): void {
    this.#name.replaceChildren(element('bdi', {}, name));
    this.#name.title = remote?.address ?? name;
    this.#facts.textContent = remote?.address ?? (size === null ? '' : bytes(size));
    this.#summary = undefined;
    this.#fetched = remote?.fetched;
    this.#download.hidden = true;
    this.#shape.textContent = '';
    this.#fits.textContent = '';
    this.#fits.className = 'fits';
  }

  showSummary(summary: DatasetSummary): void {
    this.#summary = summary;
    this.#download.hidden = this.#fetched === undefined;
    this.#showFacts();
  }

  showFetched(fetched: number): void {
    this.#fetched = fetched;
    this.#showFacts();
  }

  #showFacts(): void {
    if (!this.#summary) return;
    const { bytes: size, files, rowCount, columns, kind } = this.#summary;
    const read = this.#fetched === undefined ? bytes(size) : `${bytes(this.#fetched)} of ${bytes(size)} fetched`;
    const facts = [read, counted(rowCount, 'row'), counted(columns.length, 'column'), KINDS[kind]];
    if (files > 1) facts.splice(1, 0, counted(files, 'file'));
    this.#facts.textContent = facts.join(' · ');
  }

  showAdvice({ shape, fits, reasons }: DatasetAdvice): void {
    this.#shape.textContent = shape ?? '';
    this.#fits.textContent = fits.length === 0 ? 'fits no training method' : `fits: ${fits.join(', ')}`;
    this.#fits.className = fits.length === 0 ? 'fits' : 'fits some';
    this.#fits.title = reasons.join('\n');
  }
}

/** The bar at the top: what the file is. */

import type { DatasetAdvice, DatasetSummary, FileFacts } from '../../src/protocol/dataset-viewer.ts';
import { element } from './elements.ts';
import { bytes, counted } from './text.ts';

const KINDS: Readonly<Record<DatasetSummary['kind'], string>> = {
  parquet: 'Parquet',
  arrow: 'Arrow',
  jsonl: 'JSON Lines',
  json: 'JSON',
  csv: 'CSV',
};

/** Name, size, rows, kind; and what the rows were recognised as. */
export class FileBar {
  readonly #name = element('h1');
  readonly #facts = element('span', { class: 'facts' });
  readonly #shape = element('span', { class: 'shape' });
  readonly #fits = element('span', { class: 'fits' });
  readonly element = element(
    'header',
    { class: 'file' },
    this.#name,
    this.#facts,
    element('span', { class: 'spring' }),
    this.#shape,
    this.#fits,
  );

  /** What is there before the file is read; the shape of what was read before no longer counts. */
  showFile({ name, bytes: size }: FileFacts): void {
    this.#name.replaceChildren(element('bdi', {}, name));
    this.#name.title = name;
    this.#facts.textContent = size === null ? '' : bytes(size);
    this.#shape.textContent = '';
    this.#fits.textContent = '';
    this.#fits.className = 'fits';
  }

  showSummary({ bytes: size, files, rowCount, columns, kind }: DatasetSummary): void {
    const facts = [bytes(size), counted(rowCount, 'row'), counted(columns.length, 'column'), KINDS[kind]];
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

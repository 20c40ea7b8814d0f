/** What the page says about itself: notices above the table, or one error in its place. */

import type { DatasetSummary, FileState, Problem } from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';
import type { Host } from './host.ts';
import { counted } from './text.ts';

const FILE_STATES: Readonly<Record<Exclude<FileState, 'as-opened'>, string>> = {
  changed: 'This file has changed on disk.',
  gone: 'This file is no longer on disk.',
};

export class Notices {
  readonly element = element('div', { class: 'notices' });
  readonly #reload: () => void;
  #fileState: FileState = 'as-opened';
  #problem: Problem | undefined;
  #malformed: DatasetSummary['malformed'];

  constructor(reload: () => void) {
    this.#reload = reload;
  }

  showFileState(state: FileState): void {
    this.#fileState = state;
    this.#show();
  }

  showProblem(problem: Problem | undefined): void {
    this.#problem = problem;
    this.#show();
  }

  /** Lines of a text file that are not rows: what is shown is not all of it. */
  showMalformed(malformed: DatasetSummary['malformed']): void {
    this.#malformed = malformed;
    this.#show();
  }

  #show(): void {
    const reload = button('Reload', this.#reload);
    const shown: HTMLElement[] = [];
    if (this.#problem) shown.push(notice('error', this.#problem.message, reload));
    else if (this.#fileState !== 'as-opened') shown.push(notice('info', FILE_STATES[this.#fileState], reload));
    if (this.#malformed) shown.push(notice('warning', malformedText(this.#malformed)));
    this.element.replaceChildren(...shown);
  }
}

function notice(kind: 'error' | 'info' | 'warning', message: string, ...actions: HTMLElement[]): HTMLElement {
  return element(
    'div',
    { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    icon(kind),
    element('bdi', { class: 'message' }, message),
    ...actions,
  );
}

function malformedText({ count, first }: NonNullable<DatasetSummary['malformed']>): string {
  const where = `line ${first.line}, ${first.message}`;
  if (count === 1) return `One line is no row and left out: ${where}.`;
  return `${counted(count, 'line')} are no rows and left out; the first is ${where}.`;
}

/** The page of a dataset that cannot be read, or is not to be before the person asks: one sentence and what to do. */
export function errorState(problem: Problem, host: Pick<Host, 'reload' | 'download'>): HTMLElement {
  const { message, resting = false, downloadable = false } = problem;
  return element(
    'div',
    { class: 'error-state', role: resting ? 'status' : 'alert' },
    icon(resting ? 'info' : 'error'),
    element('h2', {}, resting ? 'A dataset on another machine' : 'This dataset cannot be shown'),
    element('p', {}, element('bdi', {}, message)),
    element(
      'div',
      { class: 'actions' },
      button(resting ? 'Fetch Again' : 'Reload', () => host.reload(), { class: 'primary' }),
      downloadable ? button('Download…', () => host.download()) : undefined,
    ),
  );
}

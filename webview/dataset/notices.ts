/** What the page says about itself: notices above the table, or one error in its place. */

import type { FileState, Problem } from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';
import type { Host } from './host.ts';

const FILE_STATES: Readonly<Record<Exclude<FileState, 'as-opened'>, string>> = {
  changed: 'This file has changed on disk.',
  gone: 'This file is no longer on disk.',
};

export class Notices {
  readonly element = element('div', { class: 'notices' });
  readonly #reload: () => void;
  #fileState: FileState = 'as-opened';
  #problem: Problem | undefined;

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

  #show(): void {
    const shown: HTMLElement[] = [];
    if (this.#problem) shown.push(this.#notice('error', this.#problem.message));
    else if (this.#fileState !== 'as-opened') shown.push(this.#notice('info', FILE_STATES[this.#fileState]));
    this.element.replaceChildren(...shown);
  }

  #notice(kind: 'error' | 'info', message: string): HTMLElement {
    return element(
      'div',
      { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
      icon(kind),
      element('bdi', { class: 'message' }, message),
      button('Reload', this.#reload),
    );
  }
}

/** The page of a dataset that cannot be read, or is not to be before the person asks: one sentence and what to do. */
export function errorState(problem: Problem, host: Pick<Host, 'reload' | 'download'>): HTMLElement {
  const { message, resting = false, downloadable = false } = problem;
  const download = downloadable ? button('Download…', () => host.download()) : undefined;
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
      download,
    ),
  );
}

/** The page: what an evaluation says, from its headline down to single rows. */

import type { EvaluationReport } from '../../src/core/evaluations/report.ts';
import type { Problem } from '../../src/protocol/dataset-viewer.ts';
import type { EvaluationHostFunctions } from '../../src/protocol/evaluation-page.ts';
import { button, element, icon } from '../dataset/elements.ts';
import { confusionTable } from '../ui/confusion-table.ts';
import { measureRow } from '../ui/measures.ts';
import { calibrationView } from './calibration-view.ts';
import { comparisonView } from './comparison-view.ts';
import { headOf } from './head.ts';
import { histogramView } from './histogram-view.ts';
import { dataNotice, noticesOf, warning } from './notices.ts';
import { SlicesView } from './slices-view.ts';
import type { SavedView, ViewState } from './view-state.ts';
import { worstRowsView } from './worst-rows-view.ts';

/** The host as the page calls it: what is an event has no answer. */
type Host = EvaluationHostFunctions;

export class EvaluationPage {
  readonly #host: () => Host;
  readonly #save: SavedView['save'];
  readonly #dataNotice = element('div', { class: 'notices' });
  readonly #comparison = element('div', {});
  #view: ViewState;
  #asked = 0;

  constructor(host: () => Host, { view, save }: SavedView) {
    this.#host = host;
    this.#view = view;
    this.#save = save;
  }

  async start(): Promise<void> {
    const asked = ++this.#asked;
    const answer = await this.#host().report();
    if (asked !== this.#asked) return;
    if (!answer.ok) {
      this.#showProblem(answer.fault);
      return;
    }
    this.#show(answer.value);
    this.#dataNotice.replaceChildren();
    await this.#compare();
    const state = await this.#host().dataState();
    if (asked !== this.#asked) return;
    const notice = dataNotice(state, answer.value, () => void this.#host().evaluateAgain());
    if (notice) this.#dataNotice.replaceChildren(notice);
  }

  async #compare(): Promise<void> {
    const answer = await this.#host().comparison(this.#view.comparedWith);
    if (!answer.ok) {
      this.#comparison.replaceChildren(warning(answer.fault.message));
      return;
    }
    if (answer.value === null) {
      this.#comparison.replaceChildren();
      return;
    }
    this.#change({ comparedWith: answer.value.file });
    this.#comparison.replaceChildren(
      comparisonView(answer.value, {
        onRow: (row) => void this.#host().showRow(row),
        onClose: () => {
          this.#host().endComparison();
          this.#change({ comparedWith: null });
          this.#comparison.replaceChildren();
        },
      }),
    );
  }

  #change(change: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...change };
    this.#save(this.#view);
  }

  #showProblem({ message }: Problem): void {
    document.body.replaceChildren(
      element(
        'div',
        { class: 'error-state', role: 'alert' },
        icon('error'),
        element('p', {}, message),
        button('Try Again', () => void this.start()),
      ),
    );
  }

  #show(report: EvaluationReport): void {
    const { evaluation, histograms, confusion, calibration } = report;
    const host = this.#host();
    const slices = new SlicesView(report, this.#view, (change) => this.#change(change));
    const distributions = [
      ...histograms.map(histogramView),
      ...(confusion
        ? [
            confusionTable(
              { golds: confusion.labels, verdicts: confusion.labels, cells: confusion.cells },
              `n ${evaluation.n.toLocaleString('en')} rows; columns: answer`,
            ),
          ]
        : []),
    ];
    document.body.replaceChildren(
      headOf(report, {
        onAgain: () => void host.evaluateAgain(),
        onCompare: () => void host.compareWith(),
        onData: () => void host.showData(),
        onRun: () => void host.showRun(),
        onExport: (format) => void host.export(format),
      }),
      element(
        'main',
        {},
        this.#dataNotice,
        element('div', { class: 'notices' }, ...noticesOf(report)),
        this.#comparison,
        element(
          'div',
          { class: 'overview' },
          section(
            'Measures',
            ...evaluation.measures.map((measure) => measureRow(measure, evaluation)),
            ...(calibration ? [calibrationView(calibration)] : []),
          ),
          section('Distributions', ...distributions),
        ),
        slices.element,
        worstRowsView(report, (row) => void host.showRow(row)),
      ),
    );
  }
}

function section(title: string, ...content: readonly HTMLElement[]): HTMLElement {
  return element('section', { 'aria-label': title }, element('h2', {}, title), ...content);
}

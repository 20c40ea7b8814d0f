/** What the rows of the viewer's dataset mean: the shape that they have, what can be trained from them, and their checks. */

import { lossText } from '../../core/datasets/advise.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { DERIVED_FROM, SCORED_BY_SIDE } from '../../core/datasets/derive.ts';
import type { BoundFormat } from '../../core/datasets/formats/bound-format.ts';
import { adviseMethods, type Candidate, type Recognition, recognise } from '../../core/datasets/recognise.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import type { CheckOutcome, CheckRequest, FindingRows, FindingRowsRequest } from '../../protocol/dataset-checks.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading } from '../../protocol/dataset-reading.ts';
import type { DatasetAdvice, OnProgress } from '../../protocol/dataset-viewer.ts';
import { DatasetChecking } from './checking.ts';
import { readRowAsPerson, readTurnOfRow } from './reading-view.ts';

export class Understanding {
  readonly #opened: () => Promise<Dataset>;
  readonly #checking = new DatasetChecking();
  #recognition: Promise<Recognition> | undefined;

  constructor(opened: () => Promise<Dataset>) {
    this.#opened = opened;
  }

  async advise(signal: AbortSignal): Promise<DatasetAdvice> {
    signal.throwIfAborted();
    const recognition = await this.#recognised();
    const advice = adviseMethods(recognition);
    const fitting = advice.filter((entry) => entry.fits);
    const [best, runnerUp] = recognition.candidates;
    const candidateOf = (method: MethodId) =>
      recognition.candidates.find((candidate) => candidate.fits && candidate.method === method);
    return {
      shape: best?.fits ? best.title : null,
      fits: fitting.map(({ method }) => METHODS[method].title),
      reasons: advice.map(({ method, reason }) => `${METHODS[method].title}: ${reason}`),
      methods: advice.map(({ method, fits, reason }) => {
        const source = fits ? undefined : DERIVED_FROM[method].map(candidateOf).find((candidate) => candidate);
        const scored = method === 'pointwise' && SCORED_BY_SIDE.some((other) => candidateOf(other));
        return {
          id: method,
          title: METHODS[method].title,
          fits,
          reason: source ? conversionText(source, method) : reason,
          convertible: fits || scored || source !== undefined,
        };
      }),
      evidence: best?.evidence.at(-1) ?? '',
      runnerUp: runnerUp === undefined ? null : `${runnerUp.title}, ${Math.round(runnerUp.share * 100)} % of rows`,
    };
  }

  async reading(request: ReadingRequest, signal: AbortSignal): Promise<RowReading | null> {
    const format = await this.#format();
    return format ? readRowAsPerson(await this.#opened(), format, request, signal) : null;
  }

  async readingText(request: ReadingTextRequest, signal: AbortSignal): Promise<string> {
    const format = await this.#format();
    return format ? readTurnOfRow(await this.#opened(), format, request, signal) : '';
  }

  async check(request: CheckRequest, signal: AbortSignal, onProgress: OnProgress): Promise<CheckOutcome> {
    return this.#checking.check(await this.#opened(), request, signal, onProgress);
  }

  findingRows(request: FindingRowsRequest): FindingRows {
    return this.#checking.rows(request);
  }

  /** The shape that fits best. */
  async #format(): Promise<BoundFormat | undefined> {
    const [best] = (await this.#recognised()).candidates;
    return best?.fits ? best.format : undefined;
  }

  /** Like the opening, one for all who wait. */
  #recognised(): Promise<Recognition> {
    this.#recognition ??= this.#opened()
      .then((dataset) => recognise(dataset))
      .catch((error: unknown) => {
        this.#recognition = undefined;
        throw error;
      });
    return this.#recognition;
  }
}

/** What making files for a method of other records would lose, without naming a command. */
function conversionText({ method: from, tally }: Candidate, to: MethodId): string {
  const loss = lossText(from, to, tally);
  return loss === undefined ? 'by converting these rows' : `by converting these rows; ${loss}`;
}

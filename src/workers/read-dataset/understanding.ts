/** What the rows of the viewer's dataset mean: the shape that they have, what can be trained from them, and their checks. */

import { lossText } from '../../core/datasets/advise.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { DERIVED_FROM, SCORED_BY_SIDE } from '../../core/datasets/derive.ts';
import type { BoundFormat } from '../../core/datasets/formats/bound-format.ts';
import { adviseMethods, type Candidate, type Recognition, recognise } from '../../core/datasets/recognise.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import { SharedValue } from '../../core/shared-task.ts';
import type { CheckOutcome, CheckRequest, FindingRows, FindingRowsRequest } from '../../protocol/dataset-checks.ts';
import type { AnswerTexts } from '../../protocol/dataset-grades.ts';
import type { ReadingRequest, ReadingTextRequest, RowReading } from '../../protocol/dataset-reading.ts';
import type { DatasetAdvice } from '../../protocol/dataset-viewer.ts';
import type { OnProgress } from '../../protocol/tickets.ts';
import { DatasetChecking } from './checking.ts';
import { answersOfRow, readRowAsPerson, readTurnOfRow } from './reading-view.ts';

export class Understanding {
  readonly #opened: (signal: AbortSignal) => Promise<Dataset>;
  readonly #remote: boolean;
  readonly #checking = new DatasetChecking();
  readonly #recognition: SharedValue<Recognition>;

  /** @param remote whether its rows have to be fetched: then the first of them have to do */
  constructor(opened: (signal: AbortSignal) => Promise<Dataset>, remote: boolean) {
    this.#opened = opened;
    this.#remote = remote;
    this.#recognition = new SharedValue(async (signal) =>
      recognise(await opened(signal), { signal, firstRowsOnly: remote }),
    );
  }

  async advise(signal: AbortSignal): Promise<DatasetAdvice> {
    signal.throwIfAborted();
    const recognition = await this.#recognised(signal);
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
    const format = await this.#format(signal);
    return format ? readRowAsPerson(await this.#opened(signal), format, request, signal) : null;
  }

  async answerTexts(request: ReadingRequest, signal: AbortSignal): Promise<AnswerTexts | null> {
    const format = await this.#format(signal);
    return format ? answersOfRow(await this.#opened(signal), format, request, signal) : null;
  }

  async readingText(request: ReadingTextRequest, signal: AbortSignal): Promise<string> {
    const format = await this.#format(signal);
    return format ? readTurnOfRow(await this.#opened(signal), format, request, signal) : '';
  }

  async check(request: CheckRequest, signal: AbortSignal, onProgress: OnProgress): Promise<CheckOutcome> {
    return this.#checking.check(await this.#opened(signal), request, signal, onProgress);
  }

  findingRows(request: FindingRowsRequest): FindingRows {
    return this.#checking.rows(request);
  }

  /** The shape that fits best. */
  async #format(signal: AbortSignal): Promise<BoundFormat | undefined> {
    const [best] = (await this.#recognised(signal)).candidates;
    return best?.fits ? best.format : undefined;
  }

  /** Like the opening, one for all who wait. */
  #recognised(signal: AbortSignal): Promise<Recognition> {
    return this.#recognition.get(this.#remote ? signal : undefined);
  }
}

/** What making files for a method of other records would lose, without naming a command. */
function conversionText({ method: from, tally }: Candidate, to: MethodId): string {
  const loss = lossText(from, to, tally);
  return loss === undefined ? 'by converting these rows' : `by converting these rows; ${loss}`;
}

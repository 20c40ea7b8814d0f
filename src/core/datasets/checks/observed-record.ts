/** What checks see of a record: its parts and texts, worked out once for all of them. */

import type { RowProblem } from '../read-records.ts';
import { completionText, type Message, promptOf, responsesOf, type TrainingRecord } from '../records.ts';
import { hashPrompt, TextHash } from './text-hash.ts';

/** A record or the problem of a row, in the order of the rows. `row` is zero-based. */
export type ObservedItem =
  | { readonly row: number; readonly observed: ObservedRecord; readonly problem?: never }
  | { readonly row: number; readonly problem: RowProblem; readonly observed?: never };

const hash = new TextHash();

export class ObservedRecord {
  readonly record: TrainingRecord;
  readonly prompt: readonly Message[];
  /** In the order of the columns; of a conversation, its last assistant turn. */
  readonly responses: readonly (readonly Message[])[];
  /** The text of every response. */
  readonly texts: readonly string[];
  #promptLow = -1;
  #promptHigh = -1;

  constructor(record: TrainingRecord) {
    this.record = record;
    this.prompt = promptOf(record);
    this.responses = responsesOf(record);
    this.texts = this.responses.map((response) =>
      response.length === 1 ? response[0]!.content : completionText(response),
    );
  }

  /** The lower and higher 32 bits of the hash of the prompt. */
  get promptLow(): number {
    if (this.#promptLow < 0) this.#hashPrompt();
    return this.#promptLow;
  }

  get promptHigh(): number {
    if (this.#promptHigh < 0) this.#hashPrompt();
    return this.#promptHigh;
  }

  /** The better and the worse response; undefined for a tie and for records that compare nothing. */
  ranked(): { readonly better: string; readonly worse: string } | undefined {
    const [first = '', second = ''] = this.texts;
    if (this.record.kind === 'preference-pair') return { better: first, worse: second };
    if (this.record.kind !== 'compared-responses' || this.record.preferred === 'tie') return undefined;
    return this.record.preferred === 'A' ? { better: first, worse: second } : { better: second, worse: first };
  }

  /** Every message once: the prompt, then the responses. */
  *messages(): Generator<Message> {
    yield* this.prompt;
    for (const response of this.responses) yield* response;
  }

  /** The prompt with each of its responses. */
  conversations(): (readonly Message[])[] {
    if (this.record.kind === 'conversation') return [this.record.messages];
    return this.responses.map((response) => [...this.prompt, ...response]);
  }

  #hashPrompt(): void {
    hashPrompt(this.prompt, hash);
    this.#promptLow = hash.low;
    this.#promptHigh = hash.high;
  }
}

/** What checks see of a record: its parts and texts, worked out once for all of them. */

import { ANYTHING, type KnownTexts } from '../known-texts.ts';
import type { RowProblem } from '../read-records.ts';
import { completionText, type Message, promptOf, responsesOf, type TrainingRecord } from '../records.ts';
import { hashPrompt, TextHash } from './text-hash.ts';

/** A record or the problem of a row, in the order of the rows. `row` is zero-based. */
export type ObservedItem =
  | { readonly row: number; readonly observed: ObservedRecord; readonly problem?: never }
  | { readonly row: number; readonly problem: RowProblem; readonly observed?: never };

interface Hash {
  readonly low: number;
  readonly high: number;
}

/** One pass over the texts says all of it. */
interface Hashes {
  readonly prompt: Hash;
  readonly texts: readonly Hash[];
  readonly isAscii: boolean;
}

const hash = new TextHash();

export class ObservedRecord {
  readonly record: TrainingRecord;
  readonly prompt: readonly Message[];
  /** In the order of the columns; of a conversation, its last assistant turn. */
  readonly responses: readonly (readonly Message[])[];
  /** The text of every response. */
  readonly texts: readonly string[];
  /** Every message once: the prompt, then the responses. */
  readonly messages: readonly Message[];
  readonly #known: KnownTexts | undefined;
  #hashes: Hashes | undefined;

  constructor(record: TrainingRecord, known?: KnownTexts) {
    this.record = record;
    this.#known = known;
    this.prompt = promptOf(record);
    this.responses = responsesOf(record);
    const texts: string[] = [];
    const messages: Message[] = [];
    for (const message of this.prompt) messages.push(message);
    for (const response of this.responses) {
      texts.push(response.length === 1 ? response[0]!.content : completionText(response));
      for (const message of response) messages.push(message);
    }
    this.texts = texts;
    this.messages = record.kind === 'conversation' ? record.messages : messages;
  }

  /** The lower and higher 32 bits of the hash of the prompt. */
  get promptLow(): number {
    return this.#hashed().prompt.low;
  }

  get promptHigh(): number {
    return this.#hashed().prompt.high;
  }

  /** The hash of every one of `texts`. */
  get textHashes(): readonly Hash[] {
    return this.#hashed().texts;
  }

  /** Whether all messages are ASCII alone. */
  get isAscii(): boolean {
    return this.#hashed().isAscii;
  }

  /** What one of the texts may hold, as bits of `HOLDS`. */
  mayHold(text: string): number {
    return this.#known?.holds(this.#known.find(text)) ?? ANYTHING;
  }

  /** The better and the worse response; undefined for a tie and for records that compare nothing. */
  ranked(): { readonly better: string; readonly worse: string } | undefined {
    const [first = '', second = ''] = this.texts;
    if (this.record.kind === 'preference-pair') return { better: first, worse: second };
    if (this.record.kind !== 'compared-responses' || this.record.preferred === 'tie') return undefined;
    return this.record.preferred === 'A' ? { better: first, worse: second } : { better: second, worse: first };
  }

  /** The prompt with each of its responses. */
  conversations(): (readonly Message[])[] {
    if (this.record.kind === 'conversation') return [this.record.messages];
    return this.responses.map((response) => [...this.prompt, ...response]);
  }

  #hashed(): Hashes {
    this.#hashes ??= this.#hash();
    return this.#hashes;
  }

  #hash(): Hashes {
    let { low, high, isAscii } = hashPrompt(this.prompt, hash, this.#known);
    const prompt = { low, high };
    const texts = this.texts.map((text): Hash => {
      const place = this.#known?.find(text) ?? -1;
      if (this.#known && place >= 0) return { low: this.#known.low(place), high: this.#known.high(place) };
      ({ low, high } = hash.text(text).finish());
      isAscii &&= hash.isAscii;
      return { low, high };
    });
    return { prompt, texts, isAscii };
  }
}

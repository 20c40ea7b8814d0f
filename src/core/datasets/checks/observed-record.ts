/** What checks see of a record: its parts and texts, worked out once for all of them. */

import { ANYTHING, type KnownTexts } from '../known-texts.ts';
import type { RowProblem } from '../read-records.ts';
import {
  completionText,
  type Message,
  promptOf,
  type RecordKind,
  responsesOf,
  type TrainingRecord,
} from '../records.ts';
import { isAsciiLetter } from './characters.ts';
import { hashPrompt, TextHash } from './text-hash.ts';

/** A record or the problem of a row, in the order of the rows. `row` is zero-based. */
export type ObservedItem =
  | { readonly row: number; readonly observed: Observed; readonly problem?: never }
  | { readonly row: number; readonly problem: RowProblem; readonly observed?: never };

/** A record as checks ask for it; what is dear to make is only made for the check that asks. */
export interface Observed {
  readonly kind: RecordKind;
  readonly record: TrainingRecord;
  readonly prompt: readonly Message[];
  /** In the order of the columns; of a conversation, its last assistant turn. */
  readonly responses: readonly (readonly Message[])[];
  /** The text of every response. */
  readonly texts: readonly string[];
  /** Every message once: the prompt, then the responses. */
  readonly messages: readonly Message[];
  /** Whether it is one question with one message as each of its answers: by far the commonest record. */
  readonly isOneQuestion: boolean;
  /** The lower and higher 32 bits of the hash of the prompt. */
  readonly promptLow: number;
  readonly promptHigh: number;
  /** The hash of every one of `texts`. */
  readonly textHashes: readonly Hash[];
  /** Whether all messages are ASCII alone. */
  readonly isAscii: boolean;
  /** Whether one of the messages may hold any of these bits of `HOLDS`. */
  mayHoldAny(holds: number): boolean;
  /** What one of the texts may hold, as bits of `HOLDS`. */
  mayHold(text: string): number;
  /** Whether one of the messages, which are ASCII, has a letter among so many first characters. */
  hasAsciiLetter(within: number): boolean;
  /** False where it is known that the two responses have not the same words. */
  mayHaveSameWords(): boolean;
  /** The lengths of the better and the worse response; undefined for a tie and for records that compare nothing. */
  rankedLengths(): RankedLengths | undefined;
  /** The prompt with each of its responses. */
  conversations(): (readonly Message[])[];
}

export interface RankedLengths {
  readonly better: number;
  readonly worse: number;
}

export interface Hash {
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

export class ObservedRecord implements Observed {
  readonly record: TrainingRecord;
  readonly prompt: readonly Message[];
  readonly responses: readonly (readonly Message[])[];
  readonly texts: readonly string[];
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

  get kind(): RecordKind {
    return this.record.kind;
  }

  get isOneQuestion(): boolean {
    return this.prompt.length === 1 && this.prompt[0]!.role === 'user' && this.responses.every(isOneAnswer);
  }

  get promptLow(): number {
    return this.#hashed().prompt.low;
  }

  get promptHigh(): number {
    return this.#hashed().prompt.high;
  }

  get textHashes(): readonly Hash[] {
    return this.#hashed().texts;
  }

  get isAscii(): boolean {
    return this.#hashed().isAscii;
  }

  mayHoldAny(holds: number): boolean {
    return this.messages.some(({ content }) => (this.mayHold(content) & holds) !== 0);
  }

  mayHold(text: string): number {
    return this.#known?.holds(this.#known.find(text)) ?? ANYTHING;
  }

  hasAsciiLetter(within: number): boolean {
    return this.messages.some(({ content }) => hasAsciiLetter(content, within));
  }

  mayHaveSameWords(): boolean {
    return true;
  }

  rankedLengths(): RankedLengths | undefined {
    const [{ length: first } = '', { length: second } = ''] = this.texts;
    if (this.record.kind === 'preference-pair') return { better: first, worse: second };
    if (this.record.kind !== 'compared-responses' || this.record.preferred === 'tie') return undefined;
    return this.record.preferred === 'A' ? { better: first, worse: second } : { better: second, worse: first };
  }

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

function isOneAnswer(response: readonly Message[]): boolean {
  return response.length === 1 && response[0]!.role === 'assistant';
}

/** Nearly every text has one among its first characters. */
function hasAsciiLetter(text: string, within: number): boolean {
  const end = Math.min(text.length, within);
  for (let at = 0; at < end; at++) if (isAsciiLetter(text.charCodeAt(at))) return true;
  return false;
}

/**
 * A pair of whole texts as checks see it, from what is known of the texts by their bytes: the same as an `ObservedRecord` of
 * its record, which is only made where a check asks for something else.
 */

import type { WholeTexts } from '../formats/whole-texts.ts';
import { HOLDS, type KnownTexts } from '../known-texts.ts';
import type { Message, PreferencePair } from '../records.ts';
import { asciiTables, CharacterClass, isAsciiLetter } from './characters.ts';
import { type Observed, ObservedRecord, type RankedLengths } from './observed-record.ts';
import { ROLE_NUMBERS, TextHash } from './text-hash.ts';

const NOT_WHOLE = HOLDS.wide | HOLDS.odd;

interface Halves {
  low: number;
  high: number;
}

/** One for all rows: it is what the row at hand holds, after `read`. */
export class ObservedPair implements Observed {
  readonly kind = 'preference-pair';
  readonly isAscii = true;
  readonly isOneQuestion: boolean;
  readonly textHashes: readonly [Halves, Halves] = [
    { low: 0, high: 0 },
    { low: 0, high: 0 },
  ];
  readonly #known: KnownTexts;
  /** Places of the prompt, if there is one, and of the two responses. */
  readonly #places: readonly number[];
  readonly #prompt: number | undefined;
  readonly #chosen: number;
  readonly #rejected: number;
  readonly #hash = new TextHash();
  #holds = 0;
  #hasPromptHash = false;
  #whole: ObservedRecord | undefined;

  /** @param texts places among `known` */
  constructor(known: KnownTexts, { prompt, chosen, rejected }: WholeTexts) {
    this.#known = known;
    this.#prompt = prompt;
    this.#chosen = chosen;
    this.#rejected = rejected;
    this.#places = prompt === undefined ? [chosen, rejected] : [prompt, chosen, rejected];
    this.isOneQuestion = prompt !== undefined;
  }

  /** Whether the row at hand is such a pair, without a doubt. */
  read(): boolean {
    const known = this.#known;
    let holds = 0;
    for (let index = 0; index < this.#places.length; index++) holds |= known.holds(this.#places[index]!);
    if ((holds & NOT_WHOLE) !== 0) return false;
    const [chosen, rejected] = this.textHashes;
    chosen.low = known.low(this.#chosen);
    chosen.high = known.high(this.#chosen);
    rejected.low = known.low(this.#rejected);
    rejected.high = known.high(this.#rejected);
    if (chosen.low === rejected.low && chosen.high === rejected.high) return false;
    this.#holds = holds;
    this.#hasPromptHash = false;
    this.#whole = undefined;
    return true;
  }

  get promptLow(): number {
    this.#hashPrompt();
    return this.#hash.low;
  }

  get promptHigh(): number {
    this.#hashPrompt();
    return this.#hash.high;
  }

  mayHoldAny(holds: number): boolean {
    return (this.#holds & holds) !== 0;
  }

  hasAsciiLetter(within: number): boolean {
    for (let index = 0; index < this.#places.length; index++) {
      if (this.#hasLetter(this.#places[index]!, within)) return true;
    }
    return false;
  }

  mayHaveSameWords(): boolean {
    return (
      this.#lastLetter(this.#chosen) === this.#lastLetter(this.#rejected) &&
      this.#firstLetter(this.#chosen) === this.#firstLetter(this.#rejected)
    );
  }

  rankedLengths(): RankedLengths {
    return { better: this.#lengthOf(this.#chosen), worse: this.#lengthOf(this.#rejected) };
  }

  get record(): PreferencePair {
    return this.#observed().record as PreferencePair;
  }

  get prompt(): readonly Message[] {
    return this.#observed().prompt;
  }

  get responses(): readonly (readonly Message[])[] {
    return this.#observed().responses;
  }

  get texts(): readonly string[] {
    return this.#observed().texts;
  }

  get messages(): readonly Message[] {
    return this.#observed().messages;
  }

  mayHold(text: string): number {
    return this.#observed().mayHold(text);
  }

  conversations(): (readonly Message[])[] {
    return this.#observed().conversations();
  }

  #observed(): ObservedRecord {
    this.#whole ??= new ObservedRecord(this.#record(), this.#known);
    return this.#whole;
  }

  #record(): PreferencePair {
    const answer = (place: number): Message[] => [{ role: 'assistant', content: this.#known.text(place) }];
    return {
      kind: 'preference-pair',
      prompt: this.#prompt === undefined ? [] : [{ role: 'user', content: this.#known.text(this.#prompt) }],
      chosen: answer(this.#chosen),
      rejected: answer(this.#rejected),
    };
  }

  #hashPrompt(): void {
    if (this.#hasPromptHash) return;
    this.#hasPromptHash = true;
    if (this.#prompt !== undefined) this.#hash.number(ROLE_NUMBERS.user).knownOfWords(this.#known, this.#prompt);
    this.#hash.finish();
  }

  #lengthOf(place: number): number {
    return this.#known.end(place) - this.#known.begin(place);
  }

  #hasLetter(place: number, within: number): boolean {
    const begin = this.#known.begin(place);
    const end = Math.min(this.#known.end(place), begin + within);
    for (let at = begin; at < end; at++) if (isAsciiLetter(this.#known.byte(at))) return true;
    return false;
  }

  /** In lower case; -1 where there is none. Blanks and punctuation are passed over, equal words have the same ones. */
  #firstLetter(place: number): number {
    const end = this.#known.end(place);
    for (let at = this.#known.begin(place); at < end; at++) {
      const letter = letterOf(this.#known.byte(at));
      if (letter >= 0) return letter;
    }
    return -1;
  }

  #lastLetter(place: number): number {
    const begin = this.#known.begin(place);
    for (let at = this.#known.end(place) - 1; at >= begin; at--) {
      const letter = letterOf(this.#known.byte(at));
      if (letter >= 0) return letter;
    }
    return -1;
  }
}

function letterOf(code: number): number {
  const { classes, lower } = asciiTables();
  const kind = classes[code];
  return kind === CharacterClass.blank || kind === CharacterClass.punctuation ? -1 : lower[code]!;
}

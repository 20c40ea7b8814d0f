/** A response as numbers: hashed n-grams (sparse) and surface features (dense), given its prompt. */

import { completionText, type Message } from '../../datasets/records.ts';
import { hashEnd, hashStart, hashStep } from './hashing.ts';
import type { EmbeddedSettings } from './model.ts';
import { SURFACE_COUNT, surfaceFeatures } from './surface.ts';
import { splitWords, type Words } from './text.ts';

export type FeatureSettings = Pick<EmbeddedSettings, 'hash_bits' | 'word_ngrams' | 'char_ngrams' | 'surface_features'>;

/** Features of one response. `indices[i]` (a bucket, each at most once) has the value `values[i]`. */
export interface Features {
  readonly indices: Int32Array;
  readonly values: Float32Array;
  /** Raw surface features, or empty where they are switched off. */
  readonly surface: Float32Array;
}

export interface PromptFacts {
  readonly lastTurnText: string;
  readonly lastTurn: Words;
  readonly all: Words;
  readonly earlierReplies: Words | undefined;
  readonly turns: number;
}

const EMPTY = new Float32Array(0);

/** Extracts features; keeps scratch memory of 8 bytes per bucket, so make one and use it for many responses. */
export class FeatureExtractor {
  private readonly settings: FeatureSettings;
  private readonly mask: number;
  private readonly counts: Int32Array;
  private readonly sums: Float32Array;
  private touched: Int32Array = new Int32Array(4096);
  private indices: Int32Array = new Int32Array(4096);

  constructor(settings: FeatureSettings) {
    this.settings = settings;
    const buckets = 2 ** settings.hash_bits;
    this.mask = buckets - 1;
    this.counts = new Int32Array(buckets);
    this.sums = new Float32Array(buckets);
  }

  /** What of the prompt the features of its responses need; computed once per prompt. */
  prompt(messages: readonly Message[]): PromptFacts {
    const lastTurnText = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const replies = messages.filter((message) => message.role === 'assistant');
    return {
      lastTurnText,
      lastTurn: splitWords(lastTurnText),
      all: splitWords(messages.map((message) => message.content).join('\n')),
      earlierReplies: replies.length === 0 ? undefined : splitWords(completionText(replies)),
      turns: messages.length,
    };
  }

  response(prompt: PromptFacts, messages: readonly Message[]): Features {
    const text = completionText(messages);
    const words = splitWords(text);
    const { word_ngrams, char_ngrams } = this.settings;
    let used = 0;
    if (word_ngrams > 0) used = this.normalise(this.countWordNgrams(words, word_ngrams), used, 1);
    if (char_ngrams > 0) used = this.normalise(this.countCharacterNgrams(words.units, char_ngrams), used, 1);
    const indices = this.indices.slice(0, used);
    const values = new Float32Array(used);
    for (let at = 0; at < used; at++) {
      values[at] = this.sums[indices[at]!]!;
      this.sums[indices[at]!] = 0;
    }
    return { indices, values, surface: this.surface(prompt, text, words) };
  }

  private surface(prompt: PromptFacts, text: string, words: Words): Float32Array {
    if (!this.settings.surface_features) return EMPTY;
    const surface = new Float32Array(SURFACE_COUNT);
    surfaceFeatures({ ...prompt, prompt: prompt.all, text, words }, surface);
    return surface;
  }

  private countWordNgrams(words: Words, longest: number): number {
    const { hashes, tokenCount } = words;
    this.reserve(tokenCount * longest + longest);
    let touched = 0;
    for (let start = 0; start < tokenCount; start++) {
      let hash = hashStart(0x10);
      const end = Math.min(tokenCount, start + longest);
      for (let at = start; at < end; at++) {
        hash = hashStep(hash, hashes[at]!);
        touched = this.count(hash, touched);
      }
    }
    return touched;
  }

  private countCharacterNgrams(units: Uint16Array, longest: number): number {
    const shortest = Math.min(3, longest);
    this.reserve(units.length * (longest - shortest + 1));
    let touched = 0;
    for (let start = 0; start + shortest <= units.length; start++) {
      let hash = hashStart(0x20);
      const end = Math.min(units.length, start + longest);
      for (let at = start; at < end; at++) {
        hash = hashStep(hash, units[at]!);
        if (at - start + 1 >= shortest) touched = this.count(hash, touched);
      }
    }
    return touched;
  }

  private count(hash: number, touched: number): number {
    const bucket = hashEnd(hash) & this.mask;
    if (this.counts[bucket]!++ === 0) this.touched[touched++] = bucket;
    return touched;
  }

  /** Turns the counts into log(1 + tf) of length `norm`, adds them to the sums, and clears them. */
  private normalise(touched: number, used: number, norm: number): number {
    let squares = 0;
    for (let at = 0; at < touched; at++) {
      const value = logCount(this.counts[this.touched[at]!]!);
      squares += value * value;
    }
    const scale = squares === 0 ? 0 : norm / Math.sqrt(squares);
    if (this.indices.length < used + touched) {
      const larger = new Int32Array(2 * (used + touched));
      larger.set(this.indices.subarray(0, used));
      this.indices = larger;
    }
    for (let at = 0; at < touched; at++) {
      const bucket = this.touched[at]!;
      if (this.sums[bucket] === 0) this.indices[used++] = bucket;
      this.sums[bucket]! += scale * logCount(this.counts[bucket]!);
      this.counts[bucket] = 0;
    }
    return used;
  }

  private reserve(size: number): void {
    if (this.touched.length < size) this.touched = new Int32Array(2 * size);
  }
}

/** log(1 + count) as float32; a table for the usual counts, so the hot loop has no logarithm. */
const LOG_COUNTS = Float32Array.from({ length: 256 }, (_, count) => Math.log1p(count));
const logCount = (count: number): number => LOG_COUNTS[count] ?? Math.fround(Math.log1p(count));

import { describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../../src/core/engines/embedded/features.ts';
import { percentile, quantiles } from '../../../src/core/engines/embedded/quantiles.ts';
import { SURFACE_NAMES } from '../../../src/core/engines/embedded/surface.ts';
import { splitWords } from '../../../src/core/engines/embedded/text.ts';
import { assistant, user } from './planted-data.ts';

const extractor = new FeatureExtractor({ hash_bits: 18, word_ngrams: 2, char_ngrams: 4, surface_features: true });
const features = (response: string, prompt = 'Why?') =>
  extractor.response(extractor.prompt(user(prompt)), assistant(response));
const surface = (response: string, name: (typeof SURFACE_NAMES)[number], prompt?: string) =>
  features(response, prompt).surface[SURFACE_NAMES.indexOf(name)];

describe('words', () => {
  const counts = (text: string) => [splitWords(text).wordCount, splitWords(text).tokenCount];

  it('are runs of letters and digits of any script; marks are tokens of their own', () => {
    expect(counts("Don't stop, Zoë — 42 times...")).toEqual([5, 8]);
    expect(counts('漢字')).toEqual([2, 2]);
    expect(counts(' \n ')).toEqual([0, 0]);
  });

  it('are lower-cased in Unicode, with one kind of apostrophe', () => {
    expect(splitWords('ÉCOLE don’t').hashes).toEqual(splitWords("école don't").hashes);
  });
});

describe('n-grams', () => {
  it('of each block have length 1', () => {
    for (const settings of [
      { word_ngrams: 2, char_ngrams: 0 },
      { word_ngrams: 0, char_ngrams: 4 },
    ]) {
      const block = new FeatureExtractor({ hash_bits: 18, surface_features: false, ...settings });
      const { values } = block.response(block.prompt([]), assistant('one two two three'));
      expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }
  });

  it('count a bucket once and do not depend on what was extracted before', () => {
    const before = features('the same text, twice');
    features('something else '.repeat(3000));
    expect(features('the same text, twice')).toEqual(before);
    expect(new Set(before.indices).size).toBe(before.indices.length);
  });

  it('keep their buckets from version to version', () => {
    const words = new FeatureExtractor({ hash_bits: 18, word_ngrams: 2, char_ngrams: 0, surface_features: false });
    expect([...words.response(words.prompt([]), assistant('hello world')).indices]).toEqual([221536, 27354, 262074]);
  });
});

describe('surface features', () => {
  it('see lists, code, questions and overlap', () => {
    expect(surface('- one\n- two\n3. three', 'list-items')).toBeCloseTo(Math.log(4), 5);
    expect(surface('```js\nx\n```', 'code-fences')).toBeCloseTo(Math.log(3), 5);
    expect(surface('Is it? Really?', 'question-marks')).toBeCloseTo(Math.log(3), 5);
    expect(surface('Is it?', 'ends-with-question')).toBe(1);
    expect(surface('and then he', 'ends-unfinished')).toBe(1);
    expect(surface('One. Two! Three', 'log-sentences')).toBeCloseTo(Math.log(4), 5);
    expect(surface('blue blue red green', 'distinct-words')).toBe(0.75);
    expect(surface('a b c d '.repeat(20), 'repeated-phrases')).toBeGreaterThan(0.9);
    expect(surface('the blue house', 'words-from-last-turn', 'Which blue house?')).toBeCloseTo(2 / 3, 6);
    expect(surface('the blue house', 'last-turn-covered', 'Which blue house?')).toBeCloseTo(2 / 3, 6);
  });
});

describe('percentiles', () => {
  it('interpolate between the quantiles of the training scores', () => {
    const known = quantiles(Array.from({ length: 201 }, (_, index) => index));
    expect(known[50]).toBe(100);
    expect([-1, 0, 51, 200, 300].map((value) => percentile(value, known))).toEqual([0, 0, 25.5, 100, 100]);
  });

  it('of equal scores are the middle of their range', () => {
    expect(percentile(3, quantiles([3, 3, 3]))).toBe(50);
    expect(percentile(0, quantiles([0, 0, 0, 4]))).toBeLessThan(50);
  });
});

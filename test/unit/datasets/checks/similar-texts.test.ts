import { expect, test } from 'vitest';
import { HashSet } from '../../../../src/core/datasets/checks/hash-set.ts';
import { BINS, similarity } from '../../../../src/core/datasets/checks/min-hash.ts';
import { SimilarTexts } from '../../../../src/core/datasets/checks/similar-texts.ts';
import { randomIntegers } from '../../../../src/core/engines/embedded/random.ts';

/** Signatures of which every third is an earlier one with a few bins changed. */
function signatures(count: number): Uint8Array[] {
  const random = randomIntegers(7);
  const made: Uint8Array[] = [];
  for (let text = 0; text < count; text += 1) {
    const own = Uint8Array.from({ length: BINS }, () => random() % 256);
    const earlier = text % 3 === 2 ? made[random() % made.length]! : own;
    const signature = Uint8Array.from(earlier, (bin) => (random() % 12 === 0 ? random() % 256 : bin));
    made.push(text % 3 === 2 ? signature : own);
  }
  return made;
}

function found(texts: readonly Uint8Array[], textBits?: number): (number | undefined)[] {
  const index = new SimilarTexts(0.8, textBits);
  return texts.map((signature, row) => index.findOrAdd(signature, row));
}

test('what is found does not depend on how many bits there are at first for the numbers of texts', () => {
  const texts = signatures(6_000);
  const usual = found(texts);
  expect(found(texts, 2)).toEqual(usual);
  expect(found(texts, 31)).toEqual(usual);
});

test('what is found is similar, and nearly all that is similar is found', () => {
  const texts = signatures(6_000);
  const rows = found(texts);
  const equalBins = (a: Uint8Array, b: Uint8Array) => a.filter((bin, at) => bin === b[at]).length;
  for (const [row, other] of rows.entries()) {
    if (other === undefined) continue;
    expect(other).toBeLessThan(row);
    expect(similarity(equalBins(texts[row]!, texts[other]!))).toBeGreaterThanOrEqual(0.8);
  }
  const changed = rows.filter((_, row) => row % 3 === 2);
  expect(changed.filter((other) => other !== undefined).length).toBeGreaterThan(0.8 * changed.length);
  expect(rows.filter((other, row) => row % 3 !== 2 && other !== undefined)).toEqual([]);
});

test('a hash is new once, whatever its halves are', () => {
  const set = new HashSet();
  const known = new Set<string>();
  const random = randomIntegers(3);
  for (let turn = 0; turn < 20_000; turn += 1) {
    const [low, high] = [random() % 90, random() % 90];
    const key = `${low} ${high}`;
    expect(set.add(low, high)).toBe(!known.has(key));
    known.add(key);
  }
  expect(known.has('0 0')).toBe(true);
});

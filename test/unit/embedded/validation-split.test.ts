import { describe, expect, it } from 'vitest';
import { promptKey } from '../../../src/core/datasets/records.ts';
import { randomIntegers, shuffle } from '../../../src/core/engines/embedded/random.ts';
import { splitByPrompt } from '../../../src/core/engines/embedded/validation-split.ts';
import { plantedPairs } from './planted-data.ts';

const rows = plantedPairs(100);
const split = (seed: number, share = 0.1) => splitByPrompt(rows, share, randomIntegers(seed));

describe('the validation split', () => {
  it('never puts one prompt on both sides', () => {
    const { train, validation } = split(3, 0.3);
    const keys = new Set(train.map(({ record }) => promptKey(record.prompt)));
    expect(validation.filter(({ record }) => keys.has(promptKey(record.prompt)))).toEqual([]);
    expect(train.length + validation.length).toBe(100);
    expect(validation).toHaveLength(30);
  });

  it('depends on the seed alone', () => {
    expect(split(3)).toEqual(split(3));
    expect(split(3).validation).not.toEqual(split(4).validation);
  });

  it('holds nothing out of one prompt, or for a share of 0', () => {
    expect(splitByPrompt(rows.slice(0, 2), 0.5, randomIntegers(1)).validation).toEqual([]);
    expect(split(1, 0).validation).toEqual([]);
  });

  it('takes rows without a prompt one by one, as if each had its own', () => {
    const unprompted = rows.map((row) => ({ ...row, record: { ...row.record, prompt: [] } }));
    expect(splitByPrompt(unprompted, 0.1, randomIntegers(1)).validation).toHaveLength(10);
  });
});

describe('random integers', () => {
  it('are those of mulberry32', () => {
    const next = randomIntegers(1);
    expect([next(), next(), next()]).toEqual([2693262067, 11749833, 2265367787]);
  });

  it('shuffle without losing anything', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = shuffle([...items], randomIntegers(9));
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});

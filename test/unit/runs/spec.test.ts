import { describe, expect, it } from 'vitest';
import { parseRunFile } from '../../../src/core/runs/spec.ts';

const minimal = { method: 'bradley-terry', data: { train: 'pairs.parquet' } };

describe('a run file', () => {
  it('needs only a method and data; the rest has written-down defaults', () => {
    expect(parseRunFile(JSON.stringify(minimal), 'a.rmrun.json')).toEqual({
      ...minimal,
      version: 1,
      engine: 'embedded',
      target: 'local',
      seed: 42,
      settings: {},
    });
  });

  it.each([
    ['an unknown key', { ...minimal, learning_rate: 1 }, /learning_rate/],
    ['an unknown method', { ...minimal, method: 'dpo' }, /method/],
    ['a target that is none', { ...minimal, target: 'cloud' }, /target: must be "local"/],
    ['no data', { method: 'sft' }, /data/],
    ['a seed out of range', { ...minimal, seed: -1 }, /seed/],
  ])('with %s is refused, naming the field', (_name, value, expected) => {
    expect(() => parseRunFile(JSON.stringify(value), 'a.rmrun.json')).toThrow(expected);
  });

  it('that is not JSON is refused with its name', () => {
    expect(() => parseRunFile('{', 'a.rmrun.json')).toThrow(
      expect.objectContaining({ code: 'invalid-run', where: { file: 'a.rmrun.json' } }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/core/datasets/readers/json-text.ts';

/** JSON whose integers have all their digits. */
function written(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(' ,')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${written(item)}`)}}`;
}

/** What a reader is given: a number where it shows every digit. */
const exact = (value: bigint) => (String(Number(value)) === String(value) ? Number(value) : value);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(exact),
    fc.constantFrom('integer:5', '_integer:1', '"12345678901234567890"', '\\', '\u0000integer:', '90071992547409931'),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.constantFrom(null, true, false, 2n ** 64n, -(2n ** 63n)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom('__proto__', 'integer:', '1', ''), fc.string()), tie('value')),
  ),
}));

describe('JSON of a file', () => {
  it('is parsed with every digit of its integers, and everything else as it stands', () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(parseJson(written(any))).toEqual(any);
      }),
    );
  });

  it.each([
    ['{"a": oops}', /^not valid JSON: Unexpected token 'o'$/],
    ['{"a":\n', /^not valid JSON: Unexpected end of JSON input$/],
    ['{"a": "line\nbreak"}', /^not valid JSON: Bad control character in string literal$/],
    ['', /^not valid JSON: Unexpected end of JSON input$/],
    ['['.repeat(501) + ']'.repeat(501), /^nested too deeply: more than 500 levels$/],
  ])('that cannot be parsed says so in a few words: %j', (text, message) => {
    expect(() => parseJson(text)).toThrow(message);
  });
});

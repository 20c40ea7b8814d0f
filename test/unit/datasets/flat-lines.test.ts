/** Lines that are not parsed give what parsing them gives, and what is known of their texts is what the texts say. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextHash } from '../../../src/core/datasets/checks/text-hash.ts';
import { HOLDS } from '../../../src/core/datasets/known-texts.ts';
import { FlatLines } from '../../../src/core/datasets/readers/flat-lines.ts';
import { JsonColumns } from '../../../src/core/datasets/readers/json-types.ts';
import { JsonlGatherer } from '../../../src/core/datasets/readers/jsonl-index.ts';
import { type ParsedLine, parseLines } from '../../../src/core/datasets/readers/jsonl-lines.ts';

const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'Z',
    'AKIA',
    'eyJ',
    '@',
    '-',
    '_',
    ' ',
    '  ',
    '\n',
    '\t',
    '"',
    '\\',
    'é',
    '漢',
    '\ud83d\ude00',
    '\u0000',
    '}',
    '","',
  ),
  fc.string({ maxLength: 20 }),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 80 });
const row = fc.record({ prompt: fc.oneof(plain, text), chosen: plain, rejected: fc.oneof(plain, text) });
const spaced = (value: object) => JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
const line = fc.oneof(
  { weight: 8, arbitrary: row.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: row.map(spaced) },
  { weight: 2, arbitrary: row.map((value) => `${JSON.stringify(value)}\r`) },
  row.map(({ prompt, chosen }) => JSON.stringify({ chosen, prompt })),
  fc
    .record({ prompt: plain, chosen: fc.constantFrom(1, null, ['a'], { b: 'c' }), rejected: plain })
    .map((value) => JSON.stringify(value)),
  plain.map((value) => `{"prompt":"${value}","chosen":"b","rejected":"c"}`),
  text.map((value) => `{"prompt":"a","chosen":"b","rejected":"${value}"}`),
  fc.constantFrom(
    '',
    '  ',
    '[1]',
    '{"prompt":"a","chosen":"b","rejected":"c"',
    '{"prompt":"a","chosen":"b","rejected":"c"}}',
    '{"prompt":"a","chosen":"b","rejected":"c\\"}',
    '{"prompt":"a","chosen":"b","rejected":"\\ud800"}',
    '{"prompt":"a","chosen":"b","rejected":"\\x"}',
    '{"prompt":"a","prompt":"b","chosen":"c","rejected":"d"}',
    '{"1":"a","0":"b"}',
    '{"__proto__":"a","b":"c"}',
    '{"\\u0061":"b","c":"d"}',
    '{"prompt":"\\\\","chosen":"\\\\\\"","rejected":"\\\\"}',
  ),
);

/** Also with bytes that are no UTF-8, and with or without a line feed at the end. */
const block = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.boolean(), fc.option(fc.nat(), { freq: 5 }))
  .map(([lines, ended, spoilt]) => {
    const bytes = Buffer.from(lines.join('\n') + (ended ? '\n' : ''));
    if (spoilt !== null && bytes.length > 0) bytes[spoilt % bytes.length] = 0xff;
    return bytes;
  });

const plainly = ({ offset, row: cells, problem }: ParsedLine) => ({
  offset,
  row: cells && Object.entries(cells),
  problem,
});

describe('lines that are like the line before', () => {
  it('give what parsing them gives, whatever comes between', () => {
    let like = 0;
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        const lines = new FlatLines();
        for (const bytes of blocks) {
          const found: ReturnType<typeof plainly>[] = [];
          for (const one of lines.parse({ offset: 7, bytes })) {
            if (one.like) like++;
            found.push(plainly(one));
          }
          expect(found).toEqual([...parseLines({ offset: 7, bytes })].map(plainly));
        }
      }),
      { numRuns: 500 },
    );
    expect(like).toBeGreaterThan(500);
  });

  it('know of their texts what the texts say', () => {
    const seen = new Set<number>();
    const [hash, other] = [new TextHash(), new TextHash()];
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 8 }), (rows) => {
        const bytes = Buffer.from(rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
        for (const { row: cells = {}, known } of new FlatLines().parse({ offset: 0, bytes })) {
          for (const value of known ? (Object.values(cells) as string[]) : []) {
            const place = known!.find(value);
            if (place < 0) continue;
            const holds = known!.holds(place);
            seen.add(holds);
            const has = (bit: number) => (holds & bit) !== 0;
            expect([
              has(HOLDS.at),
              has(HOLDS.hyphen),
              has(HOLDS.underscore),
              has(HOLDS.capitalA),
              has(HOLDS.capitalJ),
            ]).toEqual([...'@-_AJ'].map((character) => value.includes(character)));
            expect(has(HOLDS.oddBlanks)).toBe(value.trim().replaceAll(/\s+/g, ' ') !== value);
            const { low, high, isAscii } = hash.number(3).textOfWords(value, known).finish();
            expect({ low, high, isAscii }).toEqual({ ...other.number(3).textOfWords(value).finish() });
            expect({ low: known!.low(place), high: known!.high(place), isAscii: true }).toEqual({
              ...other.text(value).finish(),
            });
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(seen.size).toBeGreaterThan(20);
  });

  it('are counted with the columns they have', () => {
    fc.assert(
      fc.property(block, (bytes) => {
        const gatherer = new JsonlGatherer('file');
        const columns = new JsonColumns();
        for (const one of new FlatLines().parse({ offset: 0, bytes })) gatherer.see(one);
        for (const one of parseLines({ offset: 0, bytes })) if (one.row) columns.observe(one.row);
        // A text without rows is refused.
        fc.pre(gatherer.part().rows > 0);
        expect(gatherer.index().columns).toEqual(columns.columns());
      }),
    );
  });
});

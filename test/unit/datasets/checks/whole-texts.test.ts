/** Rows that are checked by the bytes of their texts give what the records of the same rows give. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameWords } from '../../../../src/core/datasets/checks/near-identical.ts';
import { ObservedPair } from '../../../../src/core/datasets/checks/observed-pair.ts';
import { type Observed, ObservedRecord } from '../../../../src/core/datasets/checks/observed-record.ts';
import { planChecks } from '../../../../src/core/datasets/checks/registry.ts';
import { RowPass } from '../../../../src/core/datasets/checks/row-pass.ts';
import { BoundFormat } from '../../../../src/core/datasets/formats/bound-format.ts';
import { SHAPES } from '../../../../src/core/datasets/formats/shapes.ts';
import { HOLDS, type KnownTexts } from '../../../../src/core/datasets/known-texts.ts';
import { FlatLines } from '../../../../src/core/datasets/readers/flat-lines.ts';
import { TextColumns } from '../../../../src/core/datasets/readers/text-columns.ts';

const piece = fc.oneof(
  fc.constantFrom(
    ...['a', 'Z', 'b', ' ', '  ', '.', '-', '-1', '.5', '7', '\n', '\t', '\v', '\b', '\f', '\r', '"', '\\', '/'],
    ...['[', '{', '[]', '{"a":1}', '[{"role":"user","content":"q"}]', '@', 'me@corp.io', '_', 'eyJ'],
    ...['sk-proj-a1B2c3D4e5F6g7H8i9J0k1', 'AKIAQ3EGRIPZ7XW5T2MB', 'é', '漢字', '\u0000', '\u007f', '\u00a0'],
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 80 }),
  fc.constantFrom('same', 'same.', ' Same', 'same 1', 'same -1', ''),
);
/** More columns than any of these shapes has. */
const rows = fc.array(fc.array(text, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 20 });
type Row = readonly string[];

function formatOf(shape: string, names: readonly string[]): BoundFormat {
  const columns = names.map((name) => ({ name, type: 'string' }));
  const binding = Object.fromEntries(names.map((name, place) => [name, place]));
  return new BoundFormat(SHAPES.find(({ id }) => id === shape)!, binding, columns);
}

const passOf = (format: BoundFormat, names: readonly string[]) =>
  RowPass.start(
    planChecks('bradley-terry', {}, []).run,
    { method: 'bradley-terry', gathers: true },
    format,
    names.map((name) => ({ name, type: 'string' })),
  );

/** The texts as lines of JSON, of which the first is parsed as every line is. */
function asLines(texts: readonly Row[], names: readonly string[], visit: (row: number, known: KnownTexts) => void) {
  const lines = texts.map((row) => JSON.stringify(Object.fromEntries(names.map((name, place) => [name, row[place]]))));
  const bytes = Buffer.from([lines[0], ...lines].join('\n'));
  let line = -1;
  for (const { known } of new FlatLines().parse({ offset: 0, bytes })) {
    if (line >= 0 && known) visit(line, known);
    line++;
  }
}

/** The texts as a column store has them, cut into pieces at a row. */
function asColumns(texts: readonly Row[], cut: number, visit: (row: number, known: KnownTexts) => void) {
  const pieceOf = (place: number, part: readonly Row[]) => ({
    count: part.length,
    bytes: Buffer.concat(
      part.map((row) => {
        const content = Buffer.from(row[place]!);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(content.length);
        return Buffer.concat([length, content]);
      }),
    ),
  });
  const columns = new TextColumns();
  columns.load({
    rows: texts.length,
    columns: texts[0]!.map((_, place) => [pieceOf(place, texts.slice(0, cut)), pieceOf(place, texts.slice(cut))]),
  });
  for (let row = 0; row < texts.length; row++) visit(row, columns.row(row));
}

const requiredOf = ({ fields }: (typeof SHAPES)[number]) =>
  Object.keys(fields).filter((field) => fields[field]!.optional !== true);
const WHOLE = SHAPES.filter((shape) => formatOf(shape.id, requiredOf(shape)).wholeTexts !== undefined);

describe.each(WHOLE.map((shape) => [shape.id, requiredOf(shape)] as const))('%s by their bytes', (shape, names) => {
  const format = formatOf(shape, names);
  const places = names.map((_, place) => place);
  const rowsOf = (all: readonly Row[]) => all.map((row) => row.slice(0, names.length));

  it('are seen by all checks as their records are', async () => {
    let byBytes = 0;
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(20), async (all, cut) => {
        const texts = rowsOf(all);
        const plain = await passOf(format, names);
        for (const [row, cells] of texts.entries()) plain.see(row, cells);
        const expected = plain.pack();
        for (const read of ['lines', 'columns']) {
          const pass = await passOf(format, names);
          let next = 0;
          const visit = (row: number, found: KnownTexts) => {
            for (; next < row; next++) pass.see(next, texts[next]!);
            if (pass.seeTexts(row, found, places)) byBytes++;
            else pass.see(row, texts[row]!);
            next = row + 1;
          };
          if (read === 'lines') asLines(texts, names, visit);
          else asColumns(texts, cut % texts.length, visit);
          for (; next < texts.length; next++) pass.see(next, texts[next]!);
          expect(pass.pack()).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
    expect(byBytes).toBeGreaterThan(300);
  });

  it('answer every question as the record does', () => {
    let pairs = 0;
    fc.assert(
      fc.property(rows, (all) => {
        const texts = rowsOf(all);
        asColumns(texts, 0, (row, known) => {
          const pair = new ObservedPair(known, format.wholeTexts!);
          if (!pair.read()) return;
          pairs++;
          const [read] = format.interpret(texts[row]!);
          if (!read || !('record' in read)) throw new Error('this row holds no record');
          const record = new ObservedRecord(read.record);
          expect(answersOf(pair)).toEqual(answersOf(record));
          const messages = record.messages.map(({ content }) => content).join('');
          for (const [sign, bit] of Object.entries({ '@': HOLDS.at, '-': HOLDS.hyphen, A: HOLDS.capitalA })) {
            expect(pair.mayHoldAny(bit)).toBe(messages.includes(sign));
          }
          const [chosen = '', rejected = ''] = record.texts;
          if (!pair.mayHaveSameWords()) expect(sameWords(chosen, rejected)).toBe(false);
        });
      }),
      { numRuns: 200 },
    );
    expect(pairs).toBeGreaterThan(300);
  });
});

function answersOf(observed: Observed) {
  const { kind, isAscii, isOneQuestion, promptLow, promptHigh, textHashes } = observed;
  const { record, prompt, responses, texts, messages } = observed;
  return {
    ...{ kind, isAscii, isOneQuestion, promptLow, promptHigh, record, prompt, responses, texts, messages },
    textHashes: textHashes.map(({ low, high }) => ({ low, high })),
    lengths: observed.rankedLengths(),
    conversations: observed.conversations(),
    letters: [1, 3, 200].map((within) => observed.hasAsciiLetter(within)),
  };
}

describe('shapes of whole texts', () => {
  it('are those whose columns become one message each', () => {
    expect(WHOLE.map(({ id }) => id)).toEqual([
      'alpaca-ranking',
      'input-pairs',
      'plain-pairs',
      'prompted-pairs',
      'rewardbench',
    ]);
  });

  it('are no more where another column has a say', () => {
    for (const field of ['input', 'system', 'margin', 'score_chosen']) {
      expect(formatOf('prompted-pairs', ['prompt', 'chosen', 'rejected', field]).wholeTexts).toBeUndefined();
    }
  });
});

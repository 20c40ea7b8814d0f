import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchRequest } from '../../../src/core/queries/questions.ts';
import { search } from '../../../src/core/queries/search.ts';
import type { QuerySession } from '../../../src/core/queries/session.ts';
import { gather, openSession, SAMPLE_COLUMNS, type Sample, writeSamples } from './sessions.ts';

async function find(session: QuerySession, request: SearchRequest) {
  const gathered = gather();
  const answer = await search(session, request, gathered.answering);
  return { ...answer, found: gathered.rows(), parts: gathered.of('hits'), progress: gathered.of('progress') };
}

const sample = (row: number, more: Partial<Sample> = {}): Sample => ({
  text: `text ${row}`,
  other: null,
  whole: row,
  real: 0.5,
  flag: true,
  messages: null,
  ...more,
});

describe.each(['parquet', 'jsonl'] as const)('a search in %s', (kind) => {
  it('finds what a plain search of all texts finds, in order, and counts it by column', async () => {
    const word = fc.array(
      fc.constantFrom('a', 'B', 'b', 'ä', 'Ä', '.', '"', '\\', '\n', '{', 'role', '😀', 'content'),
      {
        maxLength: 4,
      },
    );
    const text = word.map((letters) => letters.join(''));
    const messages = fc.array(fc.record({ role: fc.constantFrom('user', 'ä'), content: text }), { maxLength: 3 });
    const rows = fc
      .sample(fc.record({ text: fc.option(text), other: fc.option(text), messages: fc.option(messages) }), {
        numRuns: 260,
        seed: 3,
      })
      .map((more, row) => sample(row, more));
    const session = await openSession(writeSamples(kind, rows));
    const texts = ({ text: one, other, messages: list }: Sample) => [
      one === null ? [] : [one],
      other === null ? [] : [other],
      (list ?? []).flatMap(({ role, content }) => [role, content]),
    ];
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (wanted, caseSensitive) => {
        fc.pre(wanted !== '');
        const pattern = new RegExp(wanted.replaceAll(/[\\^$.|?*+()[\]{}/]/g, '\\$&'), caseSensitive ? 'u' : 'iu');
        const hits = rows.map((row) => texts(row).map((inside) => inside.some((part) => pattern.test(part))));
        const result = await find(session, { text: wanted, caseSensitive });
        expect(result.found).toEqual(hits.flatMap((hit, row) => (hit.includes(true) ? [row] : [])));
        expect(result.perColumn).toEqual(
          [0, 1, 5].map((column, index) => ({ column, rows: hits.filter((hit) => hit[index]).length })),
        );
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

describe('a search', () => {
  it('tells hits of the first row groups before it has read the last', async () => {
    const session = await openSession(
      writeSamples(
        'parquet',
        Array.from({ length: 2_000 }, (_, row) => sample(row)),
      ),
    );
    const { parts, progress, rows } = await find(session, { text: 'TEXT' });
    expect(rows).toBe(2_000);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts[0]!.rows.length).toBeLessThanOrEqual(200);
    const done = progress.map((part) => part.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(1);
  });

  it('takes whole words where asked, by letters of any script', async () => {
    const texts = ['art', 'art.', 'start', 'Art!', 'ärt', 'äart', 'art_1', '(art)', 'a\nart'];
    const session = await openSession(
      writeSamples(
        'parquet',
        texts.map((text, row) => sample(row, { text })),
      ),
    );
    const { found } = await find(session, { text: 'art', wholeWord: true });
    expect(found.map((row) => texts[row])).toEqual(['art', 'art.', 'Art!', '(art)', 'a\nart']);
  });

  it('takes a regular expression where asked, and says what is wrong with one', async () => {
    const session = await openSession(
      writeSamples(
        'parquet',
        Array.from({ length: 30 }, (_, row) => sample(row)),
      ),
    );
    expect((await find(session, { text: '^text [12]$', regex: true })).found).toEqual([1, 2]);
    expect((await find(session, { text: '^text [12]$' })).found).toEqual([]);
    await expect(find(session, { text: 'text [', regex: true })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('missing ]'),
    });
  });

  it('looks into the columns asked for only, and into none that hold no text', async () => {
    const session = await openSession(
      writeSamples('parquet', [sample(0, { other: 'here' }), sample(1, { text: 'here' })]),
    );
    expect((await find(session, { text: 'here', columns: [SAMPLE_COLUMNS.indexOf('other')] })).found).toEqual([0]);
    expect(await find(session, { text: '1', columns: [2] })).toMatchObject({ rows: 0, perColumn: [] });
  });

  it('refuses an empty text', async () => {
    const session = await openSession(writeSamples('parquet', [sample(0)]));
    await expect(find(session, { text: '' })).rejects.toMatchObject({ code: 'usage' });
  });
});

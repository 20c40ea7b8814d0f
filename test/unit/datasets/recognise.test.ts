import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHAPES } from '../../../src/core/datasets/formats/shapes.ts';
import { readRecords } from '../../../src/core/datasets/read-records.ts';
import { adviseMethods, chooseFormat, recognise } from '../../../src/core/datasets/recognise.ts';
import type { TrainingRecord } from '../../../src/core/datasets/records.ts';
import { METHODS, type MethodId } from '../../../src/core/methods/method.ts';
import { failureOf, suiteFolder, withDataset, writeJsonl } from './files.ts';

const folder = suiteFolder();
let files = 0;

async function written(...rows: unknown[]): Promise<string> {
  return writeJsonl(path.join(folder(), `rows${files++}.jsonl`), rows);
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

/** The records and problem codes of rows, as the best shape for the method reads them. */
async function read(rows: unknown[], method: MethodId, map?: Record<string, string>) {
  return withDataset(await written(...rows), async (dataset) => {
    const format = chooseFormat(await recognise(dataset, { method, map }), method);
    const found: (TrainingRecord | string)[] = [];
    for await (const { record, problem } of readRecords(dataset, format)) found.push(record ?? problem.code);
    return found;
  });
}

describe('every declared shape', () => {
  it.each(SHAPES.map((shape) => [shape.id, shape] as const))(
    '%s is recognised by its own example',
    async (id, shape) => {
      await withDataset(await written(shape.example, shape.example), async (dataset) => {
        const recognition = await recognise(dataset);
        const candidate = recognition.candidates.find((found) => found.id === id);
        expect(candidate).toMatchObject({ share: 1, fits: true, record: shape.record });
        expect(METHODS[candidate!.method].record).toBe(shape.record);
        const best = recognition.candidates.find((found) => found.record === shape.record);
        if (shape.ambiguity === undefined) expect(best?.id).toBe(id);
        const records: unknown[] = [];
        for await (const { record } of readRecords(dataset, candidate!.format)) records.push(record?.kind);
        expect(new Set(records)).toEqual(new Set([shape.record]));
      });
    },
  );
});

describe('preference pairs', () => {
  it('a dialogue text is split where the two go apart, however many turns they share', async () => {
    const start = '\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:';
    expect(await read([{ chosen: `${start} good`, rejected: `${start} bad` }], 'bradley-terry')).toEqual([
      {
        kind: 'preference-pair',
        prompt: [user('a'), assistant('b'), user('c')],
        chosen: [assistant('good')],
        rejected: [assistant('bad')],
      },
    ]);
  });

  it('conversations that part at a user turn keep what follows the last prompt they share', async () => {
    const [record] = await read(
      [
        {
          chosen: [user('a'), assistant('b'), user('c'), assistant('d')],
          rejected: [user('a'), assistant('b'), user('x'), assistant('y')],
        },
      ],
      'bradley-terry',
    );
    expect(record).toMatchObject({ prompt: [user('a')], chosen: [assistant('b'), user('c'), assistant('d')] });
  });

  it('where only one of the two goes on with the assistant, the prompt ends before the answer that they share', async () => {
    const start = [user('a'), assistant('b')];
    const [record] = await read(
      [{ chosen: [...start, assistant('c')], rejected: [...start, user('d'), assistant('e')] }],
      'bradley-terry',
    );
    expect(record).toMatchObject({ prompt: [user('a')], rejected: [assistant('b'), user('d'), assistant('e')] });
  });

  it('message lists may be JSON text, and may be completions with the prompt in a column', async () => {
    const rows = [
      {
        prompt: 'a',
        chosen: JSON.stringify([assistant('b')]),
        rejected: JSON.stringify([{ from: 'gpt', value: 'c' }]),
      },
    ];
    expect(await read(rows, 'bradley-terry')).toMatchObject([
      { prompt: [user('a')], chosen: [assistant('b')], rejected: [assistant('c')] },
    ]);
  });

  it('UltraFeedback: the margin is the difference of the scores, where it is positive', async () => {
    const row = { prompt: 'a', chosen: [user('a'), assistant('b')], rejected: [user('a'), assistant('c')] };
    const records = await read(
      [
        { ...row, score_chosen: 8, score_rejected: 6.5 },
        { ...row, score_chosen: 5, score_rejected: 5 },
      ],
      'bradley-terry',
    );
    expect(records.map((record) => (record as { margin?: number }).margin)).toEqual([1.5, undefined]);
  });

  it('a text that happens to be JSON stays text', async () => {
    const [record] = await read([{ prompt: 'a', chosen: '[{"city": "Rome"}]', rejected: '[]' }], 'bradley-terry');
    expect(record).toMatchObject({ chosen: [assistant('[{"city": "Rome"}]')], rejected: [assistant('[]')] });
  });

  it('bad rows are named one by one and the others are used', async () => {
    const good = { prompt: 'a', chosen: 'b', rejected: 'c' };
    const rows = [
      good,
      { ...good, chosen: null },
      { ...good, rejected: ' ' },
      { ...good, rejected: 'b' },
      { ...good, chosen: ['b'] },
      good,
      good,
      good,
    ];
    expect(
      (await read(rows, 'bradley-terry')).map((found) => (typeof found === 'string' ? found : found.kind)),
    ).toEqual([
      'preference-pair',
      'missing-value',
      'empty-value',
      'identical-pair',
      'wrong-type',
      'preference-pair',
      'preference-pair',
      'preference-pair',
    ]);
  });
});

describe('compared responses', () => {
  const prompt = { instruction: 'a' };

  it.each([
    ['A, B and tie', { response_a: 'x', response_b: 'y' }, 'label', ['A', 'b', 'tie']],
    ['PandaLM: 1, 2, 0', { response1: 'x', response2: 'y', cmp_key: 'a_b' }, 'label', [1, 2, 0]],
    ['Auto-J: 0, 1, 2', { 'response 1': 'x', 'response 2': 'y' }, 'label', [0, 1, 2]],
    ['a signed strength', { response_1: 'x', response_2: 'y' }, 'preference_strength', [-3, 1, 0]],
  ])('%s', async (_, responses, column, labels) => {
    const rows = labels.map((label) => ({ ...prompt, ...responses, [column]: label }));
    const records = await read(rows, 'pairwise');
    expect(records.map((record) => (record as { preferred: string }).preferred)).toEqual(['A', 'B', 'tie']);
    expect(records[0]).toMatchObject({ responseA: [assistant('x')], responseB: [assistant('y')] });
  });

  it('three annotators: a strict majority, else a tie', async () => {
    const votes = [
      [1, 1, 2],
      [1, 2, 0],
      [2, 0, 2],
      [0, 0, 1],
      [1, 2, undefined],
    ];
    const rows = votes.map(([annotator1, annotator2, annotator3]) => ({
      ...prompt,
      input: 'more',
      response1: true,
      response2: '',
      annotator1,
      annotator2,
      annotator3,
    }));
    const records = await read(rows, 'pairwise');
    expect(records.map((record) => (record as { preferred: string }).preferred)).toEqual([
      'A',
      'tie',
      'B',
      'tie',
      'tie',
    ]);
    expect(records[0]).toMatchObject({
      prompt: [user('a\n\nmore')],
      responseA: [assistant('true')],
      responseB: [assistant('')],
    });
  });

  it('a numeric label that may mean two things is refused until the person says which', async () => {
    const rows = [0, 1, 2].map((label) => ({ prompt: 'a', response_1: 'x', response_2: 'y', label }));
    await withDataset(await written(...rows), async (dataset) => {
      const recognition = await recognise(dataset);
      expect(recognition.candidates.filter((found) => found.fits).map((found) => found.id)).toEqual([
        'numeric-label-0-1-2',
        'numeric-label-1-2-0',
      ]);
      expect(() => chooseFormat(recognition, 'pairwise')).toThrow(
        expect.objectContaining({
          message: expect.stringContaining('2 ways'),
          hint: expect.stringContaining('=label ('),
        }),
      );
    });
    const records = await read(rows, 'pairwise', { label_1_2_0: 'label' });
    expect(records.map((record) => (record as { preferred: string }).preferred)).toEqual(['tie', 'A', 'B']);
  });

  it('several ranked responses become one record for each pair', async () => {
    const [first, second, third] = await read(
      [{ question: 'q', responses: ['a', 'b', 'c'], preference: [1, 2, 0] }],
      'pairwise',
    );
    expect(first).toMatchObject({ responseA: [assistant('a')], responseB: [assistant('b')], preferred: 'A' });
    expect(second).toMatchObject({ responseA: [assistant('a')], responseB: [assistant('c')], preferred: 'B' });
    expect(third).toMatchObject({ responseA: [assistant('b')], responseB: [assistant('c')], preferred: 'tie' });
  });
});

describe('scored responses', () => {
  const row = { query: 'a', response: 'b' };

  it('scores are whole numbers from 0 to 4, as numbers or text', async () => {
    const rows = [0, '4', 2, 1.5, 7, null].map((score) => ({ ...row, score }));
    expect(
      (await read(rows, 'pointwise')).map((found) =>
        typeof found === 'string' ? found : (found as { score: number }).score,
      ),
    ).toEqual([0, 4, 2, 'label-out-of-range', 'label-out-of-range', 'missing-value']);
  });

  it('scores from 1 to 5 are not taken for 0 to 4: the person maps them', async () => {
    const rows = [1, 3, 5, 4].map((score) => ({ ...row, score }));
    const file = await written(...rows);
    const error = await withDataset(file, (dataset) => failureOf(recognise(dataset, { method: 'pointwise' })));
    expect(error.code).toBe('unrecognised-shape');
    expect(error.message).toContain('--map score_1_to_5=');
    const records = await read(rows, 'pointwise', { score_1_to_5: 'score' });
    expect(records.map((record) => (record as { score: number }).score)).toEqual([0, 2, 4, 3]);
  });
});

describe('what is not recognised', () => {
  it('names the shapes tried and the nearest one with the column it lacks', async () => {
    const file = await written({ prompt: 'a', chosen: 'b' });
    const error = await withDataset(file, (dataset) => failureOf(recognise(dataset, { method: 'bradley-terry' })));
    expect(error.code).toBe('missing-column');
    expect(error.message).toContain('"rejected"');
    expect(error.where).toEqual({ file, field: 'rejected' });
    expect(error.hint).toContain('Dialogue texts');
  });

  it('says which rows speak against the nearest shape', async () => {
    const file = await written({ prompt: 'a', response: 'b', score: 'good' });
    const error = await withDataset(file, (dataset) => failureOf(recognise(dataset, { method: 'pointwise' })));
    expect(error.code).toBe('unrecognised-shape');
    expect(error.hint).toContain('row 0, "score": "good" is not a number');
  });

  it('a map takes other column names; one that names what is not there is refused', async () => {
    const rows = [{ frage: 'a', gut: 'b', schlecht: 'c', chosen: 'decoy' }];
    const map = { prompt: 'frage', chosen: 'gut', rejected: 'schlecht' };
    expect(await read(rows, 'bradley-terry', map)).toMatchObject([{ prompt: [user('a')], chosen: [assistant('b')] }]);
    const file = await written(...rows);
    const missing = await withDataset(file, (dataset) => failureOf(recognise(dataset, { map: { prompt: 'nope' } })));
    expect(missing.code).toBe('missing-column');
    const unknown = await withDataset(file, (dataset) => failureOf(recognise(dataset, { map: { promt: 'frage' } })));
    expect(unknown.code).toBe('usage');
  });

  it('advice lists every method once, the fitting ones first, each with a reason', async () => {
    await withDataset(await written(...Array(3).fill({ prompt: 'a', chosen: 'b', rejected: 'c' })), async (dataset) => {
      const advice = adviseMethods(await recognise(dataset));
      expect(advice.map(({ method, fits }) => [method, fits])).toEqual([
        ['bradley-terry', true],
        ['pointwise', false],
        ['pairwise', false],
        ['sft', false],
      ]);
      expect(advice[0]?.reason).toContain('3 rows');
      expect(advice[1]?.reason).toContain('which the two sides stand for');
      expect(advice[2]?.reason).toContain('converted, they become compared responses');
    });
  });
});

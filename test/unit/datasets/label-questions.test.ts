import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AdvisedMethod, doDatasetTask } from '../../../src/core/tasks/dataset-task.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function fileOf(rows: readonly object[]): string {
  const file = path.join(temporaryFolder(), 'rows.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

async function advised(file: string, map?: Record<string, string>): Promise<readonly AdvisedMethod[]> {
  const task = { kind: 'advise', file, ...(map && { map }) } as const;
  const line = await doDatasetTask(task, new AbortController().signal, () => {});
  if (!('value' in line)) throw new Error(JSON.stringify(line));
  return (line.value as { methods: AdvisedMethod[] }).methods;
}

const of = (methods: readonly AdvisedMethod[], method: string) => methods.find((entry) => entry.method === method)!;

const labels = (values: readonly unknown[], more: object = {}) =>
  values.map((label, index) => ({
    question: `Question ${index}?`,
    response_1: `First answer ${index}.`,
    response_2: `Second answer ${index}.`,
    label,
    ...more,
  }));

const scores = (values: readonly unknown[], more: object = {}) =>
  values.map((score, index) => ({ prompt: `Question ${index}?`, response: `Answer ${index}.`, score, ...more }));

describe('labels that could mean two things', () => {
  it('are asked about, with what each reading would make of the sampled rows', async () => {
    const pairwise = of(await advised(fileOf(labels([0, 1, 2, 0, 1, 0]))), 'pairwise');
    expect(pairwise.question?.readings).toEqual([
      {
        column: 'label',
        meaning: '1 first, 2 second, 0 tie',
        evidence: 'of 6 sampled: first better: 2, second better: 1, tie: 3',
        map: { label_1_2_0: 'label' },
      },
      {
        column: 'label',
        meaning: '0 first, 1 second, 2 tie',
        evidence: 'of 6 sampled: first better: 3, second better: 2, tie: 1',
        map: { label_0_1_2: 'label' },
      },
    ]);
  });

  it('are asked about for preference pairs made of them too', async () => {
    const bradleyTerry = of(await advised(fileOf(labels([0, 1, 2, 0]))), 'bradley-terry');
    expect(bradleyTerry).toMatchObject({ fits: false, convertible: true, source: 'pairwise' });
    expect(bradleyTerry.question?.readings.length).toBe(2);
  });

  it('are no question once they are answered', async () => {
    const methods = await advised(fileOf(labels([0, 1, 2, 0])), { label_0_1_2: 'label' });
    expect(of(methods, 'pairwise')).toMatchObject({ fits: true });
    expect(methods.every(({ question }) => question === undefined)).toBe(true);
  });

  it('offer other columns with such values after the one that was recognised', async () => {
    const file = fileOf(labels([0, 1, 2, 0], { annotator: 1, note: 'fine', length: 120 }));
    const columns = of(await advised(file), 'pairwise').question?.readings.map(({ column }) => column);
    expect(columns).toEqual(['label', 'label', 'annotator', 'annotator']);
  });

  it('count what is on neither scale', async () => {
    const [reading] = of(await advised(fileOf(labels([1, 2, 0, 7]))), 'pairwise').question?.readings ?? [];
    expect(reading?.evidence).toBe('of 4 sampled: first better: 1, second better: 1, tie: 1, other values: 1');
  });

  it('are no question where they say A, B or tie', async () => {
    const rows = labels(['A', 'B', 'tie']).map(({ label, response_1, response_2, ...row }) => ({
      ...row,
      response_a: response_1,
      response_b: response_2,
      preferred: label,
    }));
    expect((await advised(fileOf(rows))).every(({ question }) => question === undefined)).toBe(true);
  });
});

describe('scores that seem to be from 1 to 5', () => {
  it('are asked about, and the answer makes them fit', async () => {
    const file = fileOf(scores([1, 2, 3, 4, 5, 5], { length: 80 }));
    const pointwise = of(await advised(file), 'pointwise');
    expect(pointwise).toMatchObject({ fits: false, convertible: true });
    expect(pointwise.question?.readings).toEqual([
      {
        column: 'score',
        meaning: 'scores from 1 (worst) to 5 (best), written as 0 to 4',
        evidence: 'of 6 sampled: 1: 1, 2: 1, 3: 1, 4: 1, 5: 2',
        map: { score_1_to_5: 'score' },
      },
    ]);
    expect(of(await advised(file, { score_1_to_5: 'score' }), 'pointwise')).toMatchObject({ fits: true });
  });

  it('are no question where they are from 0 to 4', async () => {
    const pointwise = of(await advised(fileOf(scores([0, 1, 2, 3, 4]))), 'pointwise');
    expect(pointwise.fits).toBe(true);
    expect(pointwise.question).toBeUndefined();
  });
});

it('what no method can be made of asks nothing', async () => {
  const methods = await advised(
    fileOf([
      { name: 'a', size: 1 },
      { name: 'b', size: 2 },
    ]),
  );
  expect(methods.some(({ convertible, question }) => convertible || question)).toBe(false);
});

it('every method names the layouts it can be written in, the usual one first', async () => {
  const methods = await advised(fileOf(labels([0, 1, 2])));
  expect(methods.map(({ dialects }) => dialects[0]?.id)).toEqual(['own', 'own', 'own', 'own']);
});

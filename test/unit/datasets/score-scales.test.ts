import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/core/datasets/recognise.ts';
import { failureOf, suiteFolder, withDataset, writeJsonl } from './files.ts';

const folder = suiteFolder();
let files = 0;

async function written(...rows: unknown[]): Promise<string> {
  return writeJsonl(path.join(folder(), `rows${files++}.jsonl`), rows);
}

describe('the scale of scores', () => {
  const fitsAs = async (scores: readonly unknown[], more: object = {}) =>
    withDataset(
      await written(...scores.map((score) => ({ prompt: 'a', response: 'b', score, ...more }))),
      async (dataset) => {
        const { candidates } = await recognise(dataset);
        return candidates.find(({ fits, method }) => fits && method === 'pointwise')?.id;
      },
    );

  it.each([
    ['0 to 4', [0, 1, 2, 3, 4], 'scored-responses'],
    ['0 to 4 with a slip of the pen', [0, 0, 1, 4, 3, 5], 'scored-responses'],
    ['1 to 5', [1, 2, 3, 4, 5], undefined],
    ['1 to 5 with a zero for "not rated"', [1, 5, 3, 4, 5, 0], undefined],
    ['0 to 5', [0, 1, 2, 3, 4, 5], undefined],
    ['1 to 10', [1, 9, 10, 8, 7, 5], undefined],
  ])('%s', async (_, scores, shape) => {
    expect(await fitsAs(scores)).toBe(shape);
  });

  it('beside a rubric is 1 to 5, but not where there are zeros', async () => {
    const rubric = { instruction: 'a', rubric: 'Is it right?' };
    expect(await fitsAs([1, 5, 3], rubric)).toBe('feedback-collection');
    expect(await fitsAs([1, 4, 3, 0], rubric)).toBe('scored-responses');
  });

  it('that ends at 10 is not said to be 1 to 5', async () => {
    const file = await written(...[1, 9, 10, 8, 7, 5].map((score) => ({ prompt: 'a', response: 'b', score })));
    const error = await withDataset(file, (dataset) => failureOf(recognise(dataset, { method: 'pointwise' })));
    expect(error.message).not.toContain('1 to 5');
    expect(error.hint).toContain('9 is not a whole number from 0 to 4');
  });
});

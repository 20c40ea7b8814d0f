import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviseMethods, recognise } from '../../../src/core/datasets/recognise.ts';
import {
  failureOf,
  PANDALM,
  realData,
  realDataIsThere,
  suiteFolder,
  withDataset,
  writeJsonl,
  writeParquet,
} from './files.ts';

const folder = suiteFolder();
let files = 0;

async function adviceFor(rows: readonly unknown[]) {
  const file = await writeJsonl(path.join(folder(), `advice${files++}.jsonl`), rows);
  const advice = await withDataset(file, async (dataset) => adviseMethods(await recognise(dataset)));
  return Object.fromEntries(advice.map(({ method, reason }) => [method, reason]));
}

const compared = (preferred: string) => ({ prompt: 'q', response_a: 'x', response_b: 'y', preferred });

describe('advice', () => {
  it('counts the labels of comparisons, and the ties that pairs would lose', async () => {
    const advice = await adviceFor(['A', 'A', 'B', 'tie'].map(compared));
    expect(advice.pairwise).toContain('4 rows of compared responses');
    expect(advice.pairwise).toContain('of 4 sampled: A: 2, B: 1, tie: 1');
    expect(advice['bradley-terry']).toContain('ties are dropped (1 of 4 sampled are ties)');
  });

  it('says that pairs hold no scores, and that comparisons of them lose the margins', async () => {
    const pair = { prompt: 'q', chosen: 'x', rejected: 'y' };
    const advice = await adviceFor([{ ...pair, margin: 2 }, pair]);
    expect(advice['bradley-terry']).toContain('of 2 sampled: 1 with a margin');
    expect(advice.pointwise).toContain('preference pairs hold no scores to map to 0 to 4');
    expect(advice.pairwise).toContain('the margins of 1 of 2 sampled are lost');
    expect(advice.sft).toContain('the rejected responses are lost');
  });

  it('counts scores', async () => {
    const advice = await adviceFor([0, 4, 4].map((score) => ({ prompt: 'q', response: 'x', score })));
    expect(advice.pointwise).toContain('of 3 sampled: 0: 1, 4: 2');
  });

  it('asks what numeric labels mean, with the option to type, and does not count them before', async () => {
    const advice = await adviceFor(
      [0, 1, 2].map((label) => ({ prompt: 'q', response_1: 'x', response_2: 'y', label })),
    );
    expect(advice.pairwise).toContain('once you say what the labels mean: --map label_0_1_2=label (0 first');
    expect(advice.pairwise).toContain('--map label_1_2_0=label (1 first');
    expect(advice.pairwise).not.toContain('tie: 1');
    expect(advice['bradley-terry']).toContain('say what the labels mean first');
  });

  it('asks for the scale of scores that may be from 1 to 5, by the name of their column', async () => {
    const advice = await adviceFor([1, 3, 5].map((rating) => ({ prompt: 'q', response: 'x', rating })));
    expect(advice.pointwise).toContain('--map score_1_to_5=rating (1 becomes 0, 5 becomes 4)');
    expect(advice['bradley-terry']).toBe('the rows seem to be scored responses: say first how to read these');
  });

  it('says how many records several of a row are', async () => {
    const advice = await adviceFor([{ prompt: 'q', chosen: ['a', 'b'], rejected: ['c', 'd', 'e'] }]);
    expect(advice['bradley-terry']).toContain('1 row of preference pairs, 6 in the 1 sampled');
  });

  it('sends scores and comparisons to SFT by way of pairs', async () => {
    const advice = await adviceFor([compared('A'), compared('B')]);
    expect(advice.sft).toContain('converted to preference pairs first');
  });

  it('sends only conversations to SFT first', async () => {
    const turns = ['user', 'assistant', 'user', 'assistant'].map((role) => ({ role, content: 'x' }));
    const advice = await adviceFor([{ messages: turns }]);
    expect(advice.sft).toMatch(/1 of several turns.*SFT comes first/);
    expect(advice['bradley-terry']).toContain('no second response and no label: SFT first');
  });

  it('says of known rows that train nothing why not', async () => {
    const row = { data_source: 'gsm8k', prompt: [{ role: 'user', content: 'q' }], reward_model: { ground_truth: '5' } };
    const advice = await adviceFor([row]);
    for (const reason of Object.values(advice)) expect(reason).toContain('without a response or a label');
    const file = await writeJsonl(path.join(folder(), 'rl.jsonl'), [row]);
    const error = await withDataset(file, (dataset) => failureOf(recognise(dataset, { method: 'bradley-terry' })));
    expect(error.code).toBe('unrecognised-shape');
    expect(error.message).toContain('ground truth');
    expect(error.hint).toContain('Have a policy answer them');
  });

  it.skipIf(!realDataIsThere)('PandaLM: the sampled ties are counted', async () => {
    const advice = await withDataset(realData(PANDALM), async (dataset) => adviseMethods(await recognise(dataset)));
    expect(advice[0]?.reason).toMatch(/999 rows of compared responses .*of 200 sampled: A: \d+, B: \d+, tie: \d+/);
  });
});

describe('columns of any encoding', () => {
  it('JSON text and dictionary-encoded text in Parquet are read like native lists', async () => {
    const input = JSON.stringify([{ role: 'user', content: 'q' }]);
    const output = JSON.stringify([{ answer: { role: 'assistant', content: 'x', label: { helpfulness: 3 } } }]);
    const rows = 50;
    const file = await writeParquet(path.join(folder(), 'dictionary.parquet'), [
      { name: 'input', data: Array(rows).fill(input), type: 'STRING', encoding: 'RLE_DICTIONARY' },
      { name: 'output', data: Array(rows).fill(output), type: 'STRING' },
    ]);
    const [best] = await withDataset(file, async (dataset) => adviseMethods(await recognise(dataset)));
    expect(best).toMatchObject({ method: 'pointwise', format: 'judge-pointwise' });
    expect(best?.reason).toContain('of 50 sampled: 3: 50');
  });
});

/** `explain` and `compare` from a terminal. */

import path from 'node:path';
import { expect, it } from 'vitest';
import { chat, ScriptedEndpoint } from '../../scripted-endpoint.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXAMPLES, runCli, runCliJson } from './run-cli.ts';

it('an embedded model explains a score by sentences, compares two responses and ranks three', async () => {
  const folder = temporaryFolder();
  await runCli(folder, ['train', path.join(EXAMPLES, 'bradley-terry', 'train.parquet'), '--name', 'support']);
  const prompt = ['--prompt', 'Where is my parcel?'];
  const good = 'I am sorry for the wait. It left Leeds today. It arrives tomorrow.';
  const explained = await runCliJson<{ value: number; sentences: { text: string; contribution: number }[] }>(folder, [
    ...['explain', 'support', ...prompt, '--response', good],
  ]);
  expect(explained.sentences.map(({ text }) => text).join('')).toBe(good);
  const { grades } = await runCliJson<{ grades: { score: number }[] }>(folder, [
    ...[
      'grade',
      'support',
      ...prompt,
      '--response',
      good,
      '--response',
      'I am sorry for the wait. It arrives tomorrow.',
    ],
  ]);
  expect(explained.value).toBeCloseTo(grades[0]!.score, 10);
  expect(explained.sentences[1]!.contribution).toBeCloseTo(grades[0]!.score - grades[1]!.score, 10);
  const told = await runCli(folder, ['explain', 'support', ...prompt, '--response', good]);
  expect(told.stdout).toMatch(
    /score .*each sentence by how much lower[\s\S]*[+\u2212]\d\.\d{3} +It left Leeds today\./,
  );
  const pair = await runCli(folder, ['compare', 'support', ...prompt, '--response', good, '--response', 'No.']);
  expect(pair.stdout).toMatch(/verdict: [AB] \(margin .* of A over B, reward \(logit\), probability of A 0\.\d\d\)/);
  const three = await runCliJson<{ by: string; ranked: { index: number; rank: number; score: number }[] }>(folder, [
    ...['compare', 'support', ...prompt, '--response', 'No.', '--response', good, '--response', 'Soon.'],
  ]);
  expect(three.by).toBe('score');
  expect(three.ranked.map(({ rank }) => rank)).toEqual([1, 2, 3]);
  const one = await runCli(folder, ['compare', 'support', ...prompt, '--response', good]);
  expect(one.stderr).toMatch(/Only one response is given/);
});

it('a judge that scores is asked for each response, and its scores make the verdict', async () => {
  const folder = temporaryFolder();
  const endpoint = await ScriptedEndpoint.start((response, question) => {
    const { content } = question.body.messages[0];
    chat(`<score>${content.includes('Leeds') ? 4 : 1}</score>`)(response, question);
  });
  try {
    await runCli(folder, [
      ...['graders', 'add', 'judge', '--kind', 'judge-endpoint', '--url', endpoint.origin],
      ...['--model', 'm', '--method', 'pointwise'],
    ]);
    const args = ['--grader', 'judge', '--prompt', 'Where?', '--response'];
    const compared = await runCliJson(folder, ['compare', ...args, 'Soon.', '--response', 'In Leeds.']);
    expect(compared).toMatchObject({ verdict: 'B', margin: -3, probability: null });
    const explained = await runCliJson(folder, ['explain', ...args, 'Hello there. In Leeds.']);
    expect(explained).toMatchObject({ value: 4, sentences: [{ contribution: 0 }, { contribution: 3 }] });
  } finally {
    await endpoint.close();
  }
});

/** What "Export Grader" writes, run where it is meant to run: inside the OpenJudge library, and as a script. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { root } from '../../scripts/main.mjs';
import { runCliJson } from '../unit/cli/run-cli.ts';

const TOKEN = 'a-token-of-the-test';
const PYTHON = path.join(root, 'python');
const HERE = path.join(root, 'test/openjudge');

const trl = await interpreter('python-trl');
const openjudge = await interpreter('python-openjudge');

interface Graded {
  readonly type: 'GraderScore' | 'GraderRank' | 'GraderError';
  readonly score?: number;
  readonly rank?: readonly number[];
  readonly reason: string;
  readonly error?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A line that the script prints. */
interface Told {
  readonly reward?: number;
  readonly verdict?: unknown;
  readonly error?: string;
  readonly raw?: string;
}

let folder: string;
let rewardUrl: string;
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-openjudge-'));
  endings.push(async () => rmSync(folder, { recursive: true, force: true }));
  await execa(trl, [path.join(HERE, 'make_models.py'), folder], { env: { PYTHONPATH: PYTHON } });
  for (const model of ['reward', 'pointwise', 'pairwise'])
    for (const form of ['openjudge', 'script'] as const) await exported(model, form);
  rewardUrl = await serve('reward');
});

afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

async function interpreter(name: string): Promise<string> {
  const found = await findPythonPackages(name);
  if (!found) throw new Error(`The environment ${name} is not there: npm test -- openjudge makes it.`);
  return found;
}

/** Serves a model as a person does; answers its address. */
async function serve(model: string): Promise<string> {
  const started = execa(trl, ['-m', 'reward_studio', 'serve', path.join(folder, model), '--device', 'cpu'], {
    env: { PYTHONPATH: PYTHON, REWARD_STUDIO_SERVE_TOKEN: TOKEN, HF_HUB_OFFLINE: '1' },
    stdin: 'pipe',
    reject: false,
  });
  endings.push(() => {
    started.kill();
    return started;
  });
  const [ready] = (await once(started.stdout, 'data')) as [Buffer];
  return (JSON.parse(ready.toString()) as { url: string }).url;
}

const exported = (model: string, form: 'openjudge' | 'script') =>
  runCliJson(folder, [
    ...['graders', 'export', path.join(folder, model)],
    ...['--form', form, '--out', moduleOf(model, form)],
  ]);

const moduleOf = (model: string, form: 'openjudge' | 'script') => path.join(folder, `${model}_${form}.py`);

async function gradeInOpenJudge(model: string, name: string, asked: object): Promise<Graded[]> {
  const program = [path.join(HERE, 'grade_rows.py'), moduleOf(model, 'openjudge'), name];
  const { stdout } = await execa(openjudge, program, {
    input: JSON.stringify({ options: {}, ...asked }),
    env: { HF_HUB_OFFLINE: '1' },
  });
  return JSON.parse(stdout.split('\n').at(-1)!) as Graded[];
}

async function runScript(model: string, args: readonly string[], rows: readonly object[]): Promise<Told[]> {
  const { stdout } = await execa(trl, [moduleOf(model, 'script'), ...args], {
    input: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    env: { HF_HUB_OFFLINE: '1', GRADER_API_KEY: TOKEN },
  });
  return stdout.split('\n').map((line) => JSON.parse(line) as Told);
}

/** A judge of OpenAI's chat API that answers what `answer` says to the text that it is asked. */
async function scriptedJudge(answer: (text: string) => string): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString()) as { messages: { content: string }[] };
    const message = { role: 'assistant', content: answer(body.messages[0]!.content) };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'answer',
        object: 'chat.completion',
        created: 0,
        model: 'judge',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server };
}

const ROWS = [
  { query: 'question', response: 'good clear answer' },
  { query: 'question', response: 'bad rude answer' },
  {
    query: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ],
    response: [{ role: 'assistant', content: 'été 😀 "quoted"' }],
  },
];

describe('a reward model', () => {
  test('gives the same rewards served, in the process of OpenJudge, and as a script', async () => {
    const { stdout: packages } = await execa(trl, ['-c', 'import site; print(site.getsitepackages()[0])']);
    const [served, inProcess, script] = await Promise.all([
      gradeInOpenJudge('reward', 'RewardGrader', { rows: ROWS, options: { base_url: rewardUrl, api_key: TOKEN } }),
      gradeInOpenJudge('reward', 'RewardGrader', { rows: ROWS, packages: [packages] }),
      runScript('reward', [], ROWS),
    ]);
    expect(served.map(({ type }) => type)).toEqual(['GraderScore', 'GraderScore', 'GraderScore']);
    expect(new Set(served.map(({ score }) => score)).size).toBe(3);
    for (const [index, { score, metadata, reason }] of served.entries()) {
      expect(inProcess[index]!.score).toBeCloseTo(score!, 4);
      expect(script[index]!.reward).toBeCloseTo(score!, 4);
      expect(metadata).toMatchObject({ scale: 'logit-within-prompt', percentile: expect.any(Number) });
      expect(reason).toMatch(/^Reward -?\d+\.\d{3} \(logit, compares responses to one prompt\); percentile \d+/);
    }
  });

  test('ranks the responses to one prompt, and says where two are equal', async () => {
    const responses = ['good clear answer', 'bad rude answer', 'good clear answer'];
    const [graded] = await gradeInOpenJudge('reward', 'RewardRanker', {
      rows: [{ query: 'question', responses }],
      options: { base_url: rewardUrl, api_key: TOKEN },
    });
    const rewards = graded!.metadata.rewards as number[];
    expect(graded).toMatchObject({ type: 'GraderRank', metadata: { tied: true } });
    expect(rewards[0]).toBe(rewards[2]);
    expect(graded!.rank).toEqual(rewards[0]! > rewards[1]! ? [1, 3, 2] : [2, 1, 3]);
  });

  test('a server that refuses or is not there is an error of each row, and no score', async () => {
    const refused = await gradeInOpenJudge('reward', 'RewardGrader', { rows: ROWS, options: { base_url: rewardUrl } });
    expect(refused.map(({ type }) => type)).toEqual(['GraderError', 'GraderError', 'GraderError']);
    expect(refused[0]!.error).toMatch(/answered 401: .*token is missing/);
    const gone = await gradeInOpenJudge('reward', 'RewardGrader', {
      rows: ROWS.slice(0, 1),
      options: { base_url: 'http://127.0.0.1:9' },
    });
    expect(gone[0]).toMatchObject({ type: 'GraderError', error: expect.stringContaining('refused') });
  });
});

describe('a judge', () => {
  test('pointwise: its verdicts are scores from 0 to 4, what holds none is an error with what it wrote', async () => {
    const { url, server } = await scriptedJudge((text) => {
      const response = /# Response\n([\s\S]*?)\n\n# Output/.exec(text)![1]!;
      if (response === 'good') return '<think>Could be <score>1</score>.</think>\nClear.\n<score> 4/4 </score>';
      return response === 'bad' ? '<score>0</score>' : 'I would say 3 out of 4.';
    });
    const rows = ['good', 'bad', 'odd'].map((response) => ({ query: 'q', response }));
    const chat = { model: 'judge', base_url: url, api_key: 'none' };
    const graded = await gradeInOpenJudge('pointwise', 'PointwiseGrader', { rows, chat });
    const script = await runScript('pointwise', ['--url', url], rows);
    server.close();
    expect(graded[0]).toMatchObject({ type: 'GraderScore', score: 4, metadata: { scale: 'score-0-4' } });
    expect(graded[0]!.reason).toContain('Clear.');
    expect(graded[1]).toMatchObject({ type: 'GraderScore', score: 0 });
    expect(graded[2]).toMatchObject({ type: 'GraderError', metadata: { raw: 'I would say 3 out of 4.' } });
    expect(script.map(({ verdict }) => verdict)).toEqual([4, 0, null]);
    expect(script[2]).toMatchObject({ error: 'no verdict', raw: 'I would say 3 out of 4.' });
  });

  test('pairwise: both orders are asked, and a verdict that follows the order is a tie', async () => {
    const { url, server } = await scriptedJudge((text) => {
      const [, a, b] = /# Response A\n([\s\S]*?)\n\n# Response B\n([\s\S]*?)\n\n# Output/.exec(text)!;
      if (a === 'same' || b === 'same') return '<better>A</better>';
      return a === b ? '<better>tie</better>' : `<better>${a === 'good' ? 'A' : 'B'}</better>`;
    });
    const pair = (response_a: string, response_b: string) => ({ query: 'q', response_a, response_b });
    const rows = [pair('good', 'bad'), pair('bad', 'good'), pair('bad', 'bad'), pair('same', 'good')];
    const chat = { model: 'judge', base_url: url, api_key: 'none' };
    const graded = await gradeInOpenJudge('pairwise', 'PairwiseGrader', { rows, chat });
    server.close();
    expect(graded.map(({ score }) => score)).toEqual([1, -1, 0, 0]);
    expect(graded.map(({ metadata }) => metadata.verdict)).toEqual(['A', 'B', 'tie', 'tie']);
    expect(graded.map(({ metadata }) => metadata.agreed)).toEqual([true, true, true, false]);
  });

  test('a served transformer is asked, and its gibberish is an error', async () => {
    const url = await serve('pairwise');
    const rows = [{ query: 'q', response_a: 'good', response_b: 'bad' }];
    const chat = { model: 'pairwise', base_url: `${url}/v1`, api_key: TOKEN };
    const [[graded], [script]] = await Promise.all([
      gradeInOpenJudge('pairwise', 'PairwiseGrader', { rows, chat }),
      runScript('pairwise', [], rows),
    ]);
    expect(graded!.type).toBe('GraderError');
    expect(script).toMatchObject({ verdict: null, error: 'no verdict', raw: graded!.metadata.raw });
  });
});

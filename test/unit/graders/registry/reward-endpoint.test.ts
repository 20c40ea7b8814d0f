/** Reward heads behind servers: each API's own form of question and answer, and what is no reward. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeError } from '../../../../src/core/errors.ts';
import type { GradeRequest } from '../../../../src/core/graders/grader.ts';
import { answering, json, type Reply, ScriptedEndpoint } from '../../../scripted-endpoint.ts';
import { openEntry } from './open-entry.ts';

const request: GradeRequest = {
  prompt: [{ role: 'user', content: 'Where is my parcel?' }],
  response: [{ role: 'assistant', content: 'It left Leeds today.' }],
};
const pair: GradeRequest = { ...request, sibling: [{ role: 'assistant', content: 'Soon.' }] };
const turns = [...request.prompt, ...request.response];

let endpoint: ScriptedEndpoint;
beforeEach(async () => {
  endpoint = await ScriptedEndpoint.start();
});
afterEach(() => endpoint.close());

const reward = (api: string, more: object = {}) =>
  openEntry({ name: 'bt', kind: 'reward-endpoint', url: endpoint.origin, api, ...more });

describe.each([
  [
    'vllm-classify',
    '/classify',
    { messages: turns, use_activation: false },
    { data: [{ index: 0, label: 'LABEL_0', probs: [1.5], num_classes: 1 }] },
    { data: [{ index: 0, label: 'LABEL_1', probs: [0.2, 0.8], num_classes: 2 }] },
  ],
  [
    'reward-studio',
    '/classify',
    { messages: turns, use_activation: false },
    { data: [{ probs: [1.5] }] },
    { data: [{ probs: [] }] },
  ],
  [
    'vllm-score',
    '/score',
    { text_1: 'Where is my parcel?', text_2: 'It left Leeds today.', use_activation: false },
    { data: [{ index: 0, object: 'score', score: 1.5 }] },
    { data: [] },
  ],
  [
    'vllm-pooling',
    '/pooling',
    { messages: turns, use_activation: false },
    { data: [{ index: 0, object: 'pooling', data: [[1.5]] }] },
    { data: [{ index: 0, object: 'pooling', data: [[1.5], [0.2], [0.3]] }] },
  ],
  [
    'tei-predict',
    '/predict',
    { inputs: [['Where is my parcel?', 'It left Leeds today.']], raw_scores: true, truncate: false },
    [[{ score: 1.5, label: 'LABEL_0' }]],
    [
      [
        { score: 1.5, label: 'a' },
        { score: 0.1, label: 'b' },
      ],
    ],
  ],
])('the API %s', (api, path, body, answer, other) => {
  it('is asked for the plain number of the head', async () => {
    endpoint.replies = [json(answer)];
    const grade = await (await reward(api, { model: 'm' })).grade(request);
    expect(grade).toMatchObject({ score: 1.5, scale: 'logit-within-prompt', provenance: { method: 'bradley-terry' } });
    expect(grade.label).toBeUndefined();
    expect(endpoint.asked.map((asked) => [asked.path, asked.body])).toEqual([[path, { model: 'm', ...body }]]);
  });

  it('that answers with anything but one number gives no grade', async () => {
    endpoint.replies = [json(other)];
    const error = await (await reward(api)).grade(request).catch((thrown: unknown) => thrown);
    expect(describeError(error)).toMatch(/The answer of the endpoint has (\d numbers for one text|another form)/);
  });
});

describe('a reward endpoint', () => {
  const byLength: Reply = answering(({ body }) => ({ data: [{ probs: [body.messages.at(-1).content.length / 10] }] }));

  it('is asked for both responses of a pair: their difference is the margin', async () => {
    endpoint.replies = [byLength];
    const grade = await (await reward('vllm-classify')).grade(pair);
    expect(grade.comparison!.margin).toBeCloseTo(1.5, 10);
    expect(grade.comparison).toMatchObject({
      verdict: 'better',
      probability: 1 / (1 + Math.exp(-grade.comparison!.margin)),
    });
  });

  it('of scores from 0 to 4 says so, with no probability of a difference; what leaves the scale is told', async () => {
    endpoint.replies = [json({ data: [{ probs: [4.4] }] }), json({ data: [{ probs: [1.4] }] })];
    const grade = await (await reward('vllm-classify', { scale: 'score-0-4' })).grade(pair);
    expect(grade).toMatchObject({
      score: 4.4,
      label: 4,
      scale: 'score-0-4',
      notes: [expect.stringMatching(/outside of its scale/)],
    });
    expect(grade.comparison).toEqual({ margin: expect.closeTo(3, 5), verdict: 'better' });
  });

  it('of a prompt that is not known is asked with an empty one', async () => {
    endpoint.replies = [byLength];
    await (await reward('vllm-classify')).grade({ ...request, prompt: [] });
    expect(endpoint.asked[0]!.body.messages[0]).toEqual({ role: 'user', content: '' });
  });

  it('sends the key that it names to its own origin, and fails without asking where that is not set', async () => {
    endpoint.replies = [byLength];
    const asked: string[][] = [];
    const get = async (...names: string[]) => {
      asked.push(names);
      return 'the-value';
    };
    const keys = { get, howToSet: () => 'Set it.' };
    await (
      await openEntry(
        { name: 'bt', kind: 'reward-endpoint', url: endpoint.origin, api: 'vllm-classify', key: 'gpu-box' },
        { keys },
      )
    ).grade(request);
    expect(asked).toEqual([['gpu-box', endpoint.origin]]);
    expect(endpoint.asked[0]!.headers.authorization).toBe('Bearer the-value');
    const error = await (await reward('vllm-classify', { key: 'gpu-box' }))
      .grade(request)
      .catch((thrown: unknown) => thrown);
    expect(describeError(error)).toMatch(/The key "gpu-box" for 127\.0\.0\.1:\d+ is not set\. Set gpu-box\./);
    expect(endpoint.asked).toHaveLength(1);
  });

  it('on another machine without encryption is not opened, unless the grader allows it', async () => {
    const entry = { name: 'bt', kind: 'reward-endpoint', url: 'http://gpu-box:8000', api: 'vllm-classify' } as const;
    const error = await openEntry(entry).catch((thrown: unknown) => thrown);
    expect(describeError(error)).toMatch(/sends texts to gpu-box:8000 without encryption\. Use https/);
    await expect(openEntry({ ...entry, allow_http: true })).resolves.toBeDefined();
  });
});

describe('a model of the editor', () => {
  const entry = { name: 'lm', kind: 'editor-model', model: 'some-model', method: 'pairwise' } as const;

  it('is allowed once for each grade, and asked in both orders', async () => {
    const opened: unknown[] = [];
    const said = ['<better>A</better>', '<better>B</better>'];
    const editorModels = {
      open: async (...given: unknown[]) => {
        opened.push(given.slice(0, 2));
        return { ask: async () => said.shift()! };
      },
    };
    const grade = await (await openEntry(entry, { editorModels })).grade(pair);
    expect(grade).toMatchObject({ label: 'A', provenance: { model: 'some-model in the editor' } });
    expect(opened).toEqual([[{ model: 'some-model', vendor: undefined }, 'lm']]);
  });

  it('is not there in a terminal', async () => {
    const error = await (await openEntry(entry)).grade(pair).catch((thrown: unknown) => thrown);
    expect(describeError(error)).toMatch(/is a model of the editor, and there is none here\. Use it inside VS Code\./);
  });
});

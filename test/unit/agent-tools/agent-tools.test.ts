/** The tools for agents, asked over the Model Context Protocol by its own client, as an agent asks. */

import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { AGENT_TOOLS } from '../../../src/core/agent-tools/tools.ts';
import { CLI, EXAMPLES, runCliJson } from '../cli/run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const DATA = 'bradley-terry/train.parquet';
const RUN = 'bradley-terry-train';
const SECRET = 'the-secret-of-a-cell';

async function connect(folder: string): Promise<{ client: Client; transport: StdioClientTransport }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp', '--folder', folder],
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { client, transport };
}

function workspace(): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'bradley-terry'));
  copyFileSync(path.join(EXAMPLES, DATA), path.join(folder, DATA));
  return folder;
}

interface Answer {
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
}

const ask = async (client: Client, name: string, input: Record<string, unknown>): Promise<Answer> =>
  (await client.callTool({ name, arguments: input })) as unknown as Answer;

test('VS Code is told of the same tools, with the same inputs', () => {
  const declared = packageJson.contributes.languageModelTools;
  expect(
    declared.map(({ name, displayName, modelDescription, inputSchema }) => ({
      name,
      displayName,
      modelDescription,
      inputSchema,
    })),
  ).toEqual(
    AGENT_TOOLS.map(({ name, title, description, input }) => {
      const { $schema: _, ...inputSchema } = z.toJSONSchema(input, { target: 'draft-7', io: 'input' });
      return { name: `reward_studio_${name}`, displayName: title, modelDescription: description, inputSchema };
    }),
  );
});

test('every tool says that it only reads', async () => {
  const { client } = await connect(workspace());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(AGENT_TOOLS.map(({ name }) => name));
  for (const { annotations } of tools) expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
});

test('a dataset is described without the contents of its cells', async () => {
  const folder = workspace();
  const rows = [1, 2, 3].map((n) =>
    JSON.stringify({ prompt: `${SECRET} ${n}`, chosen: `${SECRET} a`, rejected: `${SECRET} b${n}` }),
  );
  writeFileSync(path.join(folder, 'pairs.jsonl'), `${rows.join('\n')}\n`);
  const { client } = await connect(folder);
  const { structuredContent, content } = await ask(client, 'describe_dataset', { path: 'pairs.jsonl' });
  expect(structuredContent).toMatchObject({ rows: 3, kind: 'jsonl', files: [{ path: 'pairs.jsonl' }] });
  expect(structuredContent!.columns).toMatchObject([{ name: 'prompt' }, { name: 'chosen' }, { name: 'rejected' }]);
  expect(structuredContent!.methods).toMatchObject([{ method: 'bradley-terry', fits: true }, {}, {}, {}]);
  expect(JSON.parse(content[0]!.text)).toEqual(structuredContent);
  expect(content[0]!.text).not.toContain(SECRET);
});

test('a file outside of the workspace is refused, whichever way it is named', async () => {
  const outside = temporaryFolder();
  writeFileSync(path.join(outside, 'pairs.jsonl'), '{"prompt": "a", "chosen": "b", "rejected": "c"}\n');
  const folder = workspace();
  symlinkSync(path.join(outside, 'pairs.jsonl'), path.join(folder, 'link.jsonl'));
  mkdirSync(path.join(folder, '..sibling'));
  writeFileSync(path.join(folder, '..sibling/pairs.jsonl'), '{"prompt": "a", "chosen": "b", "rejected": "c"}\n');
  const { client } = await connect(folder);
  for (const asked of [
    path.join(outside, 'pairs.jsonl'),
    path.relative(folder, path.join(outside, 'pairs.jsonl')),
    'link.jsonl',
  ]) {
    const { isError, content } = await ask(client, 'describe_dataset', { path: asked });
    expect(isError).toBe(true);
    expect(content[0]!.text).toContain('outside of the workspace');
  }
  const gone = await ask(client, 'describe_dataset', { path: 'gone.parquet' });
  expect(gone.content[0]!.text).toContain('There is no such file in the workspace.');
  expect((await ask(client, 'describe_dataset', { path: '..sibling/pairs.jsonl' })).isError).toBeUndefined();
});

test('grading without a model, or with a wrong name, says so', async () => {
  const { client } = await connect(workspace());
  const none = await ask(client, 'grade_response', { prompt: 'Hello', response: 'Hi.' });
  expect(none).toMatchObject({ isError: true });
  expect(none.content[0]!.text).toContain('There is no finished run whose model can grade.');
  const unknown = await ask(client, 'grade_response', { prompt: 'Hello', response: 'Hi.', grader: 'nobody' });
  expect(unknown.content[0]!.text).toContain('nobody');
});

test('grades and comparisons are those of the command line, with scale and percentile', async () => {
  const folder = workspace();
  await runCliJson(folder, ['train', DATA, '--method', 'bt']);
  const { client } = await connect(folder);
  const prompt = 'My kettle arrived cracked. What now?';
  const [a, b] = ['Open Orders, choose the kettle, then Report a problem.', 'We value your feedback.'];
  const told = await runCliJson<{ grades: { score: number; comparison: { margin: number } }[] }>(folder, [
    ...['grade', RUN, '--prompt', prompt, '--response', a!, '--response', b!],
  ]);
  const graded = await ask(client, 'grade_response', { prompt, response: a });
  expect(graded.structuredContent).toMatchObject({
    grader: RUN,
    method: 'Bradley-Terry',
    score: told.grades[0]!.score,
    scale: 'logit-within-prompt',
    percentile_in_training_data: expect.any(Number),
  });
  const { margin } = told.grades[0]!.comparison;
  const compared = await ask(client, 'compare_responses', { prompt, response_a: a, response_b: b, grader: RUN });
  expect(compared.structuredContent).toMatchObject({ margin, verdict: margin > 0 ? 'A' : 'B' });
  expect(compared.structuredContent!.probability_a_is_better).toBeCloseTo(1 / (1 + Math.exp(-margin)), 6);
  const swapped = await ask(client, 'compare_responses', { prompt, response_a: b, response_b: a });
  expect(swapped.structuredContent).toMatchObject({ verdict: margin > 0 ? 'B' : 'A' });
  const status = await ask(client, 'training_status', {});
  expect(status.structuredContent!.runs).toMatchObject([
    { name: RUN, status: 'finished', evaluation: { n: expect.any(Number) } },
  ]);
  const one = await ask(client, 'training_status', { run: RUN });
  expect(one.structuredContent).toMatchObject({ run: { name: RUN, settings: expect.any(Object) } });
});

test('an input that lacks a field is an error of the tool, and the server goes on', async () => {
  const { client } = await connect(workspace());
  const answer = await ask(client, 'grade_response', { prompt: 'Hello' }).catch((error: Error) => error);
  expect(JSON.stringify(answer instanceof Error ? answer.message : answer)).toMatch(/response/);
  expect((await ask(client, 'describe_dataset', { path: DATA })).structuredContent).toMatchObject({
    kind: 'parquet',
  });
});

test('its process ends with its client', async () => {
  const { client, transport } = await connect(workspace());
  const { pid } = transport;
  await client.close();
  await expect.poll(() => isThere(pid!), { timeout: 20_000 }).toBe(false);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

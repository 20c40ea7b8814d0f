/**
 * What our client adds to a call of an endpoint: limits, retries, reading and checking the answer. The same question is
 * asked of one server on loopback, a process of its own, by a bare `fetch` and by the client, in turn.
 */

import { once } from 'node:events';
import os from 'node:os';
import { execa } from 'execa';
import { EndpointClient } from '../../src/core/graders/endpoint/endpoint-client.ts';
import { answerOf, chatCompletionSchema } from '../../src/core/graders/judge/chat-completion.ts';
import type { BenchRow } from './embedded-accuracy.ts';

const ROUNDS = 15;
const CALLS = 200;
const MOST_MS = 1;
/** A question of 300 words, and what a judge answers with its reasoning. */
const QUESTION = { model: 'm', messages: [{ role: 'user', content: 'which of these words matter '.repeat(60) }] };
const ANSWER = JSON.stringify({
  choices: [{ message: { content: `<think>${'it says what to do '.repeat(40)}</think>\n<score>3</score>` } }],
});
const SERVER = `
const answer = ${JSON.stringify(ANSWER)};
const server = require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
`;

export async function endpointOverheadBench(): Promise<BenchRow[]> {
  const server = execa(process.execPath, ['-e', SERVER], { stdin: 'pipe', buffer: false, reject: false });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    return [await measure(`http://127.0.0.1:${line.toString().trim()}`)];
  } finally {
    server.kill();
    await server;
  }
}

async function measure(origin: string): Promise<BenchRow> {
  const limits = { timeout_s: 60, retries: 3, concurrency: 4 };
  const client = new EndpointClient({ base: new URL(origin), limits, key: async () => 'a-key' });
  const ask = async () => answerOf(await client.post('v1/chat/completions', QUESTION, chatCompletionSchema)).text;
  const bare = async () => {
    const response = await fetch(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-key' },
      body: JSON.stringify(QUESTION),
    });
    return ((await response.json()) as typeof chatCompletionSchema._output).choices[0]!.message.content;
  };
  if ((await ask()) !== (await bare())) throw new Error('The client and a bare fetch read different answers.');
  await block(bare);
  await block(ask);
  const rounds: { readonly bare: Times; readonly ask: Times }[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push({ bare: await block(bare), ask: await block(ask) });
  const wall = median(rounds.map((round) => round.ask.wallMs - round.bare.wallMs));
  const cpu = median(rounds.map((round) => round.ask.cpuMs - round.bare.cpuMs));
  const own = median(rounds.map((round) => round.bare.wallMs));
  return {
    what: `endpoint client over a bare fetch, ${ROUNDS} x ${CALLS} calls in turn, load ${os.loadavg()[0]!.toFixed(1)}`,
    value: `${signed(wall)} ms a call, ${signed(cpu)} ms of CPU (the fetch itself ${own.toFixed(2)} ms)`,
    target: `< ${MOST_MS} ms`,
    met: wall < MOST_MS,
  };
}

interface Times {
  readonly wallMs: number;
  /** Of this process. */
  readonly cpuMs: number;
}

/** For one call, on average. */
async function block(call: () => Promise<unknown>): Promise<Times> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let index = 0; index < CALLS; index++) await call();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: wallMs / CALLS, cpuMs: (user + system) / 1000 / CALLS };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const signed = (ms: number): string => `${ms < 0 ? '-' : '+'}${Math.abs(ms).toFixed(3)}`;

/** Judges behind `transformers serve`, a server that is not ours, with tiny models made on the spot. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overlayFolder } from '../../scripts/environments/python-overlay.mjs';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { root } from '../../scripts/main.mjs';
import { runCli, runCliJson } from '../unit/cli/run-cli.ts';

const TEXTS = ['--prompt', 'Where is my parcel?', '--response', 'It left Leeds today.'];

const python = await interpreter();
const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-serve-'));
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const env = { PYTHONPATH: path.join(root, 'python') };
  await execa(python, [path.join(root, 'test/openjudge/make_written_judge.py'), folder], { env });
});

afterAll(async () => {
  for (const end of endings) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function interpreter(): Promise<string> {
  const found = await findPythonPackages('python-trl');
  if (!found) throw new Error('The environment python-trl is not there: npm test -- openjudge makes it.');
  return found;
}

/** Starts a server of its own for a model, and names it as a judge. */
async function judge(model: string): Promise<void> {
  const port = await freePort();
  const args = ['-m', 'transformers.cli.transformers', 'serve', path.join(folder, model), '--device', 'cpu'];
  const server = execa(python, [...args, '--host', '127.0.0.1', '--port', String(port)], {
    env: { PYTHONPATH: await overlayFolder('transformers-serve'), HF_HUB_OFFLINE: '1' },
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  endings.push(() => {
    server.kill();
    return server;
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.all.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Application startup complete')) resolve();
    });
    server.all.on('end', () => reject(new Error(said)));
  });
  const endpoint = ['--url', `http://127.0.0.1:${port}/v1`, '--model', path.join(folder, model)];
  await runCli(folder, ['graders', 'add', model, '--kind', 'judge-endpoint', '--method', 'pointwise', ...endpoint]);
}

/** Only a moment passes before the server takes it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

test('a verdict that a model writes there is its score', async () => {
  await judge('written');
  const { grades } = await runCliJson<{ grades: { score: number }[] }>(folder, [
    'grade',
    '--grader',
    'written',
    ...TEXTS,
  ]);
  expect(grades).toMatchObject([{ score: 3, scale: 'score-0-4', label: 3, provenance: { grader: 'written' } }]);
  const { stdout } = await runCli(folder, ['graders', 'test', 'written']);
  expect(stdout).toMatch(/Score 3\.0 of 4 · written · \d+ ms/);
});

test('what random weights write is no verdict: an error with its words, never a score', async () => {
  await judge('random');
  const { exitCode, stdout, stderr } = await runCli(folder, ['grade', '--grader', 'random', ...TEXTS]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/no verdict|did not finish/);
  expect(stdout).not.toMatch(/Score/);
});

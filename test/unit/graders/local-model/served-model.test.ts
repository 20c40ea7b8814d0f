/** The process behind a model that is served: a real one, with a tiny random model on the CPU. */

import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { findPythonPackages } from '../../../../scripts/environments/python-packages.mjs';
import { root } from '../../../../scripts/main.mjs';
import { ServedModel, type ServeOptions } from '../../../../src/core/graders/local-model/served-model.ts';

const python = await findPythonPackages('python-trl');
const PATIENCE = 120_000;
const anything = z.object({ choices: z.array(z.unknown()) });
const question = { messages: [{ role: 'user', content: 'question' }], max_tokens: 2, temperature: 0 };

if (!python) console.log('skipped: the environment python-trl is not there (npm test -- python-trl makes it)');

describe.skipIf(!python)('a served model', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-test-'));
    const make =
      'import sys; from pathlib import Path; from tests_trl.tiny_model import make_tiny_model as m; m(Path(sys.argv[1]))';
    execFileSync(python!, ['-c', make, path.join(folder, 'tiny')], { cwd: path.join(root, 'python') });
  }, PATIENCE);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function serve(options: ServeOptions = {}, model = 'tiny'): ServedModel {
    const packageFolder = path.join(root, 'python');
    const runtime = { nodePath: process.execPath, workersFolder: '', version: '0' };
    const served = new ServedModel(
      path.join(folder, model),
      { ...runtime, python: { packageFolder, interpreter: python! } },
      options,
    );
    onTestFinished(() => served.dispose());
    return served;
  }

  const ask = (served: ServedModel) => served.ask('/v1/chat/completions', question, anything);

  it(
    'is one process for all who ask at once, is started again when it has died, and ends with whoever made it',
    async () => {
      const running: boolean[] = [];
      const told = new EventEmitter();
      const ended = once(told, 'ended');
      const served = serve({
        onRunning: (is) => {
          running.push(is);
          if (!is) told.emit('ended');
        },
      });
      const [one, two] = await Promise.all([ask(served), ask(served)]);
      expect(one.choices).toEqual(two.choices);
      expect(running).toEqual([true]);
      process.kill(served.pid!, 'SIGKILL');
      await ended;
      expect((await ask(served)).choices).toEqual(one.choices);
      expect(running).toEqual([true, false, true]);
      served.dispose();
      await expect(ask(served)).rejects.toMatchObject({ message: 'This grader has been closed.' });
    },
    PATIENCE,
  );

  it.runIf(process.platform === 'linux')(
    'has its token in its environment alone, and ends when nobody has asked for a while',
    async () => {
      const told = new EventEmitter();
      const ended = once(told, 'ended');
      const lines: string[] = [];
      const served = serve({
        idleMs: 1_000,
        onLine: (line) => lines.push(line),
        onRunning: (is) => !is && told.emit('ended'),
      });
      await ask(served);
      const of = (what: string) => readFileSync(`/proc/${served.pid}/${what}`, 'utf8');
      const token = /REWARD_STUDIO_SERVE_TOKEN=(\w+)/.exec(of('environ'))?.[1];
      expect(token).toHaveLength(64);
      expect(of('cmdline')).toContain('reward_studio');
      expect(of('cmdline')).not.toContain(token);
      await ended;
      expect(served.pid).toBeUndefined();
      expect(lines.join('\n')).not.toContain(token);
    },
    PATIENCE,
  );

  it(
    'that cannot be started says so with what it said last',
    async () => {
      await expect(ask(serve({}, 'nothing'))).rejects.toMatchObject({
        code: 'trainer-died',
        message: expect.stringMatching(/could not be started. It said last:[\s\S]*no model in this folder/),
      });
    },
    PATIENCE,
  );
});

describe.skipIf(process.platform === 'win32')('the program that serves', () => {
  /** A stand-in for the interpreter, which writes down its arguments. */
  const STAND_IN = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
writeFileSync(__filename + '.args', JSON.stringify(process.argv.slice(2)));
const server = require('node:http').createServer((_, answer) => answer.end('{"choices":[]}'));
server.listen(0, '127.0.0.1', () => {
  const url = 'http://127.0.0.1:' + server.address().port;
  console.log(JSON.stringify({ ready: true, url, model: 'm', kind: 'judge', pid: process.pid }));
});
`;

  async function argumentsWith(options: { useVllm?: boolean }): Promise<string[]> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const interpreter = path.join(folder, 'python.cjs');
    writeFileSync(interpreter, STAND_IN, { mode: 0o755 });
    const python = { packageFolder: folder, interpreter, ...options };
    const runtime = { nodePath: process.execPath, workersFolder: '', version: '0', python };
    const served = new ServedModel('/models/m', runtime, {});
    onTestFinished(() => served.dispose());
    await served.ask('/v1/chat/completions', question, anything);
    return JSON.parse(readFileSync(`${interpreter}.args`, 'utf8'));
  }

  it('ends with what started it, and decides itself whether vLLM serves', async () => {
    const args = ['-m', 'reward_studio', 'serve', '/models/m', '--end-with-stdin'];
    expect(await argumentsWith({})).toEqual(args);
    expect(await argumentsWith({ useVllm: true })).toEqual(args);
  });

  it('does without vLLM where the person wants none', async () => {
    expect((await argumentsWith({ useVllm: false })).slice(-2)).toEqual(['--backend', 'transformers']);
  });
});

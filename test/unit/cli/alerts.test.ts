/** A training that is started in a terminal is watched like one in a window. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli, runCliJson } from './run-cli.ts';

/** Its loss is no number, and it ends once somebody has written that down. */
const TRAINER = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const run = process.env.REWARD_STUDIO_RUN;
let seq = 0;
const say = (entry) => appendFileSync(run + '/events.jsonl', JSON.stringify(
  { v: 1, attempt: 1, seq: ++seq, time: new Date().toISOString(), ...entry }) + '\\n');
say({ kind: 'status', status: 'running' });
say({ kind: 'metrics', step: 1, total_steps: 9, values: {}, not_finite: { 'train/loss': 'nan' } });
const control = run + '/control.jsonl';
const look = setInterval(() => {
  if (!existsSync(control) || !readFileSync(control, 'utf8').includes('"alert"')) return;
  clearInterval(look);
  say({ kind: 'status', status: 'finished' });
}, 20);
`;

function trainer(): string {
  const folder = temporaryFolder();
  const pair = { prompt: 'p', chosen: 'good', rejected: 'bad' };
  const rows = [pair, { ...pair, prompt: 'q' }].map((row) => JSON.stringify(row));
  writeFileSync(path.join(folder, 'trainer.mjs'), TRAINER);
  writeFileSync(path.join(folder, 'pairs.jsonl'), `${rows.join('\n')}\n`);
  const command = [process.execPath, 'trainer.mjs'];
  const runFile = { name: 'diverging', method: 'bradley-terry', engine: 'command', data: { train: 'pairs.jsonl' } };
  writeFileSync(path.join(folder, 'own.rmrun.json'), JSON.stringify({ ...runFile, settings: { command } }));
  return folder;
}

const ALERT = 'train/loss is nan at step 1.';

it('tells an alert once while the run goes on, and with its outcome', async () => {
  const { stdout, stderr, exitCode } = await runCli(trainer(), ['train', 'own.rmrun.json']);
  expect(stderr.split('\n').filter((line) => line.includes(`diverging: alert: ${ALERT}`))).toHaveLength(1);
  expect(stdout).toContain(`alert: ${ALERT}`);
  expect(exitCode).toBe(0);
});

it('has its alerts in the JSON', async () => {
  expect(await runCliJson(trainer(), ['train', 'own.rmrun.json'])).toMatchObject({
    status: 'finished',
    alerts: [{ alert: 'loss-not-finite', step: 1, message: ALERT }],
  });
});

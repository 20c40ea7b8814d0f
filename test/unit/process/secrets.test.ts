import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { ENGINES } from '../../../src/core/engines/known-engines.ts';
import { prepareRun } from '../../../src/core/runs/prepare.ts';
import { parseRunFile } from '../../../src/core/runs/spec.ts';
import { startRun } from '../../../src/core/runs/start.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const TOKENS = { HF_TOKEN: 'hf_secretOfTheTest', WANDB_API_KEY: 'wandb-secret-of-the-test' };

/** Says which tokens it was given, then trains until it may end. */
const TRAINER = `
import { appendFileSync, existsSync } from 'node:fs';
const { REWARD_STUDIO_RUN: run, HF_TOKEN, WANDB_API_KEY } = process.env;
let seq = 0;
const say = (entry) => appendFileSync(run + '/events.jsonl', JSON.stringify(
  { v: 1, attempt: 1, seq: ++seq, time: new Date().toISOString(), ...entry }) + '\\n');
console.log(JSON.stringify({ HF_TOKEN: HF_TOKEN?.length ?? 0, WANDB_API_KEY: WANDB_API_KEY?.length ?? 0 }));
say({ kind: 'status', status: 'running' });
const timer = setInterval(() => {
  if (!existsSync(process.argv[2])) return;
  clearInterval(timer);
  say({ kind: 'status', status: 'finished' });
}, 20);
`;

function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) yield path.join(entry.parentPath, entry.name);
  }
}

/** A run with these settings, looked at while its trainer runs. */
async function runWith(settings: object) {
  const folder = temporaryFolder();
  const mayEnd = path.join(folder, 'may-end');
  writeFileSync(path.join(folder, 'trainer.mjs'), TRAINER);
  writeFileSync(path.join(folder, 'pairs.jsonl'), '{"prompt":"p","chosen":"good","rejected":"bad"}\n');
  const file = parseRunFile(
    JSON.stringify({
      method: 'bradley-terry',
      engine: 'command',
      data: { train: 'pairs.jsonl' },
      settings: { command: [process.execPath, 'trainer.mjs', mayEnd], working_folder: '.', ...settings },
    }),
    'own.rmrun.json',
  );
  const asked: string[][] = [];
  const secrets = async (names: readonly string[]) => {
    asked.push([...names]);
    return Object.fromEntries(Object.entries(TOKENS).filter(([name]) => names.includes(name)));
  };
  const draft = await prepareRun(file, folder, 'test');
  const run = await startRun(new RunStore(folder), draft, checkoutRuntime(root), { secrets });
  await vi.waitFor(() => expect(readFileSync(run.folder.eventsFile, 'utf8')).toContain('running'), { timeout: 30_000 });
  const proc = (name: string) => readFileSync(`/proc/${run.pid}/${name}`, 'utf8');
  const seen = { arguments: proc('cmdline'), environment: proc('environ').split('\0') };
  writeFileSync(mayEnd, '');
  await run.ended;
  const printed = JSON.parse(readFileSync(run.folder.logFile, 'utf8').trim());
  return { asked, seen, printed, run, folder };
}

describe('tokens that are kept', () => {
  it.each([
    ['bradley-terry', {}, ['HF_TOKEN']],
    ['sft', { report_to: 'none' }, ['HF_TOKEN']],
    ['pointwise', { report_to: 'wandb' }, ['HF_TOKEN', 'WANDB_API_KEY']],
  ] as const)('%s with TRL and %j is given %j', (method, settings, names) => {
    const { trl } = ENGINES;
    expect(trl!.secrets(trl!.resolveSettings(settings, method))).toEqual(names);
  });

  it('the embedded engine is given none', () => {
    expect(ENGINES.embedded!.secrets({})).toEqual([]);
  });

  it('a trainer cannot ask for any other variable', () => {
    const ask = () => ENGINES.command!.resolveSettings({ command: ['x'], secrets: ['AWS_SECRET'] }, 'sft');
    expect(ask).toThrow(/secrets/);
  });

  it.skipIf(process.platform !== 'linux')(
    'one that a run asks for is in the environment of its trainer, and in no argument, log or file',
    async () => {
      const { asked, seen, printed, folder } = await runWith({ secrets: ['WANDB_API_KEY'] });
      expect(asked).toEqual([['WANDB_API_KEY']]);
      expect(printed).toEqual({ HF_TOKEN: 0, WANDB_API_KEY: TOKENS.WANDB_API_KEY.length });
      expect(seen.environment).toContain(`WANDB_API_KEY=${TOKENS.WANDB_API_KEY}`);
      expect(seen.arguments).not.toContain(TOKENS.WANDB_API_KEY);
      const files = [...filesUnder(folder)];
      expect(files.map((file) => path.basename(file))).toEqual(
        expect.arrayContaining(['run.json', 'events.jsonl', 'control.jsonl', 'trainer.log']),
      );
      for (const file of files) expect(readFileSync(file, 'utf8'), file).not.toContain(TOKENS.WANDB_API_KEY);
    },
  );

  it.skipIf(process.platform !== 'linux')('a run that asks for none gets none', async () => {
    const { asked, printed } = await runWith({});
    expect(asked).toEqual([[]]);
    expect(printed).toEqual({ HF_TOKEN: 0, WANDB_API_KEY: 0 });
  });
});

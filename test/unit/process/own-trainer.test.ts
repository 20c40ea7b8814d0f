import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findPython } from '../../../scripts/environments/python.mjs';
import { root } from '../../../scripts/main.mjs';
import { describePreflight } from '../../../src/core/runs/describe-preflight.ts';
import { preflight } from '../../../src/core/runs/preflight.ts';
import { prepareRun } from '../../../src/core/runs/prepare.ts';
import { runFileOf, runFileText } from '../../../src/core/runs/run-file-text.ts';
import { parseRunFile } from '../../../src/core/runs/spec.ts';
import { resumeRun, type StartedRun, startRun } from '../../../src/core/runs/start.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { freshState, lossCurve } from '../../reference-trainer/watch.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const runtime = checkoutRuntime(root);

/** In no language of the project's: it knows docs/run-format.md alone. Prints how it was started; stops where it should. */
const TRAINER = `
import { appendFileSync, writeFileSync } from 'node:fs';
const { REWARD_STUDIO_RUN: run, REWARD_STUDIO_ATTEMPT: attempt, REWARD_STUDIO_CHECKPOINT: checkpoint } = process.env;
console.log(JSON.stringify({ args: process.argv.slice(2), folder: process.cwd(), run, attempt, checkpoint }));
let seq = 0;
const say = (entry) => appendFileSync(run + '/events.jsonl', JSON.stringify(
  { v: 1, attempt: Number(attempt), seq: ++seq, time: new Date().toISOString(), ...entry }) + '\\n');
say({ kind: 'status', status: 'running' });
say({ kind: 'metrics', step: Number(attempt), values: { 'train/loss': 0.5 } });
writeFileSync(run + '/step-1', '');
say({ kind: 'checkpoint', step: 1, path: 'step-1' });
say({ kind: 'status', status: attempt === '1' ? 'stopped' : 'finished' });
`;

function trainer(settings: object = {}) {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'trainer'));
  writeFileSync(path.join(folder, 'trainer', 'own trainer.mjs'), TRAINER);
  const pair = { prompt: 'p', chosen: 'good', rejected: 'bad' };
  writeFileSync(
    path.join(folder, 'pairs.jsonl'),
    `${JSON.stringify(pair)}\n${JSON.stringify({ ...pair, prompt: 'q' })}\n`,
  );
  const command = [process.execPath, 'own trainer.mjs', '$(touch injected)', '; touch injected', '*'];
  const text = JSON.stringify({
    method: 'bradley-terry',
    engine: 'command',
    data: { train: 'pairs.jsonl' },
    settings: { command, working_folder: 'trainer', ...settings },
  });
  return { folder, store: new RunStore(folder), file: parseRunFile(text, 'own.rmrun.json') };
}

async function started({ folder, store, file }: ReturnType<typeof trainer>): Promise<StartedRun> {
  const run = await startRun(store, await prepareRun(file, folder, 'test'), runtime);
  await run.ended;
  return run;
}

const printed = ({ folder }: StartedRun): object[] =>
  readFileSync(folder.logFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe("a trainer of one's own", () => {
  it('is started by its argument vector, word for word, beside its run file, and learns the run from its environment', async () => {
    const own = trainer({ resumes: true });
    const run = await started(own);
    const first = {
      args: ['$(touch injected)', '; touch injected', '*'],
      folder: path.join(own.folder, 'trainer'),
      run: run.folder.path,
      attempt: '1',
      checkpoint: '',
    };
    expect(printed(run)).toEqual([first]);
    expect(existsSync(path.join(own.folder, 'trainer', 'injected'))).toBe(false);
    expect(await freshState(run.folder)).toMatchObject({ status: 'stopped', fold: { checkpoint: { step: 1 } } });

    await (await resumeRun(own.store, run, runtime)).ended;
    const second = { ...first, attempt: '2', checkpoint: path.join(run.folder.path, 'step-1') };
    expect(printed(run)).toEqual([first, second]);
    expect((await freshState(run.folder)).status).toBe('finished');
  });

  it('is not resumed where its settings do not say that it can be', async () => {
    const own = trainer();
    const run = await started(own);
    await expect(resumeRun(own.store, run, runtime)).rejects.toThrow(/does not go on from a checkpoint/);
  });

  it('waits for its turn on the target unless it says that it leaves room', async () => {
    const held = trainer({ command: [process.execPath, '-e', 'setTimeout(() => {}, 60000)'] });
    const start = async (settings: object) => {
      const file = { ...held.file, settings: { ...held.file.settings, ...settings } };
      return startRun(held.store, await prepareRun(file, held.folder, 'test'), runtime);
    };
    const first = await start({});
    try {
      const waits = await start({ command: [process.execPath, 'own trainer.mjs'] });
      const beside = await start({ command: [process.execPath, 'own trainer.mjs'], occupies_target: false });
      expect([waits.pid === undefined, beside.pid === undefined]).toEqual([true, false]);
      await beside.ended;
      process.kill(-first.pid!, 'SIGKILL');
      await waits.ended;
      expect((await freshState(waits.folder)).status).toBe('stopped');
    } finally {
      await first.ended;
    }
  });

  it('is shown in full by a look before it is started, which starts nothing', async () => {
    const own = trainer({ parameters: { learning_rate: 1e-5 } });
    const report = await preflight(own.file, { baseFolder: own.folder, store: own.store, runtime });
    const text = describePreflight(report).join('\n');
    expect(report.ok).toBe(true);
    expect(text).toContain(
      `command      ${JSON.stringify([process.execPath, 'own trainer.mjs', '$(touch injected)', '; touch injected', '*'])}`,
    );
    expect(text).toContain(`started in   ${path.join(own.folder, 'trainer')}`);
    expect(text).toContain('parameters={"learning_rate":0.00001}');
    expect(text).toMatch(
      /environment {2}REWARD_STUDIO_RUN=\S+RUN-ID REWARD_STUDIO_ATTEMPT=1 REWARD_STUDIO_CHECKPOINT=/,
    );
    expect(existsSync(own.store.runsFolder)).toBe(false);
  });

  it('whose program is not there fails its run in a sentence that names it', async () => {
    const own = trainer({ command: ['no-such-trainer', 'x'] });
    const draft = await prepareRun(own.file, own.folder, 'test');
    await expect(startRun(own.store, draft, runtime)).rejects.toMatchObject({
      code: 'trainer-died',
      where: { file: 'no-such-trainer' },
    });
    const [run] = (await own.store.list()).runs;
    expect((await freshState(run!.folder)).status).toBe('failed');
  });

  it('keeps its folder relative in a run file that is made of a run', async () => {
    const own = trainer();
    const { spec } = await started(own);
    expect(spec.settings.working_folder).toBe(path.join(own.folder, 'trainer'));
    const again = parseRunFile(runFileText(runFileOf(spec), own.folder), 'again.rmrun.json');
    expect(again.settings).toMatchObject({ working_folder: 'trainer', command: own.file.settings.command });
  });
});

const python = findPython();

describe.skipIf(python === undefined)('the trainer in docs/run-format.md (needs Python 3.10 or newer)', () => {
  it('trains, and goes on from its checkpoint', async () => {
    vi.stubEnv('PYTHONPATH', path.join(root, 'python'));
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const docs = readFileSync(path.join(root, 'docs', 'run-format.md'), 'utf8');
    const [, program = ''] = /```python\n(.+?)```/s.exec(docs) ?? [];
    const own = trainer({ command: [python, 'documented.py'], resumes: true, parameters: { steps: 5 } });
    // Ends after its third step as if it were killed there.
    const killed = 'if step == 3 and attempt == 1: save(); os._exit(9)';
    const spoilt = program.replace(/^( +)(log\.metrics\(.*)$/m, `$1$2\n$1${killed}`);
    writeFileSync(path.join(own.folder, 'trainer', 'documented.py'), spoilt);
    const run = await started(own);
    expect(await freshState(run.folder)).toMatchObject({ status: 'failed', fold: { checkpoint: { step: 3 } } });
    await (await resumeRun(own.store, run, runtime)).ended;
    expect(await freshState(run.folder)).toMatchObject({ status: 'finished', fold: { attempt: 2, step: 5 } });
    expect([...(await lossCurve(run.folder)).keys()]).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("a run file that names a trainer of one's own", () => {
  it.each([
    ['without a command', {}, /settings do not fit a trainer of your own: command: /],
    ['with a command line in place of a list', { command: 'python train.py' }, /command: .*expected array/],
    [
      'with a key that means nothing',
      { command: ['a'], resume: true },
      /"resume" is not known: did you mean "resumes"\?/,
    ],
  ])('%s is refused with what it should be', async (_what, settings, message) => {
    const { file, folder } = trainer();
    await expect(prepareRun({ ...file, settings: settings as typeof file.settings }, folder, 'test')).rejects.toThrow(
      message,
    );
  });
});

/** The target ssh against a real sshd: nothing is lost or doubled, whatever happens to the way there. */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findPython } from '../../scripts/environments/python.mjs';
import { root } from '../../scripts/main.mjs';
import { attachRun, isUnfollowed } from '../../src/core/runs/elsewhere/attach.ts';
import { contextFor, inspectThere } from '../../src/core/runs/elsewhere/inspect-there.ts';
import type { StartedRun } from '../../src/core/runs/start.ts';
import { resumeRun, stopRun } from '../../src/core/runs/start.ts';
import { resolveRemoteTarget } from '../../src/core/targets/known-targets.ts';
import { isSameProcess } from '../../src/core/targets/process-identity.ts';
import { untilControl, untilState, untilStep } from '../reference-trainer/watch.ts';
import { pinnedPackages, writeTinyWheels } from '../tiny-wheels.ts';
import { smallDisk } from '../unit/process/small-disk.ts';
import { type Elsewhere, elsewhere, observed, readThere, startThere } from './elsewhere.ts';
import { SlowLink } from './slow-link.ts';
import { Sshd } from './sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await Sshd.start();
  process.env.REWARD_STUDIO_SSH_CONFIG = sshd.config;
});
afterAll(async () => {
  delete process.env.REWARD_STUDIO_SSH_CONFIG;
  await sshd.remove();
});
beforeEach(() => sshd.trustHostKey());

/** What is here of the run is what is there, to the byte. */
function expectSameFiles(there: Elsewhere, run: StartedRun): void {
  for (const name of ['events.jsonl', 'trainer.log']) {
    expect(readFileSync(path.join(run.folder.path, name)).equals(readThere(there, run, name)), name).toBe(true);
  }
}

describe('a run over SSH', () => {
  it('is brought there, followed, and ends with its model here; tokens reach the trainer and no file', async () => {
    const there = await elsewhere();
    const run = await startThere(there, { steps: 25 }, { HF_TOKEN: 'a-secret-of-the-test' });
    await run.ended;
    const state = await observed(run).observe();
    expect(state).toMatchObject({ status: 'finished', fold: { step: 25, result: { model: 'model', trainRows: 7 } } });
    expect(state.fold.exit).toEqual({ code: 0, signal: null });
    expectSameFiles(there, run);
    const weights = readFileSync(path.join(run.folder.modelFolder, 'deep', 'weights.bin'));
    expect(weights.equals(Buffer.alloc(256 * 20_000, Buffer.from(Array.from({ length: 256 }, (_, at) => at))))).toBe(
      true,
    );
    expect(readFileSync(run.folder.logFile, 'utf8')).toContain('token there');
    for (const folder of [there.there, there.store.base]) {
      const { exitCode } = await execa('grep', ['-r', 'a-secret-of-the-test', folder], { reject: false });
      expect(exitCode, `${folder} holds no secret`).toBe(1);
    }
  });

  it('loses and doubles nothing when the connection is cut again and again, and when the machine there is off for a while', async () => {
    const there = await elsewhere();
    // More of them, at other moments, in `npm run soak`.
    const [cuts, seed] = [Number(process.env.SSH_CUTS ?? 3), Number(process.env.SSH_SEED ?? 1)];
    const steps = 60 + 30 * cuts;
    const run = await startThere(there, { steps });
    for (let cut = 0; cut < cuts; cut++) {
      await untilStep(run.folder, 1, 5 + cut * 30 + ((Math.imul(seed * 101 + cut, 2654435761) >>> 0) % 25));
      sshd.cutConnections();
      await untilControl(run.folder, (entry) => entry.kind === 'connection' && entry.state === 'lost');
    }
    await sshd.stop();
    await untilControl(
      run.folder,
      (entry) => entry.kind === 'connection' && /cannot be reached now/.test(entry.message),
    );
    await sshd.restart();
    await run.ended;
    expect(await observed(run).observe()).toMatchObject({ status: 'finished', damagedLines: 0, fold: { step: steps } });
    expectSameFiles(there, run);
  });

  it('arrives over a slow link too', async () => {
    const there = await elsewhere();
    const link = await SlowLink.to(sshd.port, 1_000_000);
    onTestFinished(() => link.close());
    sshd.reachThrough(link.port);
    onTestFinished(() => sshd.reachThrough(sshd.port));
    const run = await startThere(there, { steps: 25 });
    await run.ended;
    expect(await observed(run).observe()).toMatchObject({ status: 'finished', fold: { step: 25 } });
    expectSameFiles(there, run);
    const weights = readFileSync(path.join(run.folder.modelFolder, 'deep', 'weights.bin'));
    expect(weights.equals(readThere(there, run, 'model/deep/weights.bin'))).toBe(true);
  });

  it('goes on without its connector, is lost from view until another follows it, and then nothing is missing', async () => {
    const there = await elsewhere();
    const run = await startThere(there, { steps: 120 });
    await untilStep(run.folder, 1, 10);
    process.kill(run.pid!, 'SIGKILL');
    await run.ended;
    const lost = await untilState(observed(run), ({ status }) => status === 'lost');
    expect(isUnfollowed(lost)).toBe(true);
    const attached = await attachRun(lost, there.runtime);
    await attached.ended;
    expect(await observed(run).observe()).toMatchObject({ status: 'finished', fold: { step: 120, attempt: 1 } });
    expectSameFiles(there, run);
  });

  it('stops at a checkpoint when asked, and goes on from it', async () => {
    const there = await elsewhere();
    const run = await startThere(there, { steps: 400, every: 1000 });
    await untilStep(run.folder, 1, 15);
    const stopped = await stopRun(observed(run), { checkpointMs: 60_000, signalMs: 60_000 });
    expect(stopped.status).toBe('stopped');
    const step = stopped.fold.checkpoint!.step;
    expect(step).toBeGreaterThanOrEqual(15);
    const resumed = await resumeRun(there.store, run, { ...there.runtime });
    await untilStep(run.folder, 2, step + 5);
    await stopRun(observed(run), { checkpointMs: 60_000, signalMs: 60_000 });
    await resumed.ended;
    expect(readFileSync(run.folder.logFile, 'utf8')).toContain(`attempt 2 from step ${step}`);
    expectSameFiles(there, run);
  });

  it('that hears no request is ended by signals, with all that it has started', async () => {
    const there = await elsewhere();
    const run = await startThere(there, { name: 'deaf pairs', steps: 100_000, every: 100_000 });
    await untilStep(run.folder, 1, 3);
    const attempt = JSON.parse(readThere(there, run, 'attempts/1.json').toString());
    const state = await stopRun(observed(run), { checkpointMs: 300, signalMs: 1_500 });
    expect(state).toMatchObject({ status: 'stopped', fold: { exit: { code: null, signal: 'SIGKILL' } } });
    expect(await isSameProcess(attempt.trainer.pid, attempt.trainer.start)).toBe(false);
    await run.ended;
  });

  it('that is deleted here is followed no more, while the machine is not reached too', async () => {
    const there = await elsewhere();
    const run = await startThere(there, { steps: 100_000, every: 100_000 });
    await untilStep(run.folder, 1, 3);
    const { trainer, keeper } = JSON.parse(readThere(there, run, 'attempts/1.json').toString());
    await sshd.stop();
    await untilControl(run.folder, (entry) => entry.kind === 'connection' && entry.state === 'lost');
    rmSync(run.folder.path, { recursive: true });
    await run.ended;
    expect(await isSameProcess(run.pid!, null)).toBe(false);
    await sshd.restart();
    for (const { pid, start } of [trainer, keeper]) if (await isSameProcess(pid, start)) process.kill(pid, 'SIGKILL');
  });

  it('whose folder is deleted there is told as that', async () => {
    const there = await elsewhere();
    const run = await startThere(there, { steps: 100_000, every: 100_000 });
    await untilStep(run.folder, 1, 3);
    const attempt = JSON.parse(readThere(there, run, 'attempts/1.json').toString());
    await execa('rm', ['-rf', path.join(there.there, 'runs')]);
    const state = await untilState(observed(run), ({ status }) => status === 'lost');
    expect(state.fold.vanished).toMatch(/is not there any more/);
    for (const { pid, start } of [attempt.trainer, attempt.keeper]) {
      if (await isSameProcess(pid, start)) process.kill(pid, 'SIGKILL');
    }
    await run.ended;
  });
});

describe('a run that cannot be brought there', () => {
  const refused = async (run: StartedRun) => {
    await run.ended;
    const state = await observed(run).observe();
    expect(state.status).toBe('failed');
    return state.failure!;
  };

  it('because the host key is another than before', async () => {
    const there = await elsewhere();
    sshd.distrustHostKey();
    sshd.cutConnections();
    const failure = await refused(await startThere(there));
    expect(failure.code).toBe('not-reachable');
    expect(failure.message).toMatch(
      /^box: The host key of this machine is another than before, so nothing is sent to it/,
    );
    expect(existsSync(there.there)).toBe(false);
  });

  it('because the disk there is full', async ({ skip }) => {
    const disk = smallDisk('64k') ?? skip('a file system of its own can be mounted by root on Linux only');
    const failure = await refused(await startThere(await elsewhere(path.join(disk.folder, 'there'))));
    expect(failure).toMatchObject({ code: 'disk-full', hint: expect.stringMatching(/Free some space there/) });
  });

  it('because there is no such Python', async () => {
    const there = await elsewhere();
    const { writeTarget } = await import('../../src/core/targets/remote/targets-file.ts');
    await writeTarget(there.store.base, 'ssh:box', { python: '/nowhere/python', folder: there.there });
    const failure = await refused(await startThere(there));
    expect(failure.message).toBe('box: there is no Python "/nowhere/python".');
  });
});

describe('an environment', () => {
  it('is made there once with the pinned packages, and then used; where packages cannot be had, none is left', async () => {
    const there = await elsewhere();
    const wheels = path.join(there.folder, 'wheels there');
    const requirements = readFileSync(path.join(root, 'python/requirements/trl.txt'), 'utf8');
    writeTinyWheels(findPython()!, wheels, pinnedPackages(requirements));
    const target = await resolveRemoteTarget('ssh:box');
    const context = await contextFor('ssh:box', target, there);
    const lines: string[] = [];
    const options = { onLine: (line: string) => lines.push(line), signal: new AbortController().signal };
    const nowhere = target.makeEnvironment!(context, 'trl', { ...options, wheels: there.folder });
    await expect(nowhere).rejects.toMatchObject({
      code: 'not-available',
      message: expect.stringMatching(/^box: The packages could not be installed: ERROR: No matching distribution/),
    });
    expect(readdirSync(path.join(there.there, 'environments')).filter((name) => !name.endsWith('.lock'))).toEqual([]);
    const python = await target.makeEnvironment!(context, 'trl', { ...options, wheels });
    expect(lines.join('\n')).toMatch(/Successfully installed .*trl-/);
    const made = lines.length;
    expect(await target.makeEnvironment!(context, 'trl', options)).toBe(python);
    expect(lines.slice(made).filter((line) => line.startsWith('$'))).toEqual([]);
    const { stdout } = await execa(python, ['-m', 'pip', 'list', '--format=freeze']);
    expect(stdout).toMatch(/^trl==1\.16\.0$/m);
  });
});

describe('before a run', () => {
  it('the preflight says what the machine has, and that its Python lacks packages', async () => {
    const there = await elsewhere();
    const { packageFolder } = there.runtime.python!;
    // The program itself, with the real doctor.
    await execa('cp', ['dist/python/reward_studio/__main__.py', path.join(packageFolder, 'reward_studio')]);
    const { runFileSchema } = await import('../../src/core/runs/spec.ts');
    const { ENGINES } = await import('../../src/core/engines/known-engines.ts');
    const file = runFileSchema.parse({
      method: 'bradley-terry',
      data: { train: 'pairs.jsonl' },
      engine: 'trl',
      target: 'ssh:box',
      base_model: 'owner/name',
    });
    const options = { baseFolder: there.folder, store: there.store, runtime: there.runtime };
    const checks = await inspectThere(file, ENGINES.trl!, options);
    expect(checks[0]).toMatchObject({ what: 'target', severity: 'ok' });
    expect(checks[0]!.detail).toMatch(/^SSH, Python 3\.\d+\.\d+: 1 node, \d+ cores, no GPU/);
    expect(checks.find(({ what }) => what === 'environment')?.detail).toMatch(/The Python there lacks .*torch/);
    // What was brought once is not brought again.
    expect(readdirSync(path.join(there.there, 'packages'))).toHaveLength(1);
  });
});

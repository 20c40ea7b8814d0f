import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { FollowerProcess } from '../../../src/features/run-panel/follower-process.ts';
import type { Outcome } from '../../../src/protocol/dataset-viewer.ts';
import { WrittenRun } from '../../runs/written-run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const runtime = { nodePath: process.execPath, workersFolder: path.join(root, 'dist', 'workers'), version: 'test' };

/** A follower, and how to wait for its next word about the run. */
function follow(...folders: string[]) {
  let told: () => void = () => {};
  const deaths: string[] = [];
  const follower = new FollowerProcess(runtime, folders, {
    changed: () => told(),
    onDeath: ({ message }) => deaths.push(message),
  });
  onTestFinished(() => follower.dispose());
  const changed = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  return { follower, changed, deaths };
}

function answered<T>(answer: Outcome<T, unknown>): T {
  if (!answer.ok) throw new Error(JSON.stringify(answer.fault));
  return answer.value;
}

const MEGABYTE = 1024 ** 2;
const GIBIBYTE = 1024 ** 3;

/** Bytes that the process has held at most. */
const peakMemory = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

const curve = async (follower: FollowerProcess, folder: string) => {
  const request = { folder, metrics: ['train/loss'], x: 'step', range: null, buckets: 100, smoothing: 0 } as const;
  return [...(answered(await follower.ask((remote) => remote.curves(request))).curves[0]?.raw.y ?? [])];
};

const loss = (run: WrittenRun, step: number, value: number) =>
  run.event({ kind: 'metrics', step, total_steps: 10, values: { 'train/loss': value } });

describe('the process that follows runs', () => {
  it('tells of new events, which then are part of the curve; half a line is not there yet', async () => {
    const run = new WrittenRun(temporaryFolder(), 'growing');
    loss(run, 1, 0.7);
    const { follower, changed } = follow(run.folder);
    expect(await curve(follower, run.folder)).toEqual([0.7]);
    const first = changed();
    loss(run, 2, 0.6);
    await first;
    expect(await curve(follower, run.folder)).toEqual([0.7, 0.6]);
    const events = path.join(run.folder, 'events.jsonl');
    const line = `${JSON.stringify({ v: 1, attempt: 1, seq: 3, time: new Date().toISOString(), kind: 'metrics', step: 3, values: { 'train/loss': 0.5 } })}\n`;
    const half = changed();
    appendFileSync(events, line.slice(0, 40));
    await half;
    expect(await curve(follower, run.folder)).toEqual([0.7, 0.6]);
    const whole = changed();
    appendFileSync(events, line.slice(40));
    await whole;
    expect(await curve(follower, run.folder)).toEqual([0.7, 0.6, 0.5]);
  });

  it('begins anew with a log that was replaced', async () => {
    const run = new WrittenRun(temporaryFolder(), 'replaced');
    for (let step = 1; step <= 5; step += 1) loss(run, step, step);
    const { follower, changed } = follow(run.folder);
    expect(await curve(follower, run.folder)).toEqual([1, 2, 3, 4, 5]);
    const other = new WrittenRun(temporaryFolder(), 'replaced');
    loss(other, 1, 9);
    const replaced = changed();
    renameSync(path.join(other.folder, 'events.jsonl'), path.join(run.folder, 'events.jsonl'));
    await replaced;
    expect(await curve(follower, run.folder)).toEqual([9]);
  });

  it('says that a run is gone whose folder was deleted, and goes on with the others', async () => {
    const workspace = temporaryFolder();
    const [gone, kept] = [new WrittenRun(workspace, 'gone'), new WrittenRun(workspace, 'kept')];
    loss(gone, 1, 1);
    loss(kept, 1, 2);
    const { follower, changed, deaths } = follow(gone.folder, kept.folder);
    expect(await curve(follower, gone.folder)).toEqual([1]);
    const told = changed();
    rmSync(gone.folder, { recursive: true });
    await told;
    const answer = await follower.ask((remote) => remote.summary(gone.folder));
    expect(answer).toMatchObject({ ok: false, fault: { message: 'The folder of this run has been deleted.' } });
    expect(await curve(follower, kept.folder)).toEqual([2]);
    expect(deaths).toEqual([]);
  });

  it('answers with progress, pace and time left', async () => {
    const run = new WrittenRun(temporaryFolder(), 'paced');
    await run.launch();
    const start = Date.now() - 60_000;
    for (let step = 0; step <= 4; step += 1) {
      run.event({ kind: 'metrics', step, total_steps: 10, values: { loss: 1 } }, new Date(start + step * 2_000));
    }
    run.event({ kind: 'checkpoint', step: 3, path: 'checkpoints/3' });
    const { follower } = follow(run.folder);
    const summary = answered(await follower.ask((remote) => remote.summary(run.folder)));
    expect(summary).toMatchObject({ status: 'running', step: 4, totalSteps: 10, progress: 0.4, checkpoints: [3] });
    expect(summary.secondsPerStep).toBeCloseTo(2);
    expect(summary.secondsLeft).toBeCloseTo(12);
  });

  it('reads a log from its end, in whole lines, and finds text anywhere in it', async () => {
    const run = new WrittenRun(temporaryFolder(), 'logged');
    const lines = Array.from({ length: 40_000 }, (_, line) => `${line}: ${'words '.repeat(5)}`);
    lines[7] = '7: the Needle';
    mkdirSync(run.folder, { recursive: true });
    writeFileSync(path.join(run.folder, 'trainer.log'), `${lines.join('\n')}\n`);
    const { follower } = follow(run.folder);
    const { folder } = run;
    let piece = answered(await follower.ask((remote) => remote.log({ folder, before: null })));
    let text = piece.text;
    while (piece.start > 0) {
      const before = piece.start;
      piece = answered(await follower.ask((remote) => remote.log({ folder, before })));
      text = piece.text + text;
    }
    expect(text).toBe(`${lines.join('\n')}\n`);
    const from = piece.bytes;
    const hit = answered(
      await follower.ask((remote) => remote.searchLog({ folder, text: 'needle', from, direction: 'up' })),
    );
    expect(hit.line).toBe(lines.slice(0, 7).join('\n').length + 1);
    const none = answered(
      await follower.ask((remote) => remote.searchLog({ folder, text: 'haystack', from: 0, direction: 'down' })),
    );
    expect(none).toMatchObject({ line: null, ended: true });
  });

  it('shows any part of a log of 2 GB, of which it never holds more than a window', async () => {
    const run = new WrittenRun(temporaryFolder(), 'enormous');
    const { folder } = run;
    const file = path.join(folder, 'trainer.log');
    run.log('the first line\n');
    truncateSync(file, 2 * GIBIBYTE);
    run.log('\nthe last line\n');
    const { follower } = follow(folder);
    const ask = async (request: { before: number | null } | { after: number }) =>
      answered(await follower.ask((remote) => remote.log({ folder, ...request })));
    const end = await ask({ before: null });
    expect(end.text).toBe('the last line\n');
    expect(end.bytes).toBe(2 * GIBIBYTE + 15);
    expect((await ask({ after: 0 })).text).toBe('the first line\n');
    const middle = await ask({ after: GIBIBYTE });
    expect(middle.end - middle.start).toBeLessThan(MEGABYTE);
    const up = { folder, text: 'first', from: end.bytes, direction: 'up' } as const;
    const searched = answered(await follower.ask((remote) => remote.searchLog(up)));
    // It asks whether to go on, long before the whole file is read.
    expect(searched).toMatchObject({ line: null, ended: false });
    expect(end.bytes - searched.searched).toBeLessThan(20 * MEGABYTE);
    if (process.platform === 'linux') expect(peakMemory(follower.pid!)).toBeLessThan(250 * MEGABYTE);
  });
});

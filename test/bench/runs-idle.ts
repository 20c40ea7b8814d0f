/**
 * What 500 old runs cost an extension that nobody looks at. Measured in Node with a stand-in for VS Code, so that the
 * figures are those of the extension's own code: loading the bundle and activating, then CPU time while idle.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { UNKNOWN_DATA } from '../../src/core/runs/spec.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import type { BenchRow } from './embedded-accuracy.ts';

const RUNS = 500;
const TRIES = 5;
const IDLE_MS = 5000;
const TARGET_MS = 50;
/** Of CPU time in the five seconds: what Node itself takes to wake up once. */
const IDLE_TARGET_MS = 5;

interface Measured {
  readonly loadedMs: number;
  readonly activatedMs: number;
  readonly idleCpuMs: number;
  readonly timers: number;
}

export async function runsIdleBench(root: string): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    await writeOldRuns(folder);
    const tries: Measured[] = [];
    for (let each = 0; each < TRIES; each += 1) {
      const { stdout } = await execa(process.execPath, [
        path.join(root, 'test', 'bench', 'activate-extension.mjs'),
        path.join(root, 'dist', 'extension.cjs'),
        folder,
        String(each === 0 ? IDLE_MS : 0),
      ]);
      tries.push(JSON.parse(stdout) as Measured);
    }
    const activated = median(tries.map(({ activatedMs, loadedMs }) => activatedMs - loadedMs));
    const loaded = median(tries.map(({ loadedMs }) => loadedMs));
    const [{ idleCpuMs, timers }] = tries as [Measured];
    return [
      {
        what: `loading the extension and activating it with ${RUNS} old runs (median of ${TRIES})`,
        value: `${(loaded + activated).toFixed(1)} ms, ${activated.toFixed(1)} ms of it activating`,
        target: `< ${TARGET_MS} ms`,
        met: loaded + activated < TARGET_MS,
      },
      {
        what: `CPU time of ${IDLE_MS / 1000} s idle with ${RUNS} old runs`,
        value: `${idleCpuMs.toFixed(1)} ms, ${timers} timers`,
        target: `< ${IDLE_TARGET_MS} ms, no timer of ours`,
        met: idleCpuMs < IDLE_TARGET_MS && timers === 0,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeOldRuns(base: string): Promise<void> {
  const store = new RunStore(base);
  const time = new Date(Date.UTC(2026, 0, 1)).toISOString();
  for (let number = 0; number < RUNS; number += 1) {
    const { folder } = await store.create({
      name: `pairs-${number}`,
      method: 'bradley-terry',
      data: { train: UNKNOWN_DATA },
      engine: 'embedded',
      target: 'local',
      seed: number,
      settings: {},
      versions: {},
    });
    const lines = Array.from({ length: 200 }, (_, step) => ({
      kind: 'metrics',
      step,
      total_steps: 200,
      values: { 'train/loss': 1 / (step + 1) },
    }));
    await writeFile(
      folder.eventsFile,
      [...lines, { kind: 'status', status: 'finished' }]
        .map((body, index) => `${JSON.stringify({ v: 1, attempt: 1, seq: index + 1, time, ...body })}\n`)
        .join(''),
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

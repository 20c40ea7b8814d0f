/** Runs on another machine, which is this one behind SSH: a store, a target set up in it, and the trainer of these tests. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findPython } from '../../scripts/environments/python.mjs';
import { root } from '../../scripts/main.mjs';
import { RunObserver } from '../../src/core/runs/observe.ts';
import type { RunDraft } from '../../src/core/runs/prepare.ts';
import { type StartedRun, startRun } from '../../src/core/runs/start.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import type { Runtime } from '../../src/core/runtime.ts';
import { writeTarget } from '../../src/core/targets/remote/targets-file.ts';

export const TARGET = 'ssh:box';

export interface Elsewhere {
  readonly store: RunStore;
  readonly runtime: Runtime;
  /** What is there: packages, data, runs. */
  readonly there: string;
  readonly folder: string;
}

/** @param there the folder of the other machine; one of its own where it is left out */
export async function elsewhere(there?: string): Promise<Elsewhere> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rs elsewhere '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const packageFolder = path.join(folder, 'package');
  cpSync(path.join(root, 'dist', 'python'), packageFolder, { recursive: true });
  cpSync(path.join(root, 'test/ssh/trainer.py'), path.join(packageFolder, 'reward_studio', '__main__.py'));
  const base = path.join(folder, "it's a workspace");
  mkdirSync(base);
  const executable = findPython()!;
  const place = there ?? path.join(folder, "the other machine's $HOME");
  await writeTarget(base, TARGET, { python: executable, folder: place });
  const runtime: Runtime = {
    nodePath: process.execPath,
    workersFolder: path.join(root, 'dist', 'workers'),
    version: '0.0.0-test',
    python: { packageFolder, interpreter: undefined },
  };
  return { store: new RunStore(base), runtime, there: place, folder };
}

export interface Wanted {
  readonly name?: string;
  readonly steps?: number;
  readonly every?: number;
}

export async function startThere(
  { store, runtime, folder }: Elsewhere,
  { name = 'pairs', steps = 40, every = 10 }: Wanted = {},
  secrets: Readonly<Record<string, string>> = {},
): Promise<StartedRun> {
  const data = path.join(folder, 'some pairs.jsonl');
  writeFileSync(data, '{"prompt":"a","chosen":"b","rejected":"c"}\n'.repeat(7));
  const draft: RunDraft = {
    name,
    method: 'bradley-terry',
    data: { train: { path: data, fingerprint: 'sha256:0', rows: 7 } },
    engine: 'trl',
    target: TARGET,
    base_model: 'owner/name',
    seed: 1,
    settings: { max_steps: steps, save_steps: every },
    versions: {},
  };
  return startRun(store, draft, runtime, { secrets: async () => secrets });
}

export const observed = (run: StartedRun) => new RunObserver(run.folder, run.spec);

/** A file of the run, as it is there. */
export const readThere = ({ there }: Elsewhere, run: StartedRun, name: string): Buffer =>
  readFileSync(path.join(there, 'runs', run.spec.id, name));

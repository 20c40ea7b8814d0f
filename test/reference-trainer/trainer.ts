/** The process of the reference trainer, started as docs/run-format.md says. Ends 0 finished, 3 stopped, 1 failed. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { reportError } from '../../src/core/errors.ts';
import { type EventBody, runEventSchema } from '../../src/core/runs/events.ts';
import { countEntries, LogWriter } from '../../src/core/runs/json-lines-log.ts';
import { StopRequests } from '../../src/core/runs/stop-request.ts';
import { RunFolder } from '../../src/core/runs/store.ts';
import { lockRun } from '../../src/core/runs/writer-lock.ts';
import { initialState, makePairs, type TrainingState, trainStep } from './model.ts';
import { referenceSettingsSchema } from './settings.ts';

const LISTEN_MS = 20;

const {
  REWARD_STUDIO_RUN: folderPath = '',
  REWARD_STUDIO_ATTEMPT: attemptText,
  REWARD_STUDIO_CHECKPOINT: checkpoint = '',
} = process.env;
const folder = new RunFolder(folderPath);
const attempt = Number(attemptText);
const spec = await folder.readSpec();
const settings = { ...referenceSettingsSchema.parse(spec.settings.parameters), seed: spec.seed };
const faults: Partial<typeof settings> = attempt === 1 ? settings : {};

let signalled = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signalled = !faults.deaf;
  });
}
const requests = new StopRequests(folder.controlFile, attempt);
const listens = !faults.deaf && faults.reads_requests !== false;
const stopAsked = async () => signalled || (listens && (await requests.requested()));

const lock = await lockRun(folder.path);
const written = await countEntries(folder.eventsFile, runEventSchema, attempt);
const log = new LogWriter<EventBody>(folder.eventsFile, attempt, written);
try {
  process.exitCode = await train();
} catch (error) {
  console.error(error);
  log.append({ kind: 'status', status: 'failed', error: reportError(error) });
  process.exitCode = 1;
} finally {
  log.close();
  lock.release();
}

async function train(): Promise<number> {
  log.append({ kind: 'status', status: 'preparing', message: 'making pairs' });
  const pairs = makePairs(settings);
  const state: TrainingState =
    checkpoint === '' ? initialState(settings) : JSON.parse(readFileSync(checkpoint, 'utf8'));
  log.append({ kind: 'status', status: 'running' });
  while (state.step < settings.steps) {
    if (await stopAsked()) {
      writeCheckpoint(state);
      log.append({ kind: 'status', status: 'stopped' });
      return 3;
    }
    if (faults.hold_at_step === state.step) {
      await wait(LISTEN_MS);
      continue;
    }
    const { loss, accuracy } = trainStep(state, pairs, settings);
    if (faults.out_of_memory_at_step === state.step) {
      console.error('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.');
      return 1;
    }
    const broken = faults.nan_at_step === state.step;
    log.append({
      kind: 'metrics',
      step: state.step,
      total_steps: settings.steps,
      values: { ...(broken ? {} : { 'train/loss': loss }), 'train/accuracy': accuracy },
      ...(broken ? { not_finite: { 'train/loss': 'nan' as const } } : {}),
    });
    if (state.step % settings.checkpoint_every === 0) writeCheckpoint(state);
    if (settings.pause_ms > 0) await wait(settings.pause_ms);
  }
  writeFileSync(path.join(folder.path, 'weights.json'), JSON.stringify(state.weights));
  log.append({ kind: 'result', model: 'weights.json', train_rows: settings.rows, validation_rows: 0 });
  log.append({ kind: 'status', status: 'finished' });
  return 0;
}

/** Whole or not at all: it is announced once it is on the disk under its name. */
function writeCheckpoint(state: TrainingState): void {
  const name = `checkpoints/step-${state.step}.json`;
  const file = path.join(folder.path, name);
  // A run that was deleted does not come back.
  if (!existsSync(path.dirname(file))) mkdirSync(path.dirname(file));
  const descriptor = openSync(`${file}.partial`, 'w');
  try {
    writeSync(descriptor, JSON.stringify(state));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.partial`, file);
  log.append({ kind: 'checkpoint', step: state.step, path: name });
}

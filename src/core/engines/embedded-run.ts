/** One training run of the embedded engine, start to end, in its own process: reads `run.json`, writes the run's events. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadRecords } from '../datasets/load-records.ts';
import { reportError, StudioError, toStudioError } from '../errors.ts';
import { METHODS } from '../methods/method.ts';
import { type EventBody, runEventSchema } from '../runs/events.ts';
import { countEntries, LogWriter } from '../runs/json-lines-log.ts';
import type { RunSpec } from '../runs/spec.ts';
import { RunFolder } from '../runs/store.ts';
import { lockRun } from '../runs/writer-lock.ts';
import { type EmbeddedMethod, parseEmbeddedSettings } from './embedded/model.ts';
import { MODEL_FILE_NAME, writeModelFile } from './embedded/model-file.ts';
import { trainEmbedded } from './embedded/train.ts';

/** @returns the exit code of the process: 0 finished, 1 failed, 3 stopped on request */
export async function runEmbeddedTraining(folderPath: string, attempt: number, signal: AbortSignal): Promise<number> {
  const folder = new RunFolder(folderPath);
  const lock = await lockRun(folder.path);
  // A trainer that was killed may have written events of this attempt already: numbering goes on after them.
  const written = await countEntries(folder.eventsFile, runEventSchema, attempt);
  const log = new LogWriter<EventBody>(folder.eventsFile, attempt, written);
  try {
    await train(folder, log, signal);
    log.append({ kind: 'status', status: 'finished' });
    return 0;
  } catch (error) {
    if (toStudioError(error)?.code === 'cancelled') {
      log.append({ kind: 'status', status: 'stopped' });
      return 3;
    }
    log.append({ kind: 'status', status: 'failed', error: reportError(error) });
    throw error;
  } finally {
    log.close();
    lock.release();
  }
}

async function train(folder: RunFolder, log: LogWriter<EventBody>, signal: AbortSignal): Promise<void> {
  log.append({ kind: 'status', status: 'preparing', message: 'reading rows' });
  const spec = await folder.readSpec();
  if (spec.method === 'sft') throw new StudioError('not-available', 'The embedded engine cannot train SFT.');
  const method: EmbeddedMethod = spec.method;
  const { train: trainData, validation: validationData } = spec.data;
  const records = await readRows(spec, trainData.path, log, signal);
  const validation = validationData && (await readRows(spec, validationData.path, log, signal));
  log.append({ kind: 'status', status: 'running', message: 'fitting' });
  const trained = await trainEmbedded({
    method,
    records,
    ...(validation === undefined ? {} : { validation }),
    settings: parseEmbeddedSettings(spec.settings),
    seed: spec.seed,
    data: { fingerprint: trainData.fingerprint, path: trainData.path },
    onMetrics: ({ step, totalSteps, epoch, values }) =>
      log.append({ kind: 'metrics', step, total_steps: totalSteps, epoch, values }),
    signal,
  });
  const { model } = trained;
  for (const warning of trained.warnings) log.append({ kind: 'warning', message: warning });
  // Not recursive: a run that was deleted meanwhile does not come back as half a folder.
  await mkdir(folder.modelFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeModelFile(path.join(folder.modelFolder, MODEL_FILE_NAME), model);
  log.append({
    kind: 'result',
    model: `${path.basename(folder.modelFolder)}/${MODEL_FILE_NAME}`,
    ...(model.validation === undefined ? {} : { evaluation: model.validation }),
    train_rows: trained.trainRows,
    validation_rows: trained.validationRows,
  });
}

async function readRows(spec: RunSpec, file: string, log: LogWriter<EventBody>, signal: AbortSignal) {
  const loaded = await loadRecords(file, METHODS[spec.method], {
    signal,
    ...(spec.data.map === undefined ? {} : { map: spec.data.map }),
  });
  if (loaded.problems.count > 0) {
    const { count, first } = loaded.problems;
    log.append({
      kind: 'warning',
      message: `${path.basename(file)}: ${count} rows could not be used (first: ${first})`,
    });
  }
  return loaded.records;
}

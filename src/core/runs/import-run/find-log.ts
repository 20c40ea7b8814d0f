/** Which log a person means by a file or a folder of another trainer, told by what is in it. */

import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { StudioError, toStudioError } from '../../errors.ts';
import type { ImportFormat } from '../spec.ts';
import type { ForeignLog } from './foreign-log.ts';
import { readTensorBoard } from './tensorboard.ts';
import { readTrainerState } from './trainer-state.ts';
import { hasVerlStep, readVerlConsole } from './verl-console.ts';
import { readVerlJsonl, verlLine } from './verl-jsonl.ts';

const TRAINER_STATE = 'trainer_state.json';
const LARGEST_TRAINER_STATE = 512 * 1024 * 1024;
/** Enough for the first lines of a log; a console says much before its first step, which is looked for in all of it. */
const HEAD_BYTES = 64 * 1024;

const ACCEPTED =
  'Accepted are trainer_state.json (transformers, TRL), the JSON Lines or the console output of verl, and event files of TensorBoard.';

export interface FoundLog {
  readonly format: ImportFormat;
  /** In the order to read; several only for TensorBoard. */
  readonly files: readonly string[];
}

/** @throws StudioError 'file-not-found', 'permission-denied', 'unsupported-file', 'empty-file' */
export async function findLog(given: string): Promise<FoundLog> {
  const found = await stat(given).catch(actionable);
  if (found.isDirectory()) return findInFolder(given);
  if (found.size === 0) throw new StudioError('empty-file', 'This log is empty.', { where: { file: given } });
  if (isEventFile(given)) return { format: 'tensorboard', files: [given] };
  const head = (await readHead(given)).trimStart();
  if (head.startsWith('{')) {
    if (verlLine(head.split('\n', 1)[0] ?? '')) return { format: 'verl-jsonl', files: [given] };
    if (/^\{\s*"/.test(head) && given.endsWith('.json')) return { format: 'trainer-state', files: [given] };
  }
  if (await hasStep(given)) return { format: 'verl-console', files: [given] };
  throw new StudioError('unsupported-file', 'No known log of a training.', { where: { file: given }, hint: ACCEPTED });
}

export async function readForeignLog({ format, files }: FoundLog): Promise<ForeignLog> {
  const [file = ''] = files;
  switch (format) {
    case 'trainer-state':
      return readTrainerState(await readWhole(file), file);
    case 'verl-jsonl':
      return readVerlJsonl(linesOf(file));
    case 'verl-console':
      return readVerlConsole(linesOf(file));
    case 'tensorboard':
      return readTensorBoard(files);
  }
}

/** The state of the training, else that of its newest checkpoint, else the event files. */
async function findInFolder(folder: string): Promise<FoundLog> {
  const names = await readdir(folder).catch(actionable);
  if (names.includes(TRAINER_STATE)) return { format: 'trainer-state', files: [path.join(folder, TRAINER_STATE)] };
  const checkpoints = names.filter((name) => /^checkpoint-\d+$/.test(name));
  for (const name of checkpoints.sort((a, b) => stepOf(b) - stepOf(a))) {
    const file = path.join(folder, name, TRAINER_STATE);
    const there = await stat(file).catch(() => undefined);
    if (there) return { format: 'trainer-state', files: [file] };
  }
  // Their names begin with the time at which they were made.
  const events = names.filter(isEventFile).sort();
  if (events.length > 0) return { format: 'tensorboard', files: events.map((name) => path.join(folder, name)) };
  throw new StudioError('unsupported-file', 'This folder holds no known log of a training.', {
    where: { file: folder },
    hint: ACCEPTED,
  });
}

const stepOf = (checkpoint: string): number => Number(checkpoint.slice('checkpoint-'.length));
const isEventFile = (file: string): boolean => path.basename(file).includes('.tfevents.');

async function readHead(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(actionable);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function readWhole(file: string): Promise<string> {
  const { size } = await stat(file).catch(actionable);
  if (size > LARGEST_TRAINER_STATE) {
    throw new StudioError('unsupported-file', `This file has ${size} bytes: too many for a trainer_state.json.`, {
      where: { file },
    });
  }
  return readFile(file, 'utf8').catch(actionable);
}

async function hasStep(file: string): Promise<boolean> {
  for await (const line of linesOf(file)) if (line.split('\r').some(hasVerlStep)) return true;
  return false;
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}

function actionable(error: unknown): never {
  throw toStudioError(error) ?? error;
}

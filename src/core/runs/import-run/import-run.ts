/** A training that ran elsewhere becomes a run here: its log, read once, in a run folder like any other. */

import { copyFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../errors.ts';
import type { MethodId } from '../../methods/method.ts';
import { EVENT_FORMAT_VERSION, type EventBody } from '../events.ts';
import { FOREIGN_ENGINE, type RunSpec, UNKNOWN_DATA } from '../spec.ts';
import type { RunFolder, RunStore } from '../store.ts';
import { findLog, readForeignLog } from './find-log.ts';
import type { ForeignLog } from './foreign-log.ts';

export interface ImportRunOptions {
  /** A log, or a folder that has one. */
  readonly source: string;
  /** From the name of the log when left out. */
  readonly name?: string | undefined;
  /** Where the metrics do not tell. */
  readonly method?: MethodId | undefined;
  /** Version of Reward Studio. */
  readonly version: string;
}

export interface ImportedRun {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
  readonly log: ForeignLog;
}

/**
 * @throws StudioError as `findLog`; 'empty-file' for a log without a number in it; 'invalid-run' with the field "method"
 *   where the method is neither given nor told
 */
export async function importRun(store: RunStore, options: ImportRunOptions): Promise<ImportedRun> {
  const source = path.resolve(options.source);
  const found = await findLog(source);
  const log = await readForeignLog(found);
  if (log.entries.length === 0) {
    throw new StudioError('empty-file', 'This log has no metrics.', {
      where: { file: source },
      ...(log.warnings[0] === undefined ? {} : { hint: `What it has cannot be read: ${log.warnings[0]}.` }),
    });
  }
  const method = options.method ?? methodOf(log);
  if (method === undefined) {
    throw new StudioError('invalid-run', 'The log does not tell what was trained.', {
      where: { file: source, field: 'method' },
      hint: 'Say which it was: bradley-terry, pointwise, pairwise or sft.',
    });
  }
  const { folder, spec } = await store.create({
    name: (options.name ?? defaultName(source)).slice(0, 80),
    method,
    data: { train: UNKNOWN_DATA },
    engine: FOREIGN_ENGINE,
    target: 'local',
    seed: 0,
    settings: {},
    versions: { reward_studio: options.version },
    imported: { format: log.format, path: source },
  });
  try {
    const [file = source] = found.files;
    await writeFile(folder.eventsFile, eventLines(log, (await stat(file)).mtime));
    if (log.format === 'verl-console') await copyFile(file, folder.logFile);
  } catch (error) {
    await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
  return { folder, spec, log };
}

/** Only rewards of pairs have margins and accuracies; a loss alone says nothing. */
function methodOf({ entries }: ForeignLog): MethodId | undefined {
  const names = new Set(entries.flatMap(({ metrics }) => Object.keys(metrics.values)));
  const has = (name: string) => names.has(`train/${name}`) || names.has(`validation/${name}`);
  return has('margin') && has('accuracy') ? 'bradley-terry' : undefined;
}

/** The folder says more than `trainer_state.json`, and than the time in the name of an event file. */
function defaultName(source: string): string {
  const name = path.basename(source);
  const generic = name === 'trainer_state.json' || name.includes('.tfevents.') || /^checkpoint-\d+$/.test(name);
  return generic ? defaultName(path.dirname(source)) : name.replace(/\.(jsonl|json|log|txt|out)$/, '') || 'imported';
}

/** @param written when the log was last written: the time of entries that name none */
function eventLines(log: ForeignLog, written: Date): string {
  const time = (seconds: number | undefined): string => {
    const date = seconds === undefined ? written : new Date(seconds * 1000);
    return (Number.isNaN(date.getTime()) ? written : date).toISOString();
  };
  const last = log.entries.at(-1);
  const first = log.entries[0]?.time;
  const bodies: (readonly [EventBody, number | undefined])[] = [
    [{ kind: 'status', status: 'running', message: 'imported' }, first],
    ...log.entries.map((entry) => [entry.metrics, entry.time] as const),
    ...log.warnings.map((message) => [{ kind: 'warning' as const, message }, last?.time] as const),
    [ending(log), last?.time],
  ];
  return bodies
    .map(([body, seconds], index) => {
      const head = { v: EVENT_FORMAT_VERSION, attempt: 1, seq: index + 1, time: time(seconds) };
      return `${JSON.stringify({ ...head, ...body })}\n`;
    })
    .join('');
}

/** A log that does not say how it ended may be that of a training that was broken off: it is not called finished. */
function ending({ ending: told, entries }: ForeignLog): EventBody {
  if (told?.status === 'failed') {
    return {
      kind: 'status',
      status: 'failed',
      error: { code: 'trainer-died', message: `The log ends with an error: ${told.message}`, where: {} },
    };
  }
  if (told) return { kind: 'status', status: 'finished', message: told.message };
  return { kind: 'status', status: 'stopped', message: `the log ends at step ${entries.at(-1)?.metrics.step ?? 0}` };
}

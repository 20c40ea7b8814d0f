/** Starting and stopping runs. */

import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { resolveTarget } from '../targets/known-targets.ts';
import { type ControlBody, controlEntrySchema } from './events.ts';
import { countEntries, LogWriter } from './json-lines-log.ts';
import type { RunObserver } from './observe.ts';
import type { RunDraft } from './prepare.ts';
import type { RunSpec } from './spec.ts';
import { ACTIVE_STATUSES, type RunState } from './state.ts';
import type { RunFolder, RunStore } from './store.ts';

export interface StartedRun {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
  readonly pid: number;
  /** Resolves when the trainer's process has ended and the run's control log says how. */
  readonly ended: Promise<void>;
}

/** Creates the run's folder and launches its trainer, which goes on when the caller ends. */
export async function startRun(store: RunStore, draft: RunDraft, runtime: Runtime): Promise<StartedRun> {
  const engine = ENGINES[draft.engine];
  if (!engine) throw new StudioError('not-available', `The engine "${draft.engine}" is not there yet.`);
  const { folder, spec } = await store.create(draft);
  const attempt = 1;
  const command = engine.command(spec, folder.path, attempt, runtime);
  const launched = await resolveTarget(spec.target).launch({
    command,
    workingFolder: folder.path,
    logFile: folder.logFile,
  });
  await appendControl(folder, attempt, {
    kind: 'launched',
    pid: launched.pid,
    process_start: launched.processStart ?? null,
    host: launched.host,
    command: [command.file, ...command.args],
  });
  const ended = launched.exited.then(({ code, signal }) =>
    appendControl(folder, attempt, { kind: 'exited', exit_code: code, signal }),
  );
  return { folder, spec, pid: launched.pid, ended };
}

/** Asks a run to stop, then makes it; returns its state afterwards. A run that has ended is left as it is. */
export async function stopRun(observer: RunObserver, graceMs = 10_000): Promise<RunState> {
  const before = await observer.observe();
  const { process: launched, attempt } = before.fold;
  if (!ACTIVE_STATUSES.has(before.status) || !launched) return before;
  await appendControl(observer.folder, attempt, { kind: 'stop-requested' });
  await resolveTarget(before.spec.target).stop(launched, graceMs);
  return observer.observe();
}

/** The host's own log. A missing folder (the run was deleted) is no reason to fail. */
async function appendControl(folder: RunFolder, attempt: number, body: ControlBody): Promise<void> {
  try {
    const written = await countEntries(folder.controlFile, controlEntrySchema, attempt);
    const writer = new LogWriter<ControlBody>(folder.controlFile, attempt, written);
    writer.append(body);
    writer.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

import type { Command } from 'commander';
import { attachRun, isUnfollowed } from '../../../core/runs/elsewhere/attach.ts';
import { RunObserver } from '../../../core/runs/observe.ts';
import { resumeRun } from '../../../core/runs/start.ts';
import { interruptSignal, openStore, type PythonOption, runtimeWithPython, withPythonOption } from '../../arguments.ts';
import { followStarted } from '../../follow-started.ts';
import { type JsonOption, RUN_ARGUMENT } from './find-run.ts';

export function addResumeRun(runs: Command): void {
  const command = runs
    .command('resume')
    .description('go on from the newest checkpoint of a run that has ended')
    .argument('<id>', RUN_ARGUMENT)
    .option('--json', 'print the result as JSON');
  withPythonOption(command).action(resume);
}

async function resume(id: string, { json, python }: JsonOption & PythonOption): Promise<void> {
  const store = openStore();
  const runtime = await runtimeWithPython({ python });
  const run = await store.find(id);
  const state = await new RunObserver(run.folder, run.spec).observe();
  // It may go on elsewhere, unseen: then it is followed again.
  const started = isUnfollowed(state)
    ? { ...run, ...(await attachRun(state, runtime)) }
    : await resumeRun(store, run, runtime);
  await followStarted(started, { runtime, signal: interruptSignal(), json: json === true });
}

import type { Command } from 'commander';
import { describeError } from '../../../core/errors.ts';
import { headline } from '../../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../../core/methods/method.ts';
import { describeRun } from '../../../core/runs/describe-run.ts';
import { RunObserver } from '../../../core/runs/observe.ts';
import type { RunState } from '../../../core/runs/state.ts';
import { openStore } from '../../arguments.ts';
import { alignColumns, printJson, printLines } from '../../output.ts';
import type { JsonOption } from './find-run.ts';

export function addListRuns(runs: Command): void {
  runs.command('list').description('all runs, newest first').option('--json', 'print as JSON').action(list);
}

async function list({ json }: JsonOption): Promise<void> {
  const store = openStore();
  const listing = await store.list();
  const states: RunState[] = [];
  for (const { folder, spec } of listing.runs) states.push(await new RunObserver(folder, spec).observe());
  for (const { folder, error } of listing.problems) {
    process.stderr.write(`warning: ${folder}: ${describeError(error)}\n`);
  }
  if (json) {
    printJson(states.map(describeRun));
    return;
  }
  if (states.length === 0) {
    printLines([`No runs in ${store.runsFolder}.`]);
    return;
  }
  printLines(
    alignColumns([
      ['ID', 'STATUS', 'METHOD', 'RESULT', 'NAME'],
      ...states.map((state) => [
        state.spec.id,
        state.status,
        METHODS[state.spec.method].title,
        (state.fold.result?.evaluation && headline(state.fold.result.evaluation)) ?? '',
        state.spec.name,
      ]),
    ]),
  );
}

import type { Command } from 'commander';
import { describeRun } from '../../../core/runs/describe-run.ts';
import { stopRun } from '../../../core/runs/start.ts';
import { printJson, printLines } from '../../output.ts';
import { findRun, type JsonOption, RUN_ARGUMENT } from './find-run.ts';

export function addStopRun(runs: Command): void {
  runs
    .command('stop')
    .description('ask a run to stop, then make it')
    .argument('<id>', RUN_ARGUMENT)
    .option('--json', 'print as JSON')
    .action(stop);
}

async function stop(id: string, { json }: JsonOption): Promise<void> {
  const state = await stopRun(await findRun(id));
  if (json) printJson(describeRun(state));
  else printLines([`run ${state.spec.id}: ${state.status}`]);
}

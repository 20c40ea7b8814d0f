import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { StudioError } from '../../../core/errors.ts';
import { ACTIVE_STATUSES } from '../../../core/runs/state.ts';
import { printJson, printLines } from '../../output.ts';
import { findRun, type JsonOption, RUN_ARGUMENT } from './find-run.ts';

interface DeleteOptions extends JsonOption {
  readonly yes?: boolean;
}

export function addDeleteRun(runs: Command): void {
  runs
    .command('delete')
    .description('delete a run with its model, for good')
    .argument('<id>', RUN_ARGUMENT)
    .option('--yes', 'needed: nothing brings it back')
    .option('--json', 'print as JSON')
    .action(deleteRun);
}

async function deleteRun(id: string, { yes, json }: DeleteOptions): Promise<void> {
  const observer = await findRun(id);
  const { status, spec, folder } = await observer.observe();
  if (ACTIVE_STATUSES.has(status)) {
    throw new StudioError('run-busy', `This run is ${status}.`, { where: { file: folder }, hint: 'Stop it first.' });
  }
  if (!yes) {
    throw new StudioError('usage', `This deletes ${spec.name} (${status}) with its model, for good.`, {
      where: { file: folder },
      hint: 'Add --yes to do it.',
    });
  }
  await rm(folder, { recursive: true });
  if (json) printJson({ deleted: spec.id, folder });
  else printLines([`run ${spec.id}: deleted`]);
}

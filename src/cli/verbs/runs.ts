import type { Command } from 'commander';
import { addCompareRuns } from './runs/compare.ts';
import { addDeleteRun } from './runs/delete.ts';
import { addImportForeignRun } from './runs/import.ts';
import { addListRuns } from './runs/list.ts';
import { addRunLogs } from './runs/logs.ts';
import { addResumeRun } from './runs/resume.ts';
import { addShowRun } from './runs/show.ts';
import { addStopRun } from './runs/stop.ts';

export function addRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('list, follow, compare, stop, resume, import and delete runs of this folder');
  for (const add of [
    addListRuns,
    addShowRun,
    addRunLogs,
    addStopRun,
    addResumeRun,
    addCompareRuns,
    addImportForeignRun,
    addDeleteRun,
  ])
    add(runs);
}

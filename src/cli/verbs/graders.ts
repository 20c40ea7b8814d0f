import type { Command } from 'commander';
import { addExportGrader } from './graders/export.ts';

export function addGraders(program: Command): void {
  const graders = program.command('graders').description('export graders as Python that needs nothing of ours');
  for (const add of [addExportGrader]) add(graders);
}

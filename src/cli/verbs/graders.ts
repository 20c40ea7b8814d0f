/** `graders`: what can grade here; added, tried, and exported. */

import type { Command } from 'commander';
import { addAddGrader } from './graders/add.ts';
import { addCompareGraders } from './graders/compare.ts';
import { addExportGrader } from './graders/export.ts';
import { addListGraders } from './graders/list.ts';
import { addTestGrader } from './graders/test.ts';

export function addGraders(program: Command): void {
  const graders = program
    .command('graders')
    .description('graders of this folder (.reward-studio/graders.json); export as Python that needs nothing of ours');
  for (const add of [addListGraders, addAddGrader, addTestGrader, addCompareGraders, addExportGrader]) add(graders);
}

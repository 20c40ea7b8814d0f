import type { Command } from 'commander';
import { describeError, reportError } from '../../../core/errors.ts';
import {
  KIND_TITLES,
  keyNameOf,
  SCALE_TITLES,
  scaleOf,
  whereOf,
} from '../../../core/graders/registry/describe-entry.ts';
import type { GraderEntry } from '../../../core/graders/registry/grader-entry.ts';
import { alignColumns, printJson, printLines } from '../../output.ts';
import { environmentKeys, keyVariable, openRegistry } from '../../registry.ts';

export function addListGraders(graders: Command): void {
  graders
    .command('list')
    .description('names, kinds, scales, and whether keys are set; asks no endpoint')
    .option('--json', 'print as JSON')
    .action(list);
}

async function list(options: { readonly json?: boolean }): Promise<void> {
  const { graders, problems } = await openRegistry().read();
  if (problems.length > 0) process.exitCode = 1;
  if (options.json) {
    const listed = await Promise.all(graders.map(async (entry) => ({ ...entry, ...(await keyState(entry)) })));
    printJson({ graders: listed, problems: problems.map(reportError) });
    return;
  }
  const rows = await Promise.all(graders.map(rowOf));
  printLines([
    ...(rows.length > 0 ? alignColumns([['name', 'kind', 'scale', 'asks', 'key'], ...rows]) : []),
    ...(rows.length + problems.length === 0 ? ['No graders. Add one with "reward-studio graders add".'] : []),
    ...problems.map((problem) => `error: ${describeError(problem)}`),
  ]);
}

async function rowOf(entry: GraderEntry): Promise<string[]> {
  const scale = scaleOf(entry);
  const { key, key_set } = await keyState(entry);
  const state = key === undefined ? '' : `${key}${key_set ? '' : ` (not set: ${keyVariable(key)})`}`;
  return [entry.name, KIND_TITLES[entry.kind], scale ? SCALE_TITLES[scale] : 'of the model', whereOf(entry), state];
}

async function keyState(entry: GraderEntry): Promise<{ readonly key?: string; readonly key_set?: boolean }> {
  const key = keyNameOf(entry);
  if (key === undefined) return {};
  return { key, key_set: (await environmentKeys.get(key, '')) !== undefined };
}

/** `graders`: what can grade here, added and tried. */

import { type Command, Option } from 'commander';
import { describeError, reportError } from '../../core/errors.ts';
import { gradeLine } from '../../core/graders/hover-card.ts';
import { KIND_TITLES, keyNameOf, SCALE_TITLES, scaleOf, whereOf } from '../../core/graders/registry/describe-entry.ts';
import {
  ENTRY_KINDS,
  type EntryKind,
  type GraderEntry,
  REWARD_APIS,
} from '../../core/graders/registry/grader-entry.ts';
import type { GraderInput } from '../../core/graders/registry/registry.ts';
import { smokeTest } from '../../core/graders/registry/smoke-test.ts';
import { interruptSignal, type PythonOption, withPythonOption } from '../arguments.ts';
import { alignColumns, printJson, printLines } from '../output.ts';
import { environmentKeys, keyVariable, openNamedGrader, openRegistry } from '../registry.ts';

interface Json {
  readonly json?: boolean;
}

interface AddOptions extends Json {
  readonly kind: EntryKind;
  readonly allowHttp?: boolean;
  readonly url?: string;
  readonly api?: string;
  readonly model?: string;
  readonly folder?: string;
  readonly method?: string;
  readonly scale?: string;
  readonly key?: string;
  readonly vendor?: string;
}

export function addGraders(program: Command): void {
  const graders = program.command('graders').description('graders of this folder (.reward-studio/graders.json)');
  graders
    .command('list')
    .description('names, kinds, scales, and whether keys are set; asks no endpoint')
    .option('--json', 'print as JSON')
    .action(list);
  graders
    .command('add')
    .description('add one; a key is named, and its value is in the environment')
    .argument('<name>', 'how it is called')
    .addOption(new Option('--kind <kind>', 'what answers').choices(ENTRY_KINDS).makeOptionMandatory())
    .option('--model <model>', 'model file (embedded), or name of the model at the endpoint')
    .option('--folder <folder>', 'model folder (local-model)')
    .option('--url <url>', 'base address of an endpoint')
    .addOption(new Option('--api <api>', 'form of the requests of a reward endpoint').choices(REWARD_APIS))
    .addOption(new Option('--method <method>', 'of a judge').choices(['pointwise', 'pairwise']))
    .option('--scale <scale>', 'of a reward endpoint: logit-within-prompt, score-0-4')
    .option('--key <name>', 'name of the key that is sent')
    .option('--vendor <vendor>', 'of a model of the editor')
    .option('--allow-http', 'send texts to another machine without encryption')
    .option('--json', 'print as JSON')
    .action(add);
  const test = graders
    .command('test')
    .description('ask one small question: shows the answer and how long it took')
    .argument('<name>', 'name of the grader')
    .option('--json', 'print as JSON');
  withPythonOption(test).action(tryOut);
}

async function list(options: Json): Promise<void> {
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

async function add(name: string, { json, allowHttp, ...fields }: AddOptions): Promise<void> {
  const registry = openRegistry();
  const input: GraderInput = { name, ...fields, ...(allowHttp ? { allow_http: true } : {}) };
  await registry.add(input);
  const entry = await registry.find(name);
  if (json) printJson({ grader: entry, file: registry.path });
  else printLines([`added ${name} to ${registry.path}`, ...keyHint(entry)]);
}

function keyHint(entry: GraderEntry): string[] {
  const key = keyNameOf(entry);
  return key === undefined ? [] : [`its key is read from the environment variable ${keyVariable(key)}`];
}

async function tryOut(name: string, options: Json & PythonOption): Promise<void> {
  const grader = await openNamedGrader(name, options);
  try {
    const { request, grade, latencyMs } = await smokeTest(grader, interruptSignal());
    if (options.json) return printJson({ grader: name, request, grade, latencyMs });
    printLines([
      `prompt: ${request.prompt[0]!.content}`,
      `response: ${request.response[0]!.content}`,
      `sibling: ${request.sibling[0]!.content}`,
      `${gradeLine(grade)} · ${latencyMs.toFixed(0)} ms`,
      ...(grade.notes ?? []).map((note) => `note: ${note}`),
    ]);
  } finally {
    grader.dispose();
  }
}

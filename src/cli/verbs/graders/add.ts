import { type Command, Option } from 'commander';
import { keyNameOf } from '../../../core/graders/registry/describe-entry.ts';
import {
  ENTRY_KINDS,
  type EntryKind,
  type GraderEntry,
  REWARD_APIS,
} from '../../../core/graders/registry/grader-entry.ts';
import type { GraderInput } from '../../../core/graders/registry/registry.ts';
import { printJson, printLines } from '../../output.ts';
import { keyVariable, openRegistry } from '../../registry.ts';

interface AddOptions {
  readonly json?: boolean;
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

export function addAddGrader(graders: Command): void {
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

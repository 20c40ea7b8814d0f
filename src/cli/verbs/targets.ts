/** `targets`: the machines that trainings are started on, besides this one. */

import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import { describeDoctor, describeLacks } from '../../core/python/doctor.ts';
import { contextFor, describeLook } from '../../core/runs/elsewhere/inspect-there.ts';
import { resolveRemoteTarget } from '../../core/targets/known-targets.ts';
import { askForDoctor } from '../../core/targets/remote/ask-doctor.ts';
import { readTargets, writeTarget } from '../../core/targets/remote/targets-file.ts';
import { interruptSignal, openStore, runtimeWithPython } from '../arguments.ts';
import { alignColumns, printJson, printLines } from '../output.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface AddOptions extends JsonOption {
  readonly python?: string;
  readonly folder?: string;
}

const NAME = 'ssh:HOST, as a run file names it';

export function addTargets(program: Command): void {
  const targets = program
    .command('targets')
    .description('machines that trainings are started on (.reward-studio/targets.json)');
  targets
    .command('list')
    .description('names and how they are set up; reaches none')
    .option('--json', 'print as JSON')
    .action(list);
  targets
    .command('add')
    .description('add one, or set it up anew')
    .argument('<name>', NAME)
    .option('--python <path>', 'the Python interpreter there (python3)')
    .option('--folder <path>', 'the folder there that holds packages, data and runs (~/.reward-studio)')
    .option('--json', 'print as JSON')
    .action(add);
  targets
    .command('remove')
    .description('take one from the list; nothing is deleted there')
    .argument('<name>', NAME)
    .action(remove);
  targets
    .command('setup')
    .description('make a Python environment there with the pinned packages of the engine trl, and use it')
    .argument('<name>', NAME)
    .option('--wheels <folder>', 'a folder there that packages are taken from, in place of the package index')
    .option('--json', 'print as JSON')
    .action(setUp);
  targets
    .command('look')
    .description('reach one: what it has, and whether its Python can train')
    .argument('<name>', NAME)
    .option('--json', 'print as JSON')
    .action(look);
}

async function list({ json }: JsonOption): Promise<void> {
  const targets = await readTargets(openStore().base);
  if (json) return printJson({ targets });
  const rows = Object.entries(targets).map(([name, { python = 'python3', folder = '~/.reward-studio' }]) => [
    name,
    python,
    folder,
  ]);
  printLines(
    rows.length > 0
      ? alignColumns([['name', 'python there', 'folder there'], ...rows])
      : ['No targets besides local. Add one with "reward-studio targets add ssh:HOST".'],
  );
}

async function add(name: string, { json, python, folder }: AddOptions): Promise<void> {
  await resolveRemoteTarget(name);
  const { base } = openStore();
  await writeTarget(base, name, { ...(python && { python }), ...(folder && { folder }) });
  if (json) printJson({ name, ...(await readTargets(base))[name] });
  else printLines([`added ${name}; "reward-studio targets look ${name}" reaches it`]);
}

async function remove(name: string): Promise<void> {
  const { base } = openStore();
  if (!(await readTargets(base))[name]) {
    throw new StudioError('usage', `There is no target "${name}" in the list.`, { hint: 'See "targets list".' });
  }
  await writeTarget(base, name, undefined);
  printLines([`removed ${name}`]);
}

async function setUp(name: string, { wheels, json }: JsonOption & { readonly wheels?: string }): Promise<void> {
  const signal = interruptSignal();
  const { target, context, base } = await reach(name);
  if (!target.makeEnvironment) throw new StudioError('not-available', `No environment can be made on ${target.title}.`);
  const onLine = (line: string) => process.stderr.write(`${line}\n`);
  const python = await target.makeEnvironment(context, 'trl', { wheels, onLine, signal });
  await writeTarget(base, name, { ...context.setup, python });
  if (json) printJson({ name, python });
  else printLines([`${name} trains with ${python}`]);
}

async function reach(name: string) {
  const store = openStore();
  const target = await resolveRemoteTarget(name);
  return {
    target,
    base: store.base,
    context: await contextFor(name, target, { store, runtime: await runtimeWithPython({}) }),
  };
}

async function look(name: string, { json }: JsonOption): Promise<void> {
  const signal = interruptSignal();
  const { target, context } = await reach(name);
  const seen = await target.look(context, signal);
  const doctor = await askForDoctor((verb, args) => target.ask(context, verb, args, signal));
  if (json) return printJson({ name, ...seen, doctor });
  const lacks = describeLacks(doctor, 'trl');
  printLines([
    `${target.title}: ${describeLook(seen)}`,
    ...seen.warnings.map((warning) => `warning: ${warning}`),
    describeDoctor(doctor),
    `python ${doctor.python.executable}`,
    lacks === undefined ? 'engine trl: ready' : `engine trl: lacks ${lacks}`,
  ]);
}

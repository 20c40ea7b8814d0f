/** Finds the command of a script that starts a training with Hydra overrides, and takes it apart. */

import { StudioError } from '../../errors.ts';
import { parseShellScript } from './shell-commands.ts';
import { missingOf, textOf, type UsedDefault, type Value, Variables } from './shell-variables.ts';
import type { Word } from './shell-word.ts';

export interface Argument {
  readonly value: Value;
  readonly line: number;
}

export interface Launch {
  readonly line: number;
  /** `verl.trainer.main_ppo`, or the path of a Python file. */
  readonly trainer: string;
  /** Options of what starts the trainer: torchrun, ray job submit. */
  readonly launcherOptions: readonly Argument[];
  /** What the trainer itself is given. */
  readonly overrides: readonly Argument[];
}

export interface IgnoredLine {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

export interface FoundLaunch {
  readonly launch: Launch;
  /** Other commands of the script that start trainings too. */
  readonly others: readonly Launch[];
  /** What is done by the script itself and has no place in a run file. */
  readonly ignoredLines: readonly IgnoredLine[];
  readonly defaults: readonly UsedDefault[];
  readonly warnings: readonly string[];
  /** Folder the script changes to before the launch, relative to where it starts; undefined if unknown. */
  readonly folder: string | undefined;
}

const PYTHON = /^(?:python[\d.]*|torchrun|accelerate|deepspeed)$/;
const LAUNCHER_MODULES = new Set(['torch.distributed.run', 'torch.distributed.launch', 'accelerate.commands.launch']);
const DOTTED_OVERRIDE = /^(?:\+\+|\+)?[A-Za-z_][\w/@-]*(?:\.[\w/@-]+)+=/;

/** What commands are for that a run file does not repeat; the first that matches a command's name. */
const KNOWN_COMMANDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:conda|mamba|source|\.|activate|module|pip3?|uv)$/, 'the environment is set up by whoever starts the run'],
  [/^ray$/, 'the cluster is started and stopped apart from the run'],
  [/^(?:set|ulimit|trap|umask|unset|shopt)$/, 'an option of the shell'],
  [/^(?:cd|pushd|popd)$/, 'paths of the run file are relative to the run file'],
];
/** Nothing a run could take over: not worth a line of the report. */
const SILENT =
  /^(?:echo|printf|\[|\[\[|test|shift|exit|return|true|false|:|sleep|read|wait|break|continue|local|case|for|export|tee)$/;

/** @throws StudioError 'unsupported-file', or 'invalid-run' where there is no launch (on that line) */
export function findLaunch(text: string, given: Readonly<Record<string, string>>, line?: number): FoundLaunch {
  const script = parseShellScript(text);
  const variables = new Variables(given);
  const launches: { readonly launch: Launch; readonly conditional: boolean; readonly folder: string | undefined }[] =
    [];
  const ignoredLines: IgnoredLine[] = [];
  let flags: number | undefined;
  let folder: string | undefined = '.';
  for (const command of script.commands) {
    if (variables.assign(command)) continue;
    const args = command.words.flatMap((word) => argumentsOf(variables, word));
    const launch = launchOf(args, command.line);
    if (launch) {
      launches.push({ launch, conditional: command.conditional, folder });
      continue;
    }
    if (flags === undefined && startsTrainerWithFlags(args)) flags = command.line;
    const name = args[0] ? textOf(args[0].value) : '';
    if (name === 'cd' && !command.conditional) folder = changeFolder(folder, args[1]?.value);
    const reason = reasonFor(name);
    if (reason !== undefined) ignoredLines.push({ line: command.line, text: shortText(args), reason });
  }
  // A launch that stands under no condition is the likeliest to be meant.
  const chosen =
    line === undefined
      ? (launches.find(({ conditional }) => !conditional) ?? launches[0])
      : launches.find(({ launch }) => launch.line === line);
  if (!chosen)
    throw noLaunch(
      launches.map(({ launch }) => launch.line),
      flags,
      line,
    );
  return {
    launch: chosen.launch,
    others: launches.filter((other) => other !== chosen).map(({ launch }) => launch),
    ignoredLines,
    defaults: variables.defaults,
    warnings: [
      ...script.brokenContinuations.map(
        (at) => `line ${at}: a blank after the backslash ends the command there, for the shell too`,
      ),
      ...variables.conditional.map(
        ({ name, lines }) =>
          `${name} is set under a condition (line ${lines.join(', ')}) that is not evaluated: its first value counts`,
      ),
    ],
    folder: chosen.folder,
  };
}

const argumentsOf = (variables: Variables, word: Word): Argument[] =>
  variables.fields(word).map((value) => ({ value, line: value[0]?.line ?? word.line }));

function launchOf(args: readonly Argument[], line: number): Launch | undefined {
  let python = false;
  for (let index = 0; index < args.length; index++) {
    const text = textOf(args[index]!.value);
    const base = text.slice(text.lastIndexOf('/') + 1);
    if (!python && PYTHON.test(base)) python = true;
    else if (python && text === '-m') {
      const module = args[++index] ? textOf(args[index]!.value) : '';
      if (LAUNCHER_MODULES.has(module)) continue;
      return asLaunch(args, index, module, line);
    } else if (python && base.endsWith('.py')) return asLaunch(args, index, text, line);
  }
  return undefined;
}

function asLaunch(args: readonly Argument[], index: number, trainer: string, line: number): Launch | undefined {
  const overrides = args.slice(index + 1);
  const hydra = overrides.some(({ value }) => DOTTED_OVERRIDE.test(textOf(value)));
  if (!hydra && !trainer.startsWith('verl.trainer.')) return undefined;
  return { line, trainer, launcherOptions: args.slice(0, index), overrides };
}

function startsTrainerWithFlags(args: readonly Argument[]): boolean {
  const texts = args.map(({ value }) => textOf(value));
  return (
    texts.some((text) => PYTHON.test(text.slice(text.lastIndexOf('/') + 1))) && texts.some((text) => /^--\w/.test(text))
  );
}

function changeFolder(before: string | undefined, to: Value | undefined): string | undefined {
  if (before === undefined || to === undefined || missingOf(to).length > 0) return undefined;
  const text = textOf(to);
  return text.startsWith('/') ? text : `${before}/${text}`;
}

function reasonFor(name: string): string | undefined {
  if (name === '' || SILENT.test(name)) return undefined;
  if (DOTTED_OVERRIDE.test(name)) {
    return 'stands outside the command: a comment or a missing backslash above it ends the command, for the shell too';
  }
  return KNOWN_COMMANDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'a command of its own, which is not run';
}

function shortText(args: readonly Argument[]): string {
  const text = args
    .slice(0, 12)
    .map(({ value }) => textOf(value.slice(0, 12)))
    .join(' ')
    .replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function noLaunch(lines: readonly number[], flags: number | undefined, asked: number | undefined): StudioError {
  if (asked !== undefined && lines.length > 0) {
    return new StudioError('invalid-run', `No training is started on line ${asked}.`, {
      hint: `Trainings are started on line ${lines.join(', ')}.`,
    });
  }
  const hint =
    'Imported are commands such as "python -m verl.trainer.main_ppo data.train_files=...", also through ray job submit and torchrun.';
  if (flags === undefined) {
    return new StudioError('invalid-run', 'This script starts no training with Hydra overrides (name.name=value).', {
      hint,
    });
  }
  return new StudioError(
    'invalid-run',
    'The program started here is given --flags, not the Hydra overrides of verl and its recipes.',
    { where: { line: flags }, hint },
  );
}

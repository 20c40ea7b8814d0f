/** Takes each argument of a launch to its place in a run file, and says what became of it. */

import path from 'node:path';
import { StudioError } from '../../errors.ts';
import type { MethodId } from '../../methods/method.ts';
import { dataPath, type PathBase } from './data-paths.ts';
import type { Argument, Launch } from './find-launch.ts';
import type { ImportedOption } from './import-script.ts';
import { currentName, FIELD_OF_OPTION, LAUNCHER_OPTIONS, type RunField, withoutPlace } from './options.ts';
import { isNull, type Override, parseOverride, scalarOf, unquoted } from './overrides.ts';
import { type Missing, missingOf, textOf } from './shell-variables.ts';

interface Request {
  readonly script: string;
  readonly runFile: string;
  readonly method: MethodId;
  readonly engine: 'verl' | 'embedded';
}

/** A run file as it is written: its keys in the order of the format's description. */
interface RunFileDraft {
  name?: string;
  method: MethodId;
  data: { train: string; validation?: string; map?: Record<string, string> };
  engine: 'verl' | 'embedded';
  target?: string;
  base_model?: string;
  seed?: number;
  settings?: Record<string, number | boolean | string>;
}

type Outcome = Pick<ImportedOption, 'outcome' | 'field' | 'reason'>;

const LONGEST_NAME = 80;
const GREATEST_SEED = 0xffffffff;

export function assembleRunFile(launch: Launch, folder: string | undefined, request: Request) {
  return new Assembly(request, folder).assemble(launch);
}

class Assembly {
  readonly #request: Request;
  readonly #base: PathBase;
  readonly #options: ImportedOption[] = [];
  readonly #warnings: string[] = [];
  readonly #draft: Omit<RunFileDraft, 'data'> & { data: Partial<RunFileDraft['data']> };
  readonly #settings = new Map<string, number | boolean | string>();
  readonly #fields = new Map<RunField, Override>();
  #trainProblem: string | undefined;

  constructor(request: Request, folder: string | undefined) {
    this.#request = request;
    const scriptFolder = path.resolve(path.dirname(request.script), folder ?? '.');
    this.#base = { scriptFolder, runFileFolder: path.dirname(request.runFile) };
    this.#draft = { method: request.method, data: {}, engine: request.engine };
    if (folder === undefined) {
      this.#warnings.push(
        'the script changes to a folder that is not known here: relative paths are taken from its own',
      );
    }
  }

  assemble(launch: Launch): { file: RunFileDraft; options: ImportedOption[]; warnings: string[] } {
    const parsed = launch.overrides.map((argument) => ({ argument, override: parseOverride(argument) }));
    const last = new Map<string, Override>();
    for (const { override } of parsed) if (override) last.set(this.#canonical(override), override);
    for (const { argument, override } of parsed) {
      if (!override) this.#report(argument, nameOf(argument), '', this.#noOverride(argument));
      else this.#take(override, last.get(this.#canonical(override))!);
    }
    this.#launcher(launch.launcherOptions);
    const options = this.#options.toSorted((a, b) => a.line - b.line);
    return { file: this.#finish(launch), options, warnings: this.#warnings };
  }

  #canonical({ key }: Override): string {
    return currentName(key, this.#request.method);
  }

  #report({ line }: { readonly line: number }, option: string, value: string, outcome: Outcome): void {
    this.#options.push({ line, option, value, ...outcome });
  }

  #noOverride(argument: Argument): Outcome {
    const text = textOf(argument.value);
    const missing = missingOf(argument.value);
    if (missing.length > 0) return unresolved(missing);
    if (/^--?config-(?:path|name|dir)|^-c[pnd]/.test(text)) {
      return ignored(
        'options of another configuration file are not read: those that differ from the defaults are missing here',
      );
    }
    return ignored('no override of the form name=value');
  }

  #take(override: Override, last: Override): void {
    const { line, operator, key, text } = override;
    this.#report({ line }, `${operator}${key}`, text, this.#outcome(override, last));
  }

  #outcome(override: Override, last: Override): Outcome {
    const { line, operator, key, text, missing } = override;
    if (last !== override) {
      if (FIELD_OF_OPTION.get(key)?.startsWith('data.') && last.text !== text) {
        this.#warnings.push(
          `${key} is given twice: ${text} (line ${line}) and ${last.text} (line ${last.line}), which counts`,
        );
      }
      return ignored(`given again on line ${last.line}, and the last one counts`);
    }
    const reason = withoutPlace(key, this.#request.method);
    if (reason !== undefined) return ignored(reason);
    if (missing.length > 0) {
      if (FIELD_OF_OPTION.get(key) === 'data.train') this.#trainProblem = unresolvedText(missing);
      return unresolved(missing);
    }
    if (operator === '~') return ignored('removes an option, which settings cannot say');
    return this.#field(override) ?? this.#setting(override);
  }

  /** The field of the run file that an option is; undefined where it is none. */
  #field(override: Override): Outcome | undefined {
    const field = FIELD_OF_OPTION.get(override.key);
    if (field === undefined) return undefined;
    const other = this.#fields.get(field);
    if (other) {
      if (other.text !== override.text) {
        this.#warnings.push(`${override.key} (line ${override.line}) differs from ${other.key} (line ${other.line})`);
      }
      return undefined;
    }
    const problem = this.#setField(field, override);
    if (problem === undefined) {
      this.#fields.set(field, override);
      return { outcome: 'used', field };
    }
    if (field === 'data.train') this.#trainProblem = problem;
    return ignored(problem);
  }

  /** @returns why the option cannot be the field */
  #setField(field: RunField, { text }: Override): string | undefined {
    const draft = this.#draft;
    const value = unquoted(text);
    if (isNull(value)) return 'is null: the default';
    switch (field) {
      case 'data.train':
      case 'data.validation': {
        const found = dataPath(text, this.#base);
        if ('problem' in found) return found.problem;
        draft.data[field === 'data.train' ? 'train' : 'validation'] = found.path;
        return undefined;
      }
      case 'name':
        if (value.length > LONGEST_NAME)
          return `is longer than ${LONGEST_NAME} characters: the name is made from the data`;
        draft.name = value;
        return undefined;
      case 'base_model':
        if (draft.engine === 'embedded') return NO_BASE_MODEL;
        draft.base_model = /^\.\.?\//.test(value) ? this.#relative(value) : value;
        return undefined;
      case 'seed': {
        const seed = scalarOf(value);
        if (typeof seed !== 'number' || !Number.isInteger(seed) || seed < 0 || seed > GREATEST_SEED) {
          return `is no whole number from 0 to ${GREATEST_SEED}: the default seed is taken`;
        }
        draft.seed = seed;
        return undefined;
      }
      default: {
        const name = field.slice('data.map.'.length);
        // A map entry is an instruction: the same name twice says nothing.
        if (name === value) return 'the column is looked for by that name anyway';
        draft.data.map = { ...draft.data.map, [name]: value };
        return undefined;
      }
    }
  }

  get #isElsewhere(): boolean {
    return this.#base.scriptFolder !== this.#base.runFileFolder;
  }

  #relative(file: string): string {
    const found = path.relative(this.#base.runFileFolder, path.resolve(this.#base.scriptFolder, file));
    return `./${found.split(path.sep).join('/')}`.replace(/^\.\/\.\.\//, '../');
  }

  #setting(override: Override): Outcome {
    const { operator, key, text } = override;
    if (this.#request.engine === 'embedded') return ignored(NOT_EMBEDDED);
    const name = this.#canonical(override);
    // Where verl has renamed an option it is in verl's own configuration now: nothing has to be added to that.
    const setting = name === key ? `${operator}${key}` : name;
    this.#settings.set(setting, scalarOf(text));
    if (this.#isElsewhere && /\.py$/.test(unquoted(text)) && !path.isAbsolute(unquoted(text))) {
      this.#warnings.push(
        `${key} stays as it is, ${text}: relative to ${this.#base.scriptFolder}, not to the run file`,
      );
    }
    return { outcome: name === key ? 'kept' : 'renamed', field: `settings["${setting}"]` };
  }

  /** Options of torchrun and of ray job submit; the value follows an `=` or is the next argument. */
  #launcher(args: readonly Argument[]): void {
    for (let index = 0; index < args.length; index++) {
      const argument = args[index]!;
      const [name = '', ...rest] = textOf(argument.value).split('=');
      if (!LAUNCHER_OPTIONS.has(name) && name !== '--address') continue;
      const holder = rest.length > 0 ? argument : args[++index];
      if (!holder) continue;
      const value = rest.length > 0 ? rest.join('=') : textOf(holder.value);
      const missing = missingOf(holder.value);
      const outcome = missing.length > 0 ? unresolved(missing) : this.#launcherOption(name, value);
      this.#report(argument, name, value, outcome);
    }
  }

  #launcherOption(name: string, value: string): Outcome {
    if (this.#request.engine === 'embedded')
      return ignored('the embedded engine trains in one process on this machine');
    if (value === '') return ignored('is empty');
    if (name === '--address') {
      this.#draft.target = `ray:${value}`;
      return { outcome: 'used', field: 'target' };
    }
    const option = LAUNCHER_OPTIONS.get(name)!;
    if (this.#settings.has(option)) return ignored(`${option} is given`);
    if (!/^\d+$/.test(value)) return ignored('is no number');
    this.#settings.set(option, Number(value));
    return { outcome: 'renamed', field: `settings["${option}"]` };
  }

  #finish(launch: Launch): RunFileDraft {
    const { name, method, data, engine, target, base_model, seed } = this.#draft;
    const { train, validation, map } = data;
    if (train === undefined) throw this.#noTrainingData(launch);
    if (train === validation)
      this.#warnings.push('the validation data are the training data: what is measured there says nothing');
    return {
      ...(name === undefined ? {} : { name }),
      method,
      data: { train, ...(validation === undefined ? {} : { validation }), ...(map === undefined ? {} : { map }) },
      engine,
      ...(target === undefined ? {} : { target }),
      ...(base_model === undefined ? {} : { base_model }),
      ...(seed === undefined ? {} : { seed }),
      ...(this.#settings.size === 0 ? {} : { settings: Object.fromEntries(this.#settings) }),
    };
  }

  #noTrainingData(launch: Launch): StudioError {
    const given = this.#options.findLast(({ option }) => FIELD_OF_OPTION.get(option) === 'data.train');
    if (!given) {
      return new StudioError('invalid-run', 'The launch names no training data (data.train_files).', {
        where: { line: launch.line },
        hint: "It is in the trainer's own configuration file: add data.train_files=FILE to the command.",
      });
    }
    return new StudioError(
      'invalid-run',
      `The training data, data.train_files=${given.value}, ${this.#trainProblem}.`,
      {
        where: { line: given.line },
      },
    );
  }
}

const NOT_EMBEDDED = 'only the engine verl has it';
const NO_BASE_MODEL = 'the embedded engine needs no base model';

const ignored = (reason: string): Outcome => ({ outcome: 'ignored', reason });
const unresolved = (missing: readonly Missing[]): Outcome => ({
  outcome: 'unresolved',
  reason: unresolvedText(missing),
});

/** What would have to be known, and how to give it where that is possible. */
function unresolvedText(missing: readonly Missing[]): string {
  const [first] = missing;
  const names = [...new Set(missing.flatMap(({ name }) => name ?? []))];
  const hint = names.filter((name) => /^\w+$/.test(name)).map((name) => `--var ${name}=VALUE`);
  const what = [...new Set(missing.map(({ source }) => source))].join(', ');
  const how = hint.length === 0 ? '' : `: give ${hint.join(' ')}`;
  return `is known only when the script runs (${what}, line ${first!.line})${how}`;
}

/** Arguments of no form are named by their beginning. */
function nameOf({ value }: Argument): string {
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

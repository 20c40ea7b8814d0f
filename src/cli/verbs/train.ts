import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { openDataset } from '../../core/datasets/open.ts';
import { adviseMethods, recognise } from '../../core/datasets/recognise.ts';
import { StudioError } from '../../core/errors.ts';
import { METHODS, type Method, type MethodId } from '../../core/methods/method.ts';
import { describeInOneLine, lookBeforeStart } from '../../core/runs/before-start.ts';
import { describePreflight } from '../../core/runs/describe-preflight.ts';
import { type PreflightOptions, preflight } from '../../core/runs/preflight.ts';
import { prepareRun } from '../../core/runs/prepare.ts';
import { describeIssues } from '../../core/runs/schema-issues.ts';
import { parseRunFile, type RunFile, runFileSchema } from '../../core/runs/spec.ts';
import { startRun } from '../../core/runs/start.ts';
import {
  collectPair,
  interruptSignal,
  openStore,
  type PythonOption,
  parseMethod,
  parseSettings,
  parseWholeNumber,
  runtimeWithPython,
  withPythonOption,
} from '../arguments.ts';
import { followStarted } from '../follow-started.ts';
import { printJson, printLines } from '../output.ts';

interface TrainOptions extends PythonOption {
  readonly method?: Method;
  readonly validation?: string;
  readonly engine?: string;
  readonly target?: string;
  readonly baseModel?: string;
  readonly set?: Record<string, string>;
  readonly map?: Record<string, string>;
  readonly seed?: number;
  readonly name?: string;
  readonly experiment?: string;
  readonly dryRun?: boolean;
  readonly preflight: boolean;
  readonly json?: boolean;
}

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train a model from a dataset or a run file (*.rmrun.json)')
    .argument('<file>', 'dataset (file, folder or glob of shards) or run file')
    .option('--method <method>', 'bt, pointwise, pairwise or sft; the fitting one when left out', parseMethod)
    .option('--validation <file>', 'validation rows; else a share of the prompts is held out')
    .option('--engine <engine>', 'embedded, trl, verl or command')
    .option('--target <target>', 'local, ssh:HOST or ray:ADDRESS')
    .option('--base-model <path|id>', 'base model of the engines that need one')
    .option('--set <key=value>', 'a parameter of the engine; may be repeated', collectPair)
    .option('--map <field=column>', 'column that holds a field of the row shape; may be repeated', collectPair)
    .option('--seed <seed>', 'seed of everything random', parseWholeNumber)
    .option('--name <name>', 'name of the run')
    .option('--experiment <name>', 'what the run belongs to in lists')
    .option('--dry-run', 'check data, settings, engine and target, and show the exact command and files; start nothing')
    .option('--no-preflight', 'start without a look at Python, memory, disk and ports first (engine trl)')
    .option('--json', 'print the result as JSON');
  withPythonOption(command).action(train);
}

async function train(file: string, options: TrainOptions): Promise<void> {
  const signal = interruptSignal();
  const { request, baseFolder, runFile } = await readRequest(file, options, signal);
  const runtime = await runtimeWithPython(options);
  const store = openStore();
  if (options.dryRun) return dryRun(request, { baseFolder, store, runtime, signal }, options.json === true);
  const draft = await prepareRun(request, baseFolder, runtime.version, signal);
  if (options.preflight) await refuseObstacles(request, { baseFolder, store, runtime, signal });
  const started = await startRun(store, { ...draft, ...(runFile && { run_file: runFile }) }, runtime);
  await followStarted(started, { runtime, signal, json: options.json === true });
}

/** What would be started, without starting it; exit 1 where it could not be. */
async function dryRun(request: RunFile, options: PreflightOptions, json: boolean): Promise<void> {
  const report = await preflight(request, options);
  if (json) printJson(report);
  else printLines(describePreflight(report));
  if (!report.ok) process.exitCode = 1;
}

/** Warnings are told, and stop nothing. @throws StudioError 'not-available' with all that stands in the way */
async function refuseObstacles(request: RunFile, options: PreflightOptions): Promise<void> {
  const { checks, obstacles } = await lookBeforeStart(request, options);
  for (const { what, severity, detail } of checks) {
    if (severity === 'warning') process.stderr.write(`warning: ${what}: ${detail}\n`);
  }
  if (obstacles.length === 0) return;
  throw new StudioError('not-available', `The run was not started. ${describeInOneLine(obstacles)}`, {
    hint: '--dry-run shows the whole preflight, --no-preflight starts the run all the same.',
  });
}

async function readRequest(file: string, options: TrainOptions, signal: AbortSignal) {
  const overrides = {
    ...(options.method === undefined ? {} : { method: options.method.id }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.baseModel === undefined ? {} : { base_model: options.baseModel }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.experiment === undefined ? {} : { experiment: options.experiment }),
  };
  const settings = parseSettings(options.set ?? {});
  if (/\.rmrun\.json$/.test(file)) {
    const text = await readFile(file, 'utf8');
    const base = parseRunFile(text, file);
    const data = {
      ...base.data,
      ...(options.validation === undefined ? {} : { validation: path.resolve(options.validation) }),
      ...(options.map === undefined ? {} : { map: { ...base.data.map, ...options.map } }),
    };
    const request = checkRequest({ ...base, ...overrides, data, settings: { ...base.settings, ...settings } });
    return { request, baseFolder: path.dirname(path.resolve(file)), runFile: path.resolve(file) };
  }
  const method = options.method?.id ?? (await fittingMethod(file, options.map, signal));
  const data = {
    train: file,
    ...(options.validation === undefined ? {} : { validation: options.validation }),
    ...(options.map === undefined ? {} : { map: options.map }),
  };
  return { request: checkRequest({ data, settings, ...overrides, method }), baseFolder: process.cwd() };
}

function checkRequest(value: unknown): RunFile {
  const result = runFileSchema.safeParse(value);
  if (result.success) return result.data;
  throw new StudioError('usage', `The arguments make no run: ${describeIssues(result.error, runFileSchema)}.`);
}

/** The method the rows fit best, said aloud so that nothing is chosen in silence. */
async function fittingMethod(
  file: string,
  map: Record<string, string> | undefined,
  signal: AbortSignal,
): Promise<MethodId> {
  const dataset = await openDataset(file, signal);
  try {
    const advice = adviseMethods(await recognise(dataset, { signal, ...(map === undefined ? {} : { map }) }));
    const best = advice.find((entry) => entry.fits);
    if (!best) {
      throw new StudioError('unrecognised-shape', 'The rows fit no training method.', {
        where: { file },
        hint: 'Name the columns with --map field=column, or see "reward-studio check FILE --method METHOD".',
      });
    }
    process.stderr.write(`method: ${METHODS[best.method].title} (${best.reason})\n`);
    return best.method;
  } finally {
    await dataset.close();
  }
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { describeError, StudioError } from '../../core/errors.ts';
import { describeEvaluation, headline } from '../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../core/methods/method.ts';
import { RunObserver } from '../../core/runs/observe.ts';
import { stopRun } from '../../core/runs/start.ts';
import type { RunState } from '../../core/runs/state.ts';
import { openStore } from '../arguments.ts';
import { alignColumns, printJson, printLines } from '../output.ts';
import { describeRun } from '../run-text.ts';

interface JsonOption {
  readonly json?: boolean;
}

export function addRuns(program: Command): void {
  const runs = program.command('runs').description('list, show, read the log of, or stop runs of this folder');
  runs.command('list').description('all runs, newest first').option('--json', 'print as JSON').action(list);
  runs
    .command('show')
    .description('one run: what it does, how it stands, what came of it')
    .argument('<id>', 'id, start of an id, or name')
    .option('--json', 'print as JSON')
    .action(show);
  runs
    .command('logs')
    .description("what the run's trainer printed")
    .argument('<id>', 'id, start of an id, or name')
    .option('--json', 'print as JSON')
    .action(logs);
  runs
    .command('stop')
    .description('ask a run to stop, then make it')
    .argument('<id>', 'id, start of an id, or name')
    .option('--json', 'print as JSON')
    .action(stop);
}

async function list({ json }: JsonOption): Promise<void> {
  const store = openStore();
  const listing = await store.list();
  const states: RunState[] = [];
  for (const { folder, spec } of listing.runs) states.push(await new RunObserver(folder, spec).observe());
  for (const { folder, error } of listing.problems) {
    process.stderr.write(`warning: ${folder}: ${describeError(error)}\n`);
  }
  if (json) {
    printJson(states.map(describeRun));
    return;
  }
  if (states.length === 0) {
    printLines([`No runs in ${store.runsFolder}.`]);
    return;
  }
  printLines(
    alignColumns([
      ['ID', 'STATUS', 'METHOD', 'RESULT', 'NAME'],
      ...states.map((state) => [
        state.spec.id,
        state.status,
        METHODS[state.spec.method].title,
        (state.fold.result?.evaluation && headline(state.fold.result.evaluation)) ?? '',
        state.spec.name,
      ]),
    ]),
  );
}

async function show(id: string, { json }: JsonOption): Promise<void> {
  const { folder, spec } = await openStore().find(id);
  const state = await new RunObserver(folder, spec).observe();
  if (json) printJson(describeRun(state));
  else printLines(runLines(state));
}

async function stop(id: string, { json }: JsonOption): Promise<void> {
  const { folder, spec } = await openStore().find(id);
  const state = await stopRun(new RunObserver(folder, spec));
  if (json) printJson(describeRun(state));
  else printLines([`run ${spec.id}: ${state.status}`]);
}

async function logs(id: string, { json }: JsonOption): Promise<void> {
  const { folder } = await openStore().find(id);
  const found = await stat(folder.logFile).catch(() => undefined);
  if (!found) throw new StudioError('run-not-found', 'This run has no log.', { where: { file: folder.logFile } });
  if (json) {
    printJson({ log: folder.logFile, bytes: found.size });
    return;
  }
  await pipeline(createReadStream(folder.logFile), process.stdout, { end: false });
}

function runLines(state: RunState): string[] {
  const { spec, fold } = state;
  const rows = [
    ['id', spec.id],
    ['name', spec.name],
    ['status', state.status],
    ['method', METHODS[spec.method].title],
    ['engine', `${spec.engine} on ${spec.target}`],
    ['data', `${spec.data.train.path} (${spec.data.train.rows} rows, ${spec.data.train.fingerprint})`],
    ['validation', spec.data.validation?.path ?? 'a share of the training prompts'],
    ['seed', String(spec.seed)],
    [
      'settings',
      Object.entries(spec.settings)
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
    ],
    ['created', spec.created_at],
    ['folder', state.folder],
  ];
  const lines = alignColumns(rows);
  if (fold.step !== undefined) lines.push(`step ${fold.step}${fold.totalSteps ? ` of ${fold.totalSteps}` : ''}`);
  lines.push(...fold.warnings.map((warning) => `warning: ${warning}`));
  lines.push(...state.logProblems.map((problem) => `warning: damaged log line passed over: ${problem}`));
  if (fold.result?.evaluation)
    lines.push(...describeEvaluation(fold.result.evaluation).map((text) => `validation: ${text}`));
  if (state.failure) lines.push(`failed: ${describeError(state.failure)}`);
  return lines;
}

import type { Command } from 'commander';
import { describeError } from '../../../core/errors.ts';
import { describeEvaluation } from '../../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../../core/methods/method.ts';
import { describeRun } from '../../../core/runs/describe-run.ts';
import type { RunObserver } from '../../../core/runs/observe.ts';
import { describeRemaining, remainingMs } from '../../../core/runs/remaining-time.ts';
import type { RunState } from '../../../core/runs/state.ts';
import { interruptSignal } from '../../arguments.ts';
import { followRun } from '../../follow-run.ts';
import { alignColumns, printJson, printLines } from '../../output.ts';
import { viewRun } from '../../run-view.ts';
import { findRun, type JsonOption, RUN_ARGUMENT } from './find-run.ts';

interface ShowOptions extends JsonOption {
  readonly follow?: boolean;
}

export function addShowRun(runs: Command): void {
  runs
    .command('show')
    .description('one run: what it does, how it stands, what came of it')
    .argument('<id>', RUN_ARGUMENT)
    .option('--follow', 'stay with it until it has ended; Ctrl+C leaves it as it is')
    .option('--json', 'print as JSON; with --follow, when it has ended')
    .action(show);
}

async function show(id: string, { json, follow }: ShowOptions): Promise<void> {
  const observer = await findRun(id);
  const state = follow ? await followShown(observer, json === true) : await observer.observe();
  if (json) printJson(describeRun(state));
  else printLines(runLines(state));
}

function followShown(observer: RunObserver, json: boolean): Promise<RunState> {
  const view = json ? undefined : viewRun(process.stdout, { lines: true });
  return followRun(observer, { signal: interruptSignal(), show: async (state) => view?.show(state) });
}

function runLines(state: RunState): string[] {
  const { spec, fold } = state;
  const { train, validation } = spec.data;
  const rows = [
    ['id', spec.id],
    ['name', spec.name],
    ...(spec.experiment === undefined ? [] : [['experiment', spec.experiment]]),
    ['status', state.status],
    ['method', METHODS[spec.method].title],
    ...(spec.imported
      ? [['imported', `from ${spec.imported.path} (${spec.imported.format})`]]
      : [
          ['engine', `${spec.engine} on ${spec.target}`],
          ['data', `${train.path} (${train.rows} rows, ${train.fingerprint})`],
          ['validation', validation?.path ?? 'a share of the training prompts'],
          ['seed', String(spec.seed)],
          [
            'settings',
            Object.entries(spec.settings)
              .map(([key, value]) => `${key}=${value}`)
              .join(' '),
          ],
        ]),
    ['created', spec.created_at],
    ['folder', state.folder],
  ];
  const lines = alignColumns(rows);
  const left = remainingMs(state);
  if (fold.step !== undefined) {
    const total = fold.totalSteps ? ` of ${fold.totalSteps}` : '';
    lines.push(`step ${fold.step}${total}${left === undefined ? '' : `, ${describeRemaining(left)}`}`);
  }
  lines.push(...fold.warnings.map((warning) => `warning: ${warning}`));
  lines.push(...fold.alerts.map(({ message, hint }) => `alert: ${message} ${hint}`));
  lines.push(...state.logProblems.map((problem) => `warning: damaged log line passed over: ${problem}`));
  if (fold.result?.evaluation)
    lines.push(...describeEvaluation(fold.result.evaluation).map((text) => `validation: ${text}`));
  if (state.failure) lines.push(`failed: ${describeError(state.failure)}`);
  return lines;
}
